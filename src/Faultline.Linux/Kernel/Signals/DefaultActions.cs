using static Faultline.Linux.Abi.Signals.Sig;

namespace Faultline.Linux.Kernel.Signals;

/// <summary>The default action of each signal, and the sets that Linux treats specially (<c>linux/signal.h</c>).</summary>
internal static class DefaultActions
{
    /// <summary>Signals that can be neither blocked, caught nor ignored.</summary>
    public const ulong Unblockable = (1UL << (SIGKILL - 1)) | (1UL << (SIGSTOP - 1));

    /// <summary>Signals of the current instruction: delivered before all others (SYNCHRONOUS_MASK).</summary>
    public const ulong Synchronous = (1UL << (SIGSEGV - 1)) | (1UL << (SIGBUS - 1)) | (1UL << (SIGILL - 1)) | (1UL << (SIGTRAP - 1))
        | (1UL << (SIGFPE - 1)) | (1UL << (SIGSYS - 1));

    /// <summary>Signals that stop by default.</summary>
    public const ulong Stops = (1UL << (SIGSTOP - 1)) | (1UL << (SIGTSTP - 1)) | (1UL << (SIGTTIN - 1)) | (1UL << (SIGTTOU - 1));

    /// <summary>The default action of a signal.</summary>
    public static DefaultAction Of(int signal) => signal switch
    {
        SIGCONT or SIGCHLD or SIGWINCH or SIGURG => DefaultAction.Ignore,
        SIGSTOP or SIGTSTP or SIGTTIN or SIGTTOU => DefaultAction.Stop,
        SIGQUIT or SIGILL or SIGTRAP or SIGABRT or SIGFPE or SIGSEGV or SIGBUS or SIGSYS or SIGXCPU or SIGXFSZ => DefaultAction.CoreDump,
        _ => DefaultAction.Terminate,
    };
}
