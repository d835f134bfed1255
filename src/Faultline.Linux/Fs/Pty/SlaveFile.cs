using Faultline.Linux.Abi;
using Faultline.Linux.Abi.Files;
using Faultline.Linux.Abi.Signals;
using Faultline.Linux.Fs.Tree;
using Faultline.Linux.Vfs;

namespace Faultline.Linux.Fs.Pty;

/// <summary>An open slave of a pseudo-terminal: the terminal that programs see.</summary>
internal sealed class SlaveFile(TreeNode node, Terminal terminal, int flags, string path) : TreeOpenFile(node, flags, path)
{
    /// <inheritdoc/>
    public override bool IsStream => true;

    /// <inheritdoc/>
    public override long Activity => terminal.Queue.Version;

    /// <inheritdoc/>
    public override long Read(Span<byte> buffer)
    {
        if (!terminal.IsMasterOpen)
            return 0;
        int error = terminal.Table.CheckChange(terminal, Sig.SIGTTIN);
        return error < 0 ? error : terminal.ReadSlave(buffer, IsNonBlocking);
    }

    /// <inheritdoc/>
    public override long Write(ReadOnlySpan<byte> buffer)
    {
        if (terminal.IsMasterOpen && terminal.Settings.HasLocal(Termios.TOSTOP) && terminal.Table.CheckChange(terminal, Sig.SIGTTOU) is < 0 and int error)
            return error;
        return terminal.WriteSlave(buffer);
    }

    /// <inheritdoc/>
    public override PollEvents Poll(WaitSet? wait)
    {
        wait?.Add(terminal.Queue);
        return terminal.PollSlave();
    }

    /// <inheritdoc/>
    public override long Control(uint request, in ControlArgument argument)
    {
        // After a hang-up nothing answers but this (hung_up_tty_ioctl).
        if (!terminal.IsMasterOpen)
            return request == IoctlRequests.TIOCSPGRP ? -Errno.ENOTTY : -Errno.EIO;
        return request == IoctlRequests.FIONREAD ? argument.WriteInt(terminal.InputCount) : TerminalControl.Control(terminal, isMaster: false, request, argument);
    }

    /// <inheritdoc/>
    protected override void OnClose() => terminal.CloseSlave();
}
