using System.Text;
using Faultline.Linux.Abi.Signals;

namespace Faultline.Linux.Syscalls.Strace;

/// <summary>Prints siginfo_t and signal sets as strace does.</summary>
internal static class SignalPrinter
{
    /// <summary>Appends <c>{si_signo=SIGSEGV, si_code=SEGV_MAPERR, si_addr=NULL}</c>.</summary>
    public static void Append(StringBuilder line, in Siginfo info)
    {
        line.Append("{si_signo=").Append(Sig.Name(info.si_signo)).Append(", si_code=").Append(Sig.CodeName(info.si_signo, info.si_code));
        switch (info.si_code)
        {
            case Sig.SI_USER:
            case Sig.SI_TKILL:
                AppendSender(line, info);
                break;
            case Sig.SI_QUEUE:
                AppendSender(line, info);
                AppendValue(line, info);
                break;
            case Sig.SI_TIMER:
                line.Append(", si_timerid=").Append(info.si_tid).Append(", si_overrun=").Append(info.si_overrun);
                AppendValue(line, info);
                break;
            case Sig.SI_KERNEL when info.si_signo is not (Sig.SIGSEGV or Sig.SIGBUS or Sig.SIGFPE or Sig.SIGILL):
                break;
            default:
                AppendOwn(line, info);
                break;
        }
        line.Append('}');
    }

    /// <summary>Appends a set: <c>[INT TERM]</c>, or its complement with a tilde when that is shorter.</summary>
    public static void AppendSet(StringBuilder line, ulong set)
    {
        // strace prints the complement once more than two thirds of the signals are in the set.
        bool inverted = System.Numerics.BitOperations.PopCount(set) >= 64 * 2 / 3;
        if (inverted)
        {
            line.Append('~');
            set = ~set;
        }
        line.Append('[');
        bool first = true;
        for (int signal = 1; signal <= Sig.SIGRTMAX; signal++)
        {
            if ((set & Sig.Bit(signal)) == 0)
                continue;
            if (!first)
                line.Append(' ');
            first = false;
            line.Append(Sig.Name(signal).AsSpan(3));
        }
        line.Append(']');
    }

    private static void AppendSender(StringBuilder line, in Siginfo info) =>
        line.Append(", si_pid=").Append(info.si_pid).Append(", si_uid=").Append(info.si_uid);

    private static void AppendValue(StringBuilder line, in Siginfo info)
    {
        line.Append(", si_value={int=").Append((int)info.si_value).Append(", ptr=");
        ArgumentPrinter.AppendAddress(line, info.si_value);
        line.Append('}');
    }

    private static void AppendOwn(StringBuilder line, in Siginfo info)
    {
        switch (info.si_signo)
        {
            case Sig.SIGILL or Sig.SIGFPE or Sig.SIGSEGV or Sig.SIGBUS or Sig.SIGTRAP:
                line.Append(", si_addr=");
                ArgumentPrinter.AppendAddress(line, info.si_addr);
                break;
            case Sig.SIGCHLD:
                AppendSender(line, info);
                line.Append(", si_status=").Append(info.si_code == Sig.CLD_EXITED ? info.si_status.ToString() : Sig.Name(info.si_status));
                line.Append(", si_utime=").Append(info.si_utime).Append(", si_stime=").Append(info.si_stime);
                break;
        }
    }
}
