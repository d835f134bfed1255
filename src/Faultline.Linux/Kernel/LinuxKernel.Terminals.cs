using Faultline.Linux.Abi.Signals;
using Faultline.Linux.Fs.Pty;

namespace Faultline.Linux.Kernel;

// Terminals.
internal sealed partial class LinuxKernel
{
    private TerminalTable? _terminals;

    /// <summary>Pseudo-terminals and whom they control.</summary>
    public TerminalTable Terminals => Volatile.Read(ref _terminals) ?? Interlocked.CompareExchange(ref _terminals, new TerminalTable(this), null) ?? _terminals;

    /// <summary>A signal of the host's terminal to this process, for the guests in front; with nobody put in front, for the group that was started.</summary>
    public void SignalFromTerminal(int signal)
    {
        int group = Terminals.HostForegroundGroup != 0 ? Terminals.HostForegroundGroup : Host.Identity.ProcessGroup;
        _ = SendToGroup(group, new Siginfo { si_signo = signal, si_code = Sig.SI_KERNEL });
    }

    /// <summary>The stop key of the host's terminal: a job that a guest has put in front stops. False when it means the program that was started, and with it this process.</summary>
    public bool StopFromTerminal()
    {
        if (Terminals.HostForegroundGroup == 0 || Terminals.HostForegroundGroup == Host.Identity.ProcessGroup)
            return false;
        SignalFromTerminal(Sig.SIGTSTP);
        return true;
    }

    /// <summary>A process ends: a session's leader gives up the terminal.</summary>
    public void LeaveTerminal(Process process) => Volatile.Read(ref _terminals)?.Leave(process);
}
