namespace Faultline.Linux.Abi.Signals;

/// <summary>Signal numbers, action flags and codes with x86-64's values (<c>asm/signal.h</c>, <c>asm-generic/siginfo.h</c>).</summary>
internal static class Sig
{
    public const int SIGHUP = 1;
    public const int SIGINT = 2;
    public const int SIGQUIT = 3;
    public const int SIGILL = 4;
    public const int SIGTRAP = 5;
    public const int SIGABRT = 6;
    public const int SIGBUS = 7;
    public const int SIGFPE = 8;
    public const int SIGKILL = 9;
    public const int SIGUSR1 = 10;
    public const int SIGSEGV = 11;
    public const int SIGUSR2 = 12;
    public const int SIGPIPE = 13;
    public const int SIGALRM = 14;
    public const int SIGTERM = 15;
    public const int SIGSTKFLT = 16;
    public const int SIGCHLD = 17;
    public const int SIGCONT = 18;
    public const int SIGSTOP = 19;
    public const int SIGTSTP = 20;
    public const int SIGTTIN = 21;
    public const int SIGTTOU = 22;
    public const int SIGURG = 23;
    public const int SIGXCPU = 24;
    public const int SIGXFSZ = 25;
    public const int SIGVTALRM = 26;
    public const int SIGPROF = 27;
    public const int SIGWINCH = 28;
    public const int SIGIO = 29;
    public const int SIGPWR = 30;
    public const int SIGSYS = 31;

    /// <summary>First real-time signal of the kernel; C libraries keep the first two or three for themselves.</summary>
    public const int SIGRTMIN = 32;

    /// <summary>Highest signal number (_NSIG).</summary>
    public const int SIGRTMAX = 64;

    public const ulong SIG_DFL = 0;
    public const ulong SIG_IGN = 1;

    public const int SIG_BLOCK = 0;
    public const int SIG_UNBLOCK = 1;
    public const int SIG_SETMASK = 2;

    public const ulong SA_NOCLDSTOP = 1;
    public const ulong SA_NOCLDWAIT = 2;
    public const ulong SA_SIGINFO = 4;
    public const ulong SA_UNSUPPORTED = 0x400;
    public const ulong SA_EXPOSE_TAGBITS = 0x800;
    public const ulong SA_RESTORER = 0x0400_0000;
    public const ulong SA_ONSTACK = 0x0800_0000;
    public const ulong SA_RESTART = 0x1000_0000;
    public const ulong SA_NODEFER = 0x4000_0000;
    public const ulong SA_RESETHAND = 0x8000_0000;

    /// <summary>The flags x86-64's sigaction keeps; others are dropped so that a program can tell (UAPI_SA_FLAGS with SA_RESTORER).</summary>
    public const ulong SA_SUPPORTED = SA_NOCLDSTOP | SA_NOCLDWAIT | SA_SIGINFO | SA_ONSTACK | SA_RESTART | SA_NODEFER | SA_RESETHAND | SA_EXPOSE_TAGBITS
        | SA_RESTORER;

    public const int SS_ONSTACK = 1;
    public const int SS_DISABLE = 2;
    public const int SS_AUTODISARM = unchecked((int)0x8000_0000);

    /// <summary>Smallest alternate stack that sigaltstack accepts.</summary>
    public const int MINSIGSTKSZ = 2048;

    public const int SI_USER = 0;
    public const int SI_KERNEL = 0x80;
    public const int SI_QUEUE = -1;
    public const int SI_TIMER = -2;
    public const int SI_MESGQ = -3;
    public const int SI_ASYNCIO = -4;
    public const int SI_SIGIO = -5;
    public const int SI_TKILL = -6;
    public const int SI_DETHREAD = -7;
    public const int SI_ASYNCNL = -60;

    public const int ILL_ILLOPC = 1;
    public const int ILL_ILLOPN = 2;
    public const int ILL_ILLADR = 3;
    public const int ILL_ILLTRP = 4;
    public const int ILL_PRVOPC = 5;
    public const int ILL_PRVREG = 6;
    public const int ILL_COPROC = 7;
    public const int ILL_BADSTK = 8;
    public const int ILL_BADIADDR = 9;

    public const int FPE_INTDIV = 1;
    public const int FPE_INTOVF = 2;
    public const int FPE_FLTDIV = 3;
    public const int FPE_FLTOVF = 4;
    public const int FPE_FLTUND = 5;
    public const int FPE_FLTRES = 6;
    public const int FPE_FLTINV = 7;
    public const int FPE_FLTSUB = 8;
    public const int FPE_FLTUNK = 14;
    public const int FPE_CONDTRAP = 15;

    public const int SEGV_MAPERR = 1;
    public const int SEGV_ACCERR = 2;
    public const int SEGV_BNDERR = 3;
    public const int SEGV_PKUERR = 4;
    public const int SEGV_ACCADI = 5;
    public const int SEGV_ADIDERR = 6;
    public const int SEGV_ADIPERR = 7;
    public const int SEGV_MTEAERR = 8;
    public const int SEGV_MTESERR = 9;
    public const int SEGV_CPERR = 10;

