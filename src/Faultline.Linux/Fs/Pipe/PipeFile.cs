using Faultline.Linux.Abi;
using Faultline.Linux.Abi.Files;
using Faultline.Linux.Fs.Tree;
using Faultline.Linux.Vfs;
using static Faultline.Linux.Abi.Files.OpenFlags;

namespace Faultline.Linux.Fs.Pipe;

/// <summary>An end of a pipe or of a FIFO, or both ends.</summary>
internal sealed class PipeFile : OpenFile
{
    private readonly Pipe _pipe;
    private readonly uint _userId;
    private readonly uint _groupId;
    private readonly TreeNode? _node;
    private readonly string? _path;
    private readonly long _writersSeen;
    private readonly long _readersSeen;

    /// <summary>Opens an end; which one the access mode says.</summary>
    public PipeFile(Pipe pipe, int flags, uint userId, uint groupId)
        : base(flags)
    {
        _pipe = pipe;
        _userId = userId;
        _groupId = groupId;
        // A pipe whose writer went before this end existed has hung up all the same.
        _writersSeen = -1;
        pipe.Open(CanRead, CanWrite);
    }

    /// <summary>Opens a FIFO of this kernel's own file systems.</summary>
    public PipeFile(Pipe pipe, int flags, TreeNode node, string path)
        : base(flags)
    {
        _pipe = pipe;
        _node = node;
        _path = path;
        (_readersSeen, _writersSeen) = (pipe.ReaderOpens, pipe.WriterOpens);
        pipe.Open(CanRead, CanWrite);
    }

    /// <summary>The pipe.</summary>
    public Pipe Pipe => _pipe;

    /// <inheritdoc/>
    public override string Path => _path ?? $"pipe:[{_pipe.Inode}]";

    /// <inheritdoc/>
    public override bool IsStream => true;

    /// <inheritdoc/>
    public override bool IsPipe => true;

    /// <inheritdoc/>
    public override long Activity => _pipe.Queue.Version;

    /// <summary>Makes both ends of a new pipe.</summary>
    public static (PipeFile Reader, PipeFile Writer) Create(int flags, uint userId, uint groupId)
    {
        Pipe pipe = new();
        flags &= O_NONBLOCK | O_DIRECT;
        return (new PipeFile(pipe, (flags & ~O_DIRECT) | O_RDONLY, userId, groupId), new PipeFile(pipe, flags | O_WRONLY, userId, groupId));
    }

    /// <summary>Opening a FIFO waits for the other end (fifo_open).</summary>
    public override int FinishOpen(IWaiter waiter)
    {
        if (_node is null || (CanRead && CanWrite))
            return 0;
        if (IsNonBlocking)
            return CanWrite && !_pipe.HasReaders ? -Errno.ENXIO : 0;
        using WaitSet set = new(waiter);
        while (true)
        {
            set.Clear();
            set.Add(_pipe.Queue);
            // Whoever came and went meanwhile counts too.
            bool met = CanRead ? _pipe.HasWriters || _pipe.WriterOpens != _writersSeen : _pipe.HasReaders || _pipe.ReaderOpens != _readersSeen;
            if (met)
                return 0;
            if (set.Sleep(long.MaxValue) == -Errno.EINTR)
                return -Errno.ERESTARTSYS;
        }
    }

    /// <inheritdoc/>
    public override long Read(Span<byte> buffer) => _pipe.Read(buffer);

    /// <inheritdoc/>
    public override long Write(ReadOnlySpan<byte> buffer) => _pipe.Write(buffer, (Flags & O_DIRECT) != 0);

    /// <inheritdoc/>
    public override int Stat(out FileStatus status)
    {
        if (_node is not null)
            return _node.Stat(out status);
        status = AnonymousFile.PipeStatus(_pipe.Inode, _userId, _groupId);
        return 0;
    }

    /// <inheritdoc/>
    public override int StatFileSystem(out FileSystemStatus status)
    {
        status = AnonymousFile.FileSystemOf(_node?.FileSystem.Magic ?? AnonymousFile.PIPEFS_MAGIC);
        return 0;
    }

    /// <inheritdoc/>
    public override int ChangeMode(uint mode) => _node?.ChangeMode(mode) ?? base.ChangeMode(mode);

    /// <inheritdoc/>
    public override int ChangeOwner(uint user, uint group) => _node?.ChangeOwner(user, group) ?? base.ChangeOwner(user, group);

    /// <inheritdoc/>
    public override int SetTimes(FileTime accessed, FileTime modified) => _node?.SetTimes(accessed, modified) ?? base.SetTimes(accessed, modified);

    /// <inheritdoc/>
    public override int Reopen(int flags, out OpenFile? file)
    {
        file = _node is null ? new PipeFile(_pipe, flags, _userId, _groupId) : new PipeFile(_pipe, flags, _node, Path);
        return 0;
    }

    /// <inheritdoc/>
    public override long Control(uint request, in ControlArgument argument) =>
        request == IoctlRequests.FIONREAD ? argument.WriteInt(_pipe.Count) : -Errno.ENOTTY;

    /// <inheritdoc/>
    public override long FileControl(int command, ulong argument) => command switch
    {
        FcntlCommands.F_GETPIPE_SZ => _pipe.Capacity,
        FcntlCommands.F_SETPIPE_SZ => _pipe.Resize((uint)argument),
        _ => base.FileControl(command, argument),
    };

    /// <inheritdoc/>
    public override PollEvents Poll(WaitSet? wait)
    {
        wait?.Add(_pipe.Queue);
        return _pipe.Poll(CanRead, CanWrite, _writersSeen);
    }

    /// <inheritdoc/>
    protected override void OnClose() => _pipe.Close(CanRead, CanWrite);
}
