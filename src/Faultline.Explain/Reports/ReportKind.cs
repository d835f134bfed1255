namespace Faultline.Explain.Reports;

/// <summary>What sort of thing a report reports.</summary>
internal enum ReportKind
{
    /// <summary>A kernel oops whose header names nothing more specific.</summary>
    Oops,

    /// <summary><c>kernel BUG at FILE:LINE!</c>: an assertion.</summary>
    Bug,

    /// <summary><c>WARNING: CPU: n PID: n at FILE:LINE</c>: the kernel went on.</summary>
    Warning,

    /// <summary><c>Kernel panic - not syncing</c> without an oops before it.</summary>
    Panic,

    /// <summary>A general protection fault in the kernel.</summary>
    GeneralProtection,

    /// <summary>A page fault in the kernel at an address that is no small offset from zero.</summary>
    PageFault,

    /// <summary>A page fault in the kernel at zero or a small offset from it.</summary>
    NullDereference,

    /// <summary>An invalid opcode in the kernel that is no assertion.</summary>
    InvalidOpcode,

    /// <summary>A double fault, or a stack guard page hit.</summary>
    DoubleFault,

    /// <summary>A kCFI check that failed: an indirect call to a function of another type.</summary>
    CfiFailure,

    /// <summary>A divide error in the kernel.</summary>
    DivideError,

    /// <summary>Any other processor exception in the kernel (stack segment, alignment check, ...): the title names it.</summary>
    Trap,

    /// <summary>A processor that did not schedule for a long time.</summary>
    SoftLockup,

    /// <summary>A processor that took no interrupts for a long time.</summary>
    HardLockup,

    /// <summary>RCU found processors or tasks that do not reach a quiescent state.</summary>
    RcuStall,

    /// <summary>A task that has slept uninterruptibly for a long time.</summary>
    HungTask,

    /// <summary>A linked list whose neighbours do not point back.</summary>
    ListCorruption,

    /// <summary>A stack canary that was overwritten.</summary>
    StackProtector,

    /// <summary>Messages of kexec_file_load(2): relocations, purgatory.</summary>
    Kexec,

    /// <summary>A free page whose poison was overwritten, dumped in hexadecimal.</summary>
    PagePoison,

    /// <summary>A report of KASAN, KFENCE, KMSAN, KCSAN or UBSAN.</summary>
    Sanitizer,

    /// <summary>A damaged slab object.</summary>
    Slab,

    /// <summary>A page in a state it should not have (<c>BUG: Bad page state</c>, <c>Bad page map</c>).</summary>
    BadPage,

    /// <summary><c>BUG: scheduling while atomic</c>, <c>sleeping function called from invalid context</c> and their like.</summary>
    Atomicity,

    /// <summary>A report of lockdep.</summary>
    Lockdep,

    /// <summary>A machine check.</summary>
    MachineCheck,

    /// <summary>A user program that died: <c>prog[pid]: segfault at ...</c>, <c>traps: ...</c>, or a user register dump.</summary>
    UserFault,

    /// <summary>A register dump or call trace that nothing introduces (sysrq, dump_stack(), a header that was cut off).</summary>
    Trace,

    /// <summary>A register backing store or frame that was printed for debugging, as <c>name[index]: value</c>.</summary>
    RegisterDump,
}
