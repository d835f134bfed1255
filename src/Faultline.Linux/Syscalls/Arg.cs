namespace Faultline.Linux.Syscalls;

/// <summary>
/// What one argument of a system call is: enough to print it as strace(1) does and to say what a call reads and writes.
/// Kinds from <see cref="FirstOut"/> on are filled by the call and are printed when it returns.
/// </summary>
internal enum Arg : byte
{
    /// <summary>No argument.</summary>
    None,

    // Numbers.
    Int,
    Unsigned,
    Long,
    Size,
    Offset,
    HexOffset,
    Hex,
    Address,
    OctalMode,
    Mode,
    Id,
    Device,

    // File descriptors, names, text.
    Fd,
    DirFd,
    Pathname,
    Text,

    /// <summary>Bytes to be read by the kernel; the next argument is the length.</summary>
    InBuffer,
    Argv,
    Envp,

    // Flags and names of numbers.
    OpenFlags,

    /// <summary>The mode of open(2): printed only when O_CREAT or O_TMPFILE is among the flags before it.</summary>
    OpenMode,
    OpenHow,
    AccessMode,
    Whence,
    AtFlags,
    AtUnlinkFlags,
    AtAccessFlags,
    AtStatxFlags,
    StatxMask,
    FdFlags,
    FcntlCommand,
    FcntlArgument,
    FlockOperation,
    IoctlRequest,
    FallocateMode,
    FileAdvice,
    SpliceFlags,
    RenameFlags,
    RwfFlags,
    CloseRangeFlags,
    MemfdFlags,
    MountFlags,
    UmountFlags,
    Prot,
    MapFlags,
    MremapFlags,

    /// <summary>mremap's new address: there only with flags that use it.</summary>
    MremapAddress,
    MsyncFlags,
    MlockallFlags,
    Mlock2Flags,
    Advice,
    ShmFlags,
    ShmatFlags,
    ShmCommand,
    Signal,
    MaskHow,

    /// <summary>rt_sigreturn's implied argument: the mask in the frame on the guest's stack.</summary>
    SigframeMask,
    ClockId,
    TimerFlags,
    ItimerWhich,
    Resource,
    RusageWho,
    PriorityWhich,
    SchedPolicy,
    Personality,
    PrctlOption,
    ArchPrctlCode,

    /// <summary>arch_prctl's second: an address for ARCH_SET_*, where to put one for ARCH_GET_*.</summary>
    ArchPrctlArgument,
    CloneFlags,
    CloneArguments,
    WaitOptions,
    WaitidType,
    FutexOperation,

    /// <summary>The arguments after FUTEX_*: which of them a call has depends on the operation.</summary>
    FutexValue,
    FutexTimeout,
    FutexAddress2,
    FutexValue3,
    RandomFlags,
    RseqFlags,
    MembarrierCommand,
    SocketFamily,
    SocketType,
    SocketLevel,
    SocketOption,
    SocketFlags,

    /// <summary>socket's third argument: its names depend on the family.</summary>
    SocketProtocol,
    MessageFlags,
    SeccompOperation,
    SeccompFlags,
    ShutdownHow,
    EpollOperation,
    EpollCreateFlags,
    EventfdFlags,
    SignalfdFlags,
    TimerfdFlags,
    InotifyFlags,
    InotifyMask,

    // Structures that the kernel reads.
    TimespecIn,
    TimespecPairIn,
    TimevalIn,
    TimevalPairIn,
    ItimervalIn,
    ItimerspecIn,
    UtimbufIn,
    SigactionIn,
    SigsetIn,

    /// <summary>pselect6's last argument: a pointer to { sigset pointer, size }.</summary>
    SigsetPairIn,
    StackIn,
    SiginfoIn,
    SigeventIn,
    RlimitIn,
    SchedParamIn,
    CpuSetIn,
    GroupsIn,
    CapHeader,
    CapDataIn,
    IovecIn,
    MsghdrIn,

    /// <summary>An address; the next argument is its length.</summary>
    SockaddrIn,

    /// <summary>setsockopt's value; the next argument is its length.</summary>
    OptionIn,
    EpollEventIn,

    /// <summary>poll's array: printed before the call with what is asked, and after the result with what came.</summary>
    PollFds,

    /// <summary>One of select's three sets: printed before the call with what is asked, and after the result with what came.</summary>
    FdSet,

    /// <summary>sendfile's and splice's offset: printed before the call; the call moves it.</summary>
    OffsetInOut,

    /// <summary>The first kind that the call fills.</summary>
    FirstOut,

    /// <summary>Bytes written by the kernel; the result is how many.</summary>
    OutBuffer = FirstOut,

    /// <summary>A terminated string written by the kernel (getcwd).</summary>
    StringOut,
    StatOut,
    StatxOut,
    StatfsOut,
    DirentsOut,
    OldDirentsOut,
    IovecOut,
    MsghdrOut,

    /// <summary>The array of sendmmsg and recvmmsg; the result is how many were sent or filled.</summary>
    MmsghdrOut,

    /// <summary>An address; the next argument points to its length.</summary>
    SockaddrOut,

    /// <summary>The length of an address or value: what there was room for, and what it is.</summary>
    LengthInOut,

    /// <summary>getsockopt's value.</summary>
    OptionOut,
    FdPairOut,
    IoctlArgument,
    MincoreOut,
    IntOut,
    UnsignedOut,
    SizeOut,
    AddressOut,
    IdOut,
    TimeOut,
    TimespecOut,

    /// <summary>Time left of a sleep: filled only when a signal ended it.</summary>
    TimespecRemain,
    TimevalOut,
    TimezoneOut,
    ItimervalOut,
    ItimerspecOut,
    SigactionOut,
    SigsetOut,
    StackOut,
    SiginfoOut,
    RlimitOut,
    RusageOut,
    WaitStatusOut,
    TmsOut,
    UtsnameOut,
    SysinfoOut,
    SchedParamOut,
    CpuSetOut,
    GroupsOut,
    CapDataOut,
    EpollEventsOut,

    /// <summary>prctl's second argument: some options write through it.</summary>
    PrctlArgument,
}
