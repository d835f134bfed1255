using Faultline.Linux.Abi.Signals;

namespace Faultline.Explain.Decode.Numbers;

/// <summary>Signals by number or name, and what an <c>si_code</c> says.</summary>
internal static class SignalDecoder
{
    private const string Source = "signal(7), sigaction(2); include/uapi/asm-generic/siginfo.h";

    private static readonly Dictionary<string, string> _meanings = new(StringComparer.Ordinal)
    {
        ["SI_USER"] = "sent by kill, or raise",
        ["SI_KERNEL"] = "sent by the kernel, which knows no address: for SIGSEGV a general protection fault, a non-canonical address most often",
        ["SI_QUEUE"] = "sent by sigqueue",
        ["SI_TIMER"] = "a POSIX timer",
        ["SI_MESGQ"] = "a message queue",
        ["SI_ASYNCIO"] = "asynchronous input or output",
        ["SI_SIGIO"] = "queued SIGIO",
        ["SI_TKILL"] = "sent by tkill or tgkill; abort() of the C library",
        ["SI_DETHREAD"] = "execve killed this thread",
        ["SI_ASYNCNL"] = "an asynchronous name lookup",
        ["ILL_ILLOPC"] = "illegal opcode",
        ["ILL_ILLOPN"] = "illegal operand; x86-64 Linux gives it for #UD",
        ["ILL_ILLADR"] = "illegal addressing mode",
        ["ILL_ILLTRP"] = "illegal trap",
        ["ILL_PRVOPC"] = "privileged opcode",
        ["ILL_PRVREG"] = "privileged register",
        ["ILL_COPROC"] = "coprocessor error",
        ["ILL_BADSTK"] = "internal stack error",
        ["ILL_BADIADDR"] = "unimplemented instruction address",
        ["FPE_INTDIV"] = "integer division by zero, or a quotient that does not fit",
        ["FPE_INTOVF"] = "integer overflow",
        ["FPE_FLTDIV"] = "floating-point division by zero",
        ["FPE_FLTOVF"] = "floating-point overflow",
        ["FPE_FLTUND"] = "floating-point underflow",
        ["FPE_FLTRES"] = "inexact floating-point result",
        ["FPE_FLTINV"] = "invalid floating-point operation",
        ["FPE_FLTSUB"] = "subscript out of range",
        ["FPE_FLTUNK"] = "floating-point exception of unknown kind",
        ["FPE_CONDTRAP"] = "trap on a condition",
        ["SEGV_MAPERR"] = "si_addr is in no mapping",
        ["SEGV_ACCERR"] = "si_addr is in a mapping that forbids the access",
        ["SEGV_BNDERR"] = "a bounds check failed",
        ["SEGV_PKUERR"] = "a protection key forbids the access; si_pkey has it",
        ["SEGV_ACCADI"] = "memory tagging is not enabled here (SPARC)",
        ["SEGV_ADIDERR"] = "the tag of a write did not match (SPARC)",
        ["SEGV_ADIPERR"] = "the tag of a read did not match (SPARC)",
        ["SEGV_MTEAERR"] = "a memory tag did not match, noticed later (arm64)",
        ["SEGV_MTESERR"] = "a memory tag did not match (arm64)",
        ["SEGV_CPERR"] = "control-flow protection: a return address differed from the shadow stack's, or a branch missed its landing pad",
        ["BUS_ADRALN"] = "misaligned address",
        ["BUS_ADRERR"] = "no such memory behind a mapping: past the end of a file most often",
        ["BUS_OBJERR"] = "hardware error of the object",
        ["BUS_MCEERR_AR"] = "hardware memory error that this access consumed",
        ["BUS_MCEERR_AO"] = "hardware memory error elsewhere in the process",
        ["TRAP_BRKPT"] = "a breakpoint; x86-64 Linux gives SI_KERNEL for INT3",
        ["TRAP_TRACE"] = "single step",
        ["TRAP_BRANCH"] = "a branch that was traced",
        ["TRAP_HWBKPT"] = "a hardware breakpoint or watchpoint",
        ["TRAP_UNK"] = "a trap of unknown kind",
        ["TRAP_PERF"] = "a performance event with a signal",
        ["CLD_EXITED"] = "the child exited",
        ["CLD_KILLED"] = "a signal killed the child",
        ["CLD_DUMPED"] = "a signal killed the child, which left a core file",
        ["CLD_TRAPPED"] = "the traced child trapped",
        ["CLD_STOPPED"] = "the child stopped",
        ["CLD_CONTINUED"] = "the child went on",
        ["POLL_IN"] = "there is data to read",
        ["POLL_OUT"] = "there is room to write",
        ["POLL_MSG"] = "there is a message",
        ["POLL_ERR"] = "an error of the device",
        ["POLL_PRI"] = "there is urgent data",
        ["POLL_HUP"] = "the other side hung up",
        ["SYS_SECCOMP"] = "a seccomp filter said SECCOMP_RET_TRAP",
        ["SYS_USER_DISPATCH"] = "the system call came from outside the area that prctl(PR_SET_SYSCALL_USER_DISPATCH) allows",
    };

