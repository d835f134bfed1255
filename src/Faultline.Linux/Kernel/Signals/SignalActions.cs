using Faultline.Linux.Abi.Signals;

namespace Faultline.Linux.Kernel.Signals;

/// <summary>
/// What each signal does in a process (Linux's sighand_struct): shared by threads, copied by fork, reset by execve. Guarded by
/// <see cref="Process.SignalLock"/>.
/// </summary>
internal sealed class SignalActions
{
    private readonly KernelSigaction[] _actions = new KernelSigaction[Sig.SIGRTMAX];

    /// <summary>The action of a signal, 1 to 64.</summary>
    public ref KernelSigaction this[int signal] => ref _actions[signal - 1];

    /// <summary>execve: handlers go back to the default, ignored signals stay ignored.</summary>
    public void ResetForExecute()
    {
        foreach (ref KernelSigaction action in _actions.AsSpan())
            action = new() { sa_handler = action.sa_handler == Sig.SIG_IGN ? Sig.SIG_IGN : Sig.SIG_DFL };
    }

    /// <summary>Ignores signals, bit N-1 for signal N.</summary>
    public void Ignore(ulong signals)
    {
        for (int signal = 1; signal <= Sig.SIGRTMAX; signal++)
        {
            if ((signals & Sig.Bit(signal)) != 0)
                this[signal].sa_handler = Sig.SIG_IGN;
        }
    }

    /// <summary>A copy for a child process.</summary>
    public SignalActions Clone()
    {
        SignalActions copy = new();
        _actions.CopyTo(copy._actions, 0);
        return copy;
    }

    /// <summary>Whether a signal would do nothing: ignored, or default and ignored by default (sig_handler_ignored).</summary>
    public bool IsIgnored(int signal)
    {
        ulong handler = this[signal].sa_handler;
        return handler == Sig.SIG_IGN || (handler == Sig.SIG_DFL && DefaultActions.Of(signal) == DefaultAction.Ignore);
    }
}
