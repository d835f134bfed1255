using Faultline.Linux.Abi;
using Faultline.Linux.Abi.Files;
using Faultline.Linux.Fs.Tree;
using Faultline.Linux.Kernel;
using Faultline.Linux.Vfs;
using static Faultline.Linux.Abi.Files.IoctlRequests;

namespace Faultline.Linux.Fs.Pty;

/// <summary>The master of a pseudo-terminal: what opening /dev/ptmx gives.</summary>
internal sealed class MasterFile(TreeNode node, Terminal terminal, Func<OpenFile?> openSlave, int flags, string path) : TreeOpenFile(node, flags, path)
{
    /// <inheritdoc/>
    public override bool IsStream => true;

    /// <inheritdoc/>
    public override long Activity => terminal.Queue.Version;

    /// <inheritdoc/>
    public override long Read(Span<byte> buffer) => terminal.ReadMaster(buffer);

    /// <inheritdoc/>
    public override long Write(ReadOnlySpan<byte> buffer) => terminal.WriteMaster(buffer);

    /// <inheritdoc/>
    public override PollEvents Poll(WaitSet? wait)
    {
        wait?.Add(terminal.Queue);
        return terminal.PollMaster();
    }

    /// <inheritdoc/>
    public override long Control(uint request, in ControlArgument argument)
    {
        Span<byte> four = stackalloc byte[sizeof(int)];
        switch (request)
        {
            case TIOCGPTN:
                return argument.WriteInt(terminal.Number);
            case TIOCSPTLCK:
                if (!argument.TryRead(four))
                    return -Errno.EFAULT;
                terminal.IsLocked = BitConverter.ToInt32(four) != 0;
                return 0;
            case TIOCGPTLCK:
                return argument.WriteInt(terminal.IsLocked ? 1 : 0);
            case TIOCPKT:
                if (!argument.TryRead(four))
                    return -Errno.EFAULT;
                terminal.IsPacketMode = BitConverter.ToInt32(four) != 0;
                return 0;
            case TIOCGPKT:
                return argument.WriteInt(terminal.IsPacketMode ? 1 : 0);
            case TIOCSIG:
                if (argument.Value is < 1 or > 64)
                    return -Errno.EINVAL;
                terminal.Table.Signal(terminal, (int)argument.Value);
                return 0;
            case TIOCGPTPEER:
                if (Task.Current is not { } task || openSlave() is not { } slave)
                    return -Errno.EIO;
                return task.Process.Files.Add(slave, ((int)argument.Value & OpenFlags.O_CLOEXEC) != 0);
            case FIONREAD:
                return argument.WriteInt(terminal.OutputCount);
            default:
                return TerminalControl.Control(terminal, isMaster: true, request, argument);
        }
    }

    /// <inheritdoc/>
    protected override void OnClose() => terminal.CloseMaster();
}
