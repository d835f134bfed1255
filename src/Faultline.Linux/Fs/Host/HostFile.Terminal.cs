using Faultline.Linux.Abi;
using Faultline.Linux.Abi.Files;
using Faultline.Linux.Abi.Signals;
using Faultline.Linux.Fs.Pty;
using Faultline.Linux.Kernel;
using Faultline.Linux.Vfs;
using static Faultline.Linux.Abi.Files.IoctlRequests;

namespace Faultline.Linux.Fs.Host;

// Job control on a terminal of the host: the host knows this process alone, so which group of guests is in front is kept here.
internal sealed partial class HostFile
{
    private bool? _isTerminal;

    /// <summary>A terminal of the host.</summary>
    private bool IsTerminal => _isTerminal ??= _type == ModeBits.S_IFCHR && _fileSystem.Host.Terminal.IsTerminal(Handle);

    /// <summary>May the calling guest read: 0, -EIO, or -ERESTARTSYS after SIGTTIN.</summary>
    private int CheckForeground()
    {
        if (!IsTerminal || Task.Current is not { } task)
            return 0;
        TerminalTable table = task.Kernel.Terminals;
        return table.HostForegroundGroup == 0 || !table.HasHostTerminal(task.Process) ? 0 : table.CheckGroup(task, table.HostForegroundGroup, Sig.SIGTTIN);
    }

    /// <summary>The requests about sessions and groups; false for any other.</summary>
    private bool TryJobControl(uint request, in ControlArgument argument, out long result)
    {
        result = -Errno.ENOTTY;
        if (request is not (TIOCGPGRP or TIOCSPGRP or TIOCGSID or TIOCSCTTY or TIOCNOTTY) || Task.Current is not { } task || !IsTerminal)
            return false;
        TerminalTable table = task.Kernel.Terminals;
        if (!table.HasHostTerminal(task.Process))
        {
            // The host's terminal stays the first session's.
            result = request == TIOCSCTTY ? -Errno.EPERM : -Errno.ENOTTY;
            return true;
        }
        switch (request)
        {
            case TIOCGPGRP:
                result = argument.WriteInt(table.HostForegroundGroup != 0 ? table.HostForegroundGroup : task.Kernel.Host.Identity.ProcessGroup);
                return true;
            case TIOCGSID:
                result = argument.WriteInt(task.Process.Session);
                return true;
            case TIOCSPGRP:
                result = SetForeground(table, task, argument);
                return true;
            default:
                result = request == TIOCSCTTY ? 0 : -Errno.EPERM;
                return true;
        }
    }

    private static long SetForeground(TerminalTable table, Task task, in ControlArgument argument)
    {
        int present = table.HostForegroundGroup != 0 ? table.HostForegroundGroup : task.Kernel.Host.Identity.ProcessGroup;
        if (table.CheckGroup(task, present, Sig.SIGTTOU) is < 0 and int denied)
            return denied;
        Span<byte> wanted = stackalloc byte[sizeof(int)];
        if (!argument.TryRead(wanted))
            return -Errno.EFAULT;
        int group = BitConverter.ToInt32(wanted);
        int error = table.CheckNewForeground(task.Process, group);
        if (error == 0)
            table.HostForegroundGroup = group;
        return error;
    }
}