    public const int BUS_ADRALN = 1;
    public const int BUS_ADRERR = 2;
    public const int BUS_OBJERR = 3;
    public const int BUS_MCEERR_AR = 4;
    public const int BUS_MCEERR_AO = 5;

    public const int TRAP_BRKPT = 1;
    public const int TRAP_TRACE = 2;
    public const int TRAP_BRANCH = 3;
    public const int TRAP_HWBKPT = 4;
    public const int TRAP_UNK = 5;
    public const int TRAP_PERF = 6;

    public const int CLD_EXITED = 1;
    public const int CLD_KILLED = 2;
    public const int CLD_DUMPED = 3;
    public const int CLD_TRAPPED = 4;
    public const int CLD_STOPPED = 5;
    public const int CLD_CONTINUED = 6;

    public const int POLL_IN = 1;
    public const int POLL_OUT = 2;
    public const int POLL_MSG = 3;
    public const int POLL_ERR = 4;
    public const int POLL_PRI = 5;
    public const int POLL_HUP = 6;

    public const int SYS_SECCOMP = 1;
    public const int SYS_USER_DISPATCH = 2;

    /// <summary>Whether a number names a signal.</summary>
    public static bool IsValid(int signal) => signal is >= 1 and <= SIGRTMAX;

    /// <summary>The bit of a signal in a <c>sigset_t</c>.</summary>
    public static ulong Bit(int signal) => 1UL << (signal - 1);

    /// <summary>The name (<c>SIGSEGV</c>, <c>SIGRT_3</c>), or the decimal number for one that is none.</summary>
    public static string Name(int signal) => signal switch
    {
        SIGHUP => "SIGHUP",
        SIGINT => "SIGINT",
        SIGQUIT => "SIGQUIT",
        SIGILL => "SIGILL",
        SIGTRAP => "SIGTRAP",
        SIGABRT => "SIGABRT",
        SIGBUS => "SIGBUS",
        SIGFPE => "SIGFPE",
        SIGKILL => "SIGKILL",
        SIGUSR1 => "SIGUSR1",
        SIGSEGV => "SIGSEGV",
        SIGUSR2 => "SIGUSR2",
        SIGPIPE => "SIGPIPE",
        SIGALRM => "SIGALRM",
        SIGTERM => "SIGTERM",
        SIGSTKFLT => "SIGSTKFLT",
        SIGCHLD => "SIGCHLD",
        SIGCONT => "SIGCONT",
        SIGSTOP => "SIGSTOP",
        SIGTSTP => "SIGTSTP",
        SIGTTIN => "SIGTTIN",
        SIGTTOU => "SIGTTOU",
        SIGURG => "SIGURG",
        SIGXCPU => "SIGXCPU",
        SIGXFSZ => "SIGXFSZ",
        SIGVTALRM => "SIGVTALRM",
        SIGPROF => "SIGPROF",
        SIGWINCH => "SIGWINCH",
        SIGIO => "SIGIO",
        SIGPWR => "SIGPWR",
        SIGSYS => "SIGSYS",
        SIGRTMIN => "SIGRTMIN",
        > SIGRTMIN and <= SIGRTMAX => "SIGRT_" + (signal - SIGRTMIN).ToString(),
        _ => signal.ToString(),
    };

    /// <summary>The description of strsignal(3) in the C locale.</summary>
    public static string Describe(int signal) => signal switch
    {
        SIGHUP => "Hangup",
        SIGINT => "Interrupt",
        SIGQUIT => "Quit",
        SIGILL => "Illegal instruction",
        SIGTRAP => "Trace/breakpoint trap",
        SIGABRT => "Aborted",
        SIGBUS => "Bus error",
        SIGFPE => "Floating point exception",
        SIGKILL => "Killed",
        SIGUSR1 => "User defined signal 1",
        SIGSEGV => "Segmentation fault",
        SIGUSR2 => "User defined signal 2",
        SIGPIPE => "Broken pipe",
        SIGALRM => "Alarm clock",
        SIGTERM => "Terminated",
        SIGSTKFLT => "Stack fault",
        SIGCHLD => "Child exited",
        SIGCONT => "Continued",
        SIGSTOP => "Stopped (signal)",
        SIGTSTP => "Stopped",
        SIGTTIN => "Stopped (tty input)",
        SIGTTOU => "Stopped (tty output)",
        SIGURG => "Urgent I/O condition",
        SIGXCPU => "CPU time limit exceeded",
        SIGXFSZ => "File size limit exceeded",
        SIGVTALRM => "Virtual timer expired",
        SIGPROF => "Profiling timer expired",
        SIGWINCH => "Window changed",
        SIGIO => "I/O possible",
        SIGPWR => "Power failure",
        SIGSYS => "Bad system call",
        >= SIGRTMIN and <= SIGRTMAX => "Real-time signal " + (signal - SIGRTMIN).ToString(),
        _ => "Unknown signal " + signal.ToString(),
    };

