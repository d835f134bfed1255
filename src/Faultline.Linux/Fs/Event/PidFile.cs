using Faultline.Linux.Abi.Files;
using Faultline.Linux.Kernel;
using Faultline.Linux.Vfs;

namespace Faultline.Linux.Fs.Event;

/// <summary>A descriptor that stands for a process (pidfd_open(2)): readable when the process has ended.</summary>
internal sealed class PidFile(Process process, int flags) : OpenFile(flags | OpenFlags.O_RDWR)
{
    private readonly ulong _inode = AnonymousFile.NextInode();

    /// <summary>The process, ended or not.</summary>
    public Process Process { get; } = process;

    /// <inheritdoc/>
    public override string Path => "anon_inode:[pidfd]";

    /// <inheritdoc/>
    public override bool IsStream => true;

    /// <inheritdoc/>
    public override long Activity => Process.EndQueue.Version;

    /// <inheritdoc/>
    public override PollEvents Poll(WaitSet? wait)
    {
        wait?.Add(Process.EndQueue);
        return Process.HasEnded ? PollEvents.POLLIN | PollEvents.POLLRDNORM : 0;
    }

    /// <inheritdoc/>
    public override int Stat(out FileStatus status)
    {
        status = AnonymousFile.StatusOf(_inode, 0, 0);
        return 0;
    }

    /// <inheritdoc/>
    public override int StatFileSystem(out FileSystemStatus status)
    {
        status = AnonymousFile.FileSystemOf(AnonymousFile.ANON_INODE_FS_MAGIC);
        return 0;
    }
}
