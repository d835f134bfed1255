using System.Runtime.InteropServices;
using Faultline.Linux.Abi;
using Faultline.Linux.Abi.Files;
using Faultline.Linux.Abi.Signals;
using Faultline.Linux.Kernel;
using Faultline.Linux.Vfs;
using static Faultline.Linux.Abi.Files.IoctlRequests;

namespace Faultline.Linux.Fs.Pty;

/// <summary>ioctl(2) of both ends of a pseudo-terminal (ioctl_tty(2)); settings are always the slave's.</summary>
internal static class TerminalControl
{
    /// <summary>Major number of slaves (UNIX98_PTY_SLAVE_MAJOR) and of masters.</summary>
    private const uint SlaveMajor = 136, MasterMajor = 128;

    /// <summary>Carries out a request; -ENOTTY for one that terminals do not have.</summary>
    public static long Control(Terminal terminal, bool isMaster, uint request, in ControlArgument argument)
    {
        switch (request)
        {
            case TCGETS:
                return WriteSettings(terminal, argument, Termios.ShortSize);
            case TCGETS2:
                return WriteSettings(terminal, argument, Termios.Size);
            case TCSETS or TCSETSW or TCSETSF:
                return ReadSettings(terminal, isMaster, argument, Termios.ShortSize, request == TCSETSF);
            case TCSETS2 or TCSETSW2 or TCSETSF2:
                return ReadSettings(terminal, isMaster, argument, Termios.Size, request == TCSETSF2);
            case TIOCGWINSZ:
                ulong size = terminal.WindowSize;
                return argument.Write(MemoryMarshal.AsBytes(new ReadOnlySpan<ulong>(in size)));
            case TIOCSWINSZ:
                Span<byte> wanted = stackalloc byte[sizeof(ulong)];
                if (!argument.TryRead(wanted))
                    return -Errno.EFAULT;
                if (terminal.Resize(BitConverter.ToUInt64(wanted)))
                    terminal.Table.Signal(terminal, Sig.SIGWINCH);
                return 0;
            case TCSBRK or TCSBRKP:
                // A master that does not read would make a drain wait for ever; what is written counts as sent.
                return isMaster ? 0 : terminal.Table.CheckChange(terminal, Sig.SIGTTOU);
            case TCXONC:
                return Flow(terminal, isMaster, (int)argument.Value);
            case TCFLSH:
                return Flush(terminal, isMaster, (int)argument.Value);
            case TIOCOUTQ:
                return argument.WriteInt(isMaster ? 0 : terminal.OutputCount);
            case TIOCEXCL or TIOCNXCL:
                terminal.IsExclusive = request == TIOCEXCL;
                return 0;
            case TIOCGEXCL:
                return argument.WriteInt(terminal.IsExclusive ? 1 : 0);
            case TIOCGETD:
                return argument.WriteInt(0);
            case TIOCSETD:
                Span<byte> line = stackalloc byte[sizeof(int)];
                return !argument.TryRead(line) ? -Errno.EFAULT : BitConverter.ToInt32(line) == 0 ? 0 : -Errno.EINVAL;
            case TIOCGDEV:
                return argument.WriteInt((int)FileStatus.EncodeDevice(isMaster ? MasterMajor : SlaveMajor, (uint)terminal.Number));
            case TIOCSTI:
                return -Errno.EIO;
            default:
                return JobControl(terminal, isMaster, request, argument);
        }
    }

    private static long JobControl(Terminal terminal, bool isMaster, uint request, in ControlArgument argument)
    {
        if (Task.Current is not { } task)
            return -Errno.ENOTTY;
        Process process = task.Process;
        TerminalTable table = terminal.Table;
        bool controls = ReferenceEquals(table.Of(process), terminal);
        switch (request)
        {
            case TIOCSCTTY:
                return isMaster ? -Errno.EPERM : table.Take(terminal, process, argument.Value == 1);
            case TIOCNOTTY:
                if (!controls)
                    return -Errno.ENOTTY;
                table.Leave(process);
                return 0;
            case TIOCGPGRP:
                return controls || isMaster ? argument.WriteInt(terminal.ForegroundGroup) : -Errno.ENOTTY;
            case TIOCSPGRP:
                if (table.CheckChange(terminal, Sig.SIGTTOU) is < 0 and int denied)
                    return denied;
                if (!controls)
                    return -Errno.ENOTTY;
                Span<byte> wanted = stackalloc byte[sizeof(int)];
                if (!argument.TryRead(wanted))
                    return -Errno.EFAULT;
                int group = BitConverter.ToInt32(wanted);
                int error = table.CheckNewForeground(process, group);
                if (error == 0)
                    terminal.ForegroundGroup = group;
                return error;
            case TIOCGSID:
                return (controls || isMaster) && terminal.Session != 0 ? argument.WriteInt(terminal.Session) : -Errno.ENOTTY;
            default:
                return -Errno.ENOTTY;
        }
    }

    private static long WriteSettings(Terminal terminal, in ControlArgument argument, int size)
    {
        Termios settings = terminal.Settings;
        return argument.Write(MemoryMarshal.AsBytes(new ReadOnlySpan<Termios>(in settings))[..size]);
    }

    private static long ReadSettings(Terminal terminal, bool isMaster, in ControlArgument argument, int size, bool flushesInput)
    {
        if (!isMaster && terminal.Table.CheckChange(terminal, Sig.SIGTTOU) is < 0 and int error)
            return error;
        Termios settings = terminal.Settings;
        if (!argument.TryRead(MemoryMarshal.AsBytes(new Span<Termios>(ref settings))[..size]))
            return -Errno.EFAULT;
        const uint characterSize = 0x30, eightBits = 0x30, parity = 0x100, read = 0x80;
        // A pseudo-terminal has eight bits without parity, and always reads (pty_set_termios).
        settings.c_cflag = (settings.c_cflag & ~(characterSize | parity)) | eightBits | read;
        terminal.Apply(settings, flushesInput);
        return 0;
    }

    private static long Flow(Terminal terminal, bool isMaster, int action)
    {
        const int stopOutput = 0, startOutput = 1, stopInput = 2, startInput = 3;
        if (!isMaster && terminal.Table.CheckChange(terminal, Sig.SIGTTOU) is < 0 and int error)
            return error;
        switch (action)
        {
            case stopOutput or startOutput:
                terminal.SetStopped(action == stopOutput);
                return 0;
            case stopInput or startInput:
                return 0;
            default:
                return -Errno.EINVAL;
        }
    }

    private static long Flush(Terminal terminal, bool isMaster, int queue)
    {
        if (!isMaster && terminal.Table.CheckChange(terminal, Sig.SIGTTOU) is < 0 and int error)
            return error;
        if (queue is < 0 or > 2)
            return -Errno.EINVAL;
        // The master's input is the slave's output.
        terminal.Flush(input: isMaster ? queue != 0 : queue != 1, output: isMaster ? queue != 1 : queue != 0);
        return 0;
    }
}
