using Faultline.Linux.Fs.Pty;

namespace Faultline.Linux.Kernel;

// Terminals.
internal sealed partial class LinuxKernel
{
    private TerminalTable? _terminals;

    /// <summary>Pseudo-terminals and whom they control.</summary>
    public TerminalTable Terminals => Volatile.Read(ref _terminals) ?? Interlocked.CompareExchange(ref _terminals, new TerminalTable(this), null) ?? _terminals;

    /// <summary>A process ends: a session's leader gives up the terminal.</summary>
    public void LeaveTerminal(Process process) => Volatile.Read(ref _terminals)?.Leave(process);
}
