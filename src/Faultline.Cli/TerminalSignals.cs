using System.Runtime.InteropServices;
using Faultline.Linux.Abi.Signals;

namespace Faultline.Cli;

/// <summary>
/// Keys and windows of the terminal: the host sends their signals to this process, for which they are not meant. They go to the guests in front.
/// </summary>
internal sealed class TerminalSignals : IDisposable
{
    private readonly List<PosixSignalRegistration> _registrations = [];

    /// <summary>Starts to pass signals on.</summary>
    public TerminalSignals(Machine machine)
    {
        if (OperatingSystem.IsWindows())
            return;
        ReadOnlySpan<(PosixSignal Host, int Guest)> signals =
        [
            (PosixSignal.SIGINT, Sig.SIGINT), (PosixSignal.SIGQUIT, Sig.SIGQUIT), (PosixSignal.SIGWINCH, Sig.SIGWINCH), (PosixSignal.SIGTERM, Sig.SIGTERM), (PosixSignal.SIGHUP, Sig.SIGHUP),
        ];
        foreach ((PosixSignal host, int guest) in signals)
        {
            _registrations.Add(PosixSignalRegistration.Create(host, context =>
            {
                context.Cancel = true;
                machine.SignalFromTerminal(guest);
            }));
        }
        _registrations.Add(PosixSignalRegistration.Create(PosixSignal.SIGTSTP, context => context.Cancel = machine.StopFromTerminal()));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (PosixSignalRegistration registration in _registrations)
            registration.Dispose();
    }
}
