using Faultline.Linux.Abi;
using Faultline.Linux.Abi.Files;
using Faultline.Linux.Vfs;
using static Faultline.Linux.Abi.Files.OpenFlags;

namespace Faultline.Linux.Fs.Pipe;

/// <summary>An end of a pipe, or both.</summary>
internal sealed class PipeFile : OpenFile
{
    private readonly Pipe _pipe;
    private readonly uint _userId;
    private readonly uint _groupId;

    /// <summary>Opens an end; which one the access mode says.</summary>
    public PipeFile(Pipe pipe, int flags, uint userId, uint groupId)
        : base(flags)
    {
        _pipe = pipe;
        _userId = userId;
        _groupId = groupId;
        pipe.Open(CanRead, CanWrite);
    }

    /// <summary>The pipe.</summary>
    public Pipe Pipe => _pipe;

    /// <inheritdoc/>
    public override string Path => $"pipe:[{_pipe.Inode}]";

    /// <inheritdoc/>
    public override bool IsStream => true;

    /// <inheritdoc/>
    public override long Activity => _pipe.Queue.Version;

    /// <summary>Makes both ends of a new pipe.</summary>
    public static (PipeFile Reader, PipeFile Writer) Create(int flags, uint userId, uint groupId)
    {
        Pipe pipe = new();
        flags &= O_NONBLOCK;
        return (new PipeFile(pipe, flags | O_RDONLY, userId, groupId), new PipeFile(pipe, flags | O_WRONLY, userId, groupId));
    }

    /// <inheritdoc/>
    public override long Read(Span<byte> buffer) => _pipe.Read(buffer);

    /// <inheritdoc/>
    public override long Write(ReadOnlySpan<byte> buffer) => _pipe.Write(buffer);

    /// <inheritdoc/>
    public override int Stat(out FileStatus status)
    {
        status = AnonymousFile.PipeStatus(_pipe.Inode, _userId, _groupId);
        return 0;
    }

    /// <inheritdoc/>
    public override int StatFileSystem(out FileSystemStatus status)
    {
        status = AnonymousFile.FileSystemOf(AnonymousFile.PIPEFS_MAGIC);
        return 0;
    }

    /// <inheritdoc/>
    public override int Reopen(int flags, out OpenFile? file)
    {
        file = new PipeFile(_pipe, flags, _userId, _groupId);
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
        return _pipe.Poll(CanRead, CanWrite);
    }

    /// <inheritdoc/>
    protected override void OnClose() => _pipe.Close(CanRead, CanWrite);
}