    /// <summary>The name of an <c>si_code</c> for a signal, or the number.</summary>
    public static string CodeName(int signal, int code) => (signal, code) switch
    {
        (_, SI_USER) => "SI_USER",
        (_, SI_KERNEL) => "SI_KERNEL",
        (_, SI_QUEUE) => "SI_QUEUE",
        (_, SI_TIMER) => "SI_TIMER",
        (_, SI_MESGQ) => "SI_MESGQ",
        (_, SI_ASYNCIO) => "SI_ASYNCIO",
        (_, SI_SIGIO) => "SI_SIGIO",
        (_, SI_TKILL) => "SI_TKILL",
        (_, SI_DETHREAD) => "SI_DETHREAD",
        (_, SI_ASYNCNL) => "SI_ASYNCNL",
        (SIGILL, ILL_ILLOPC) => "ILL_ILLOPC",
        (SIGILL, ILL_ILLOPN) => "ILL_ILLOPN",
        (SIGILL, ILL_ILLADR) => "ILL_ILLADR",
        (SIGILL, ILL_ILLTRP) => "ILL_ILLTRP",
        (SIGILL, ILL_PRVOPC) => "ILL_PRVOPC",
        (SIGILL, ILL_PRVREG) => "ILL_PRVREG",
        (SIGILL, ILL_COPROC) => "ILL_COPROC",
        (SIGILL, ILL_BADSTK) => "ILL_BADSTK",
        (SIGILL, ILL_BADIADDR) => "ILL_BADIADDR",
        (SIGFPE, FPE_INTDIV) => "FPE_INTDIV",
        (SIGFPE, FPE_INTOVF) => "FPE_INTOVF",
        (SIGFPE, FPE_FLTDIV) => "FPE_FLTDIV",
        (SIGFPE, FPE_FLTOVF) => "FPE_FLTOVF",
        (SIGFPE, FPE_FLTUND) => "FPE_FLTUND",
        (SIGFPE, FPE_FLTRES) => "FPE_FLTRES",
        (SIGFPE, FPE_FLTINV) => "FPE_FLTINV",
        (SIGFPE, FPE_FLTSUB) => "FPE_FLTSUB",
        (SIGFPE, FPE_FLTUNK) => "FPE_FLTUNK",
        (SIGFPE, FPE_CONDTRAP) => "FPE_CONDTRAP",
        (SIGSEGV, SEGV_MAPERR) => "SEGV_MAPERR",
        (SIGSEGV, SEGV_ACCERR) => "SEGV_ACCERR",
        (SIGSEGV, SEGV_BNDERR) => "SEGV_BNDERR",
        (SIGSEGV, SEGV_PKUERR) => "SEGV_PKUERR",
        (SIGSEGV, SEGV_ACCADI) => "SEGV_ACCADI",
        (SIGSEGV, SEGV_ADIDERR) => "SEGV_ADIDERR",
        (SIGSEGV, SEGV_ADIPERR) => "SEGV_ADIPERR",
        (SIGSEGV, SEGV_MTEAERR) => "SEGV_MTEAERR",
        (SIGSEGV, SEGV_MTESERR) => "SEGV_MTESERR",
        (SIGSEGV, SEGV_CPERR) => "SEGV_CPERR",
        (SIGBUS, BUS_ADRALN) => "BUS_ADRALN",
        (SIGBUS, BUS_ADRERR) => "BUS_ADRERR",
        (SIGBUS, BUS_OBJERR) => "BUS_OBJERR",
        (SIGBUS, BUS_MCEERR_AR) => "BUS_MCEERR_AR",
        (SIGBUS, BUS_MCEERR_AO) => "BUS_MCEERR_AO",
        (SIGTRAP, TRAP_BRKPT) => "TRAP_BRKPT",
        (SIGTRAP, TRAP_TRACE) => "TRAP_TRACE",
        (SIGTRAP, TRAP_BRANCH) => "TRAP_BRANCH",
        (SIGTRAP, TRAP_HWBKPT) => "TRAP_HWBKPT",
        (SIGTRAP, TRAP_UNK) => "TRAP_UNK",
        (SIGTRAP, TRAP_PERF) => "TRAP_PERF",
        (SIGCHLD, CLD_EXITED) => "CLD_EXITED",
        (SIGCHLD, CLD_KILLED) => "CLD_KILLED",
        (SIGCHLD, CLD_DUMPED) => "CLD_DUMPED",
        (SIGCHLD, CLD_TRAPPED) => "CLD_TRAPPED",
        (SIGCHLD, CLD_STOPPED) => "CLD_STOPPED",
        (SIGCHLD, CLD_CONTINUED) => "CLD_CONTINUED",
        (SIGIO, POLL_IN) => "POLL_IN",
        (SIGIO, POLL_OUT) => "POLL_OUT",
        (SIGIO, POLL_MSG) => "POLL_MSG",
        (SIGIO, POLL_ERR) => "POLL_ERR",
        (SIGIO, POLL_PRI) => "POLL_PRI",
        (SIGIO, POLL_HUP) => "POLL_HUP",
        (SIGSYS, SYS_SECCOMP) => "SYS_SECCOMP",
        (SIGSYS, SYS_USER_DISPATCH) => "SYS_USER_DISPATCH",
        _ => code.ToString(),
    };
}
