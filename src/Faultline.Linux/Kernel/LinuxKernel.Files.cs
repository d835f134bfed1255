using Faultline.Linux.Abi.Files;
using Faultline.Linux.Fs.Host;
using Faultline.Linux.Vfs;

namespace Faultline.Linux.Kernel;

// What the first process finds of files.
internal sealed partial class LinuxKernel
{
    /// <summary>Mounts the file systems that are not the host's.</summary>
    partial void MountSpecialFiles();

    private void InheritStreams(FdTable files)
    {
        Stream?[] redirected = [Options.StandardInput, Options.StandardOutput, Options.StandardError];
        for (int fd = 0; fd <= 2; fd++)
        {
            OpenFile? file = redirected[fd] is { } stream
                ? new StreamFile(stream, fd == 0 ? OpenFlags.O_RDONLY : OpenFlags.O_WRONLY, (ulong)fd + 1, Host.Identity.UserId, Host.Identity.GroupId)
                : HostFile.OfInherited(Vfs.HostFiles, fd);
            if (file is not null)
                _ = files.Replace(fd, file, closeOnExec: false);
        }
    }
}
