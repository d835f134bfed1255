using Faultline.Linux.Abi;
using Faultline.Linux.Abi.Files;
using Faultline.Linux.Host;
using Faultline.Linux.Vfs;

namespace Faultline.Linux.Fs.Event;

/// <summary>
/// An inotify instance (inotify(7)): one of the host's, which watches files of the host. What guests do to such files they do through the host, so it tells of that
/// as of what the host's programs do, in the same records.
/// </summary>
internal sealed class InotifyFile(IHost host, int handle, int flags, uint userId, uint groupId) : OpenFile(flags)
{
    private readonly ulong _inode = AnonymousFile.NextInode();
    private long _looks;

    /// <summary>The host's handle.</summary>
    public int Handle { get; } = handle;

    /// <inheritdoc/>
    public override string Path => "anon_inode:inotify";

    /// <inheritdoc/>
    public override bool IsStream => true;

    /// <summary>The host tells of no edges: each look counts as new.</summary>
    public override long Activity => Interlocked.Increment(ref _looks);

    /// <inheritdoc/>
    public override long Read(Span<byte> buffer) => host.Files.Read(Handle, buffer);

    /// <inheritdoc/>
    public override int Stat(out FileStatus status)
    {
        status = AnonymousFile.StatusOf(_inode, userId, groupId);
        return 0;
    }

    /// <inheritdoc/>
    public override int StatFileSystem(out FileSystemStatus status)
    {
        status = AnonymousFile.FileSystemOf(AnonymousFile.ANON_INODE_FS_MAGIC);
        return 0;
    }

    /// <inheritdoc/>
    public override long Control(uint request, in ControlArgument argument)
    {
        if (request != IoctlRequests.FIONREAD)
            return -Errno.ENOTTY;
        Span<byte> count = stackalloc byte[sizeof(int)];
        int result = host.Terminal.Control(Handle, request, count);
        return result < 0 ? result : argument.Write(count);
    }

    /// <inheritdoc/>
    public override PollEvents Poll(WaitSet? wait)
    {
        wait?.Add(Handle, PollEvents.POLLIN);
        HostPollItem item = new() { Handle = Handle, Wanted = (short)PollEvents.POLLIN };
        return host.Poll.Wait(new Span<HostPollItem>(ref item), 0) > 0 ? PollEvents.POLLIN | PollEvents.POLLRDNORM : PollEvents.None;
    }

    /// <inheritdoc/>
    protected override void OnClose() => _ = host.Files.Close(Handle);
}
