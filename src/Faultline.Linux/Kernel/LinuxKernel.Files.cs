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
        for (int fd = 0; fd <= 2; fd++)
        {
            if (HostFile.OfInherited(Vfs.HostFiles, fd) is { } file)
                _ = files.Replace(fd, file, closeOnExec: false);
        }
    }
}