    /// <summary>Decodes <c>NUMBER-OR-NAME [SI_CODE]</c>.</summary>
    public static DecodeOutcome Decode(DecodeRequest request)
    {
        if (request.Words.Count is 0 or > 2)
            return DecodeOutcome.Fail("a signal is a number or a name, and after it may come its si_code");
        if (FindSignal(request.Words[0].Trim()) is not { } signal)
            return DecodeOutcome.Fail($"no signal '{ValueText.Shown(request.Words[0])}': they run from 1 to {Sig.SIGRTMAX}");
        Decoded decoded = new()
        {
            Title = $"signal {signal}: {Sig.Name(signal)}, {Sig.Describe(signal)}",
            Source = Source,
            Notes = signal is Sig.SIGRTMIN or Sig.SIGRTMIN + 1 ? ["C libraries keep it for themselves: cancelling threads, changing credentials."] : [],
        };
        if (request.Words.Count == 1)
            return decoded with { Fields = [.. Codes(signal).Select(code => Field(signal, code))] };
        string word = request.Words[1].Trim();
        if (FindCode(signal, word) is not { } number)
            return DecodeOutcome.Fail($"'{ValueText.Shown(word)}' is no si_code of {Sig.Name(signal)}");
        return decoded with { Fields = [Field(signal, number)] };
    }

    private static int? FindSignal(string word)
    {
        if (ValueText.TryDecimal(word, out ulong number, out _) && number is >= 1 and <= Sig.SIGRTMAX)
            return (int)number;
        string name = word.StartsWith("SIG", StringComparison.OrdinalIgnoreCase) ? word : "SIG" + word;
        for (int signal = 1; signal <= Sig.SIGRTMAX; signal++)
        {
            if (Sig.Name(signal).Equals(name, StringComparison.OrdinalIgnoreCase))
                return signal;
        }
        return name.ToUpperInvariant() switch
        {
            "SIGPOLL" => Sig.SIGIO,
            "SIGIOT" => Sig.SIGABRT,
            "SIGCLD" => Sig.SIGCHLD,
            "SIGRTMAX" => Sig.SIGRTMAX,
            _ => null,
        };
    }

    private static int? FindCode(int signal, string word)
    {
        foreach (int code in Codes(signal))
        {
            if (Sig.CodeName(signal, code).Equals(word, StringComparison.OrdinalIgnoreCase))
                return code;
        }
        if (!ValueText.TryDecimal(word, out ulong number, out _))
            return null;
        long signed = number is > int.MaxValue and <= uint.MaxValue ? (int)number : (long)number;
        return signed is >= int.MinValue and <= int.MaxValue ? (int)signed : null;
    }

    /// <summary>The codes that have a name, those of the signal first.</summary>
    private static IEnumerable<int> Codes(int signal) =>
        Enumerable.Range(1, 16).Concat([Sig.SI_KERNEL, Sig.SI_USER]).Concat(Enumerable.Range(1, 60).Select(n => -n))
            .Where(code => !char.IsAsciiDigit(Sig.CodeName(signal, code)[^1]));

    private static DecodedField Field(int signal, int code)
    {
        string name = Sig.CodeName(signal, code);
        return new("si_code", char.IsAsciiDigit(name[^1]) ? "?" : name, $"{code}", _meanings.GetValueOrDefault(name,
            code > 0 ? "not one that the kernel gives with this signal" : "set by a program"));
    }
}
