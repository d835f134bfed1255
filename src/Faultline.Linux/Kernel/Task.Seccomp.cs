using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Faultline.Linux.Abi;
using Faultline.Linux.Abi.Processes;
using Faultline.Linux.Abi.Signals;
using Faultline.Linux.Kernel.Seccomp;
using Faultline.Linux.Loader.Vdso;
using Faultline.Linux.Syscalls;
using static Faultline.Linux.Abi.Processes.Seccomp;

namespace Faultline.Linux.Kernel;

// Which system calls a thread may make (kernel/seccomp.c).
internal sealed unsafe partial class Task
{
    private const int MaxErrno = 4095;

    private SeccompFilter? _seccomp;
    private bool _isStrict;

    /// <summary>The filters its calls pass, or null. Threads that are made, and children, have the same; execve keeps them.</summary>
    public SeccompFilter? Seccomp => Volatile.Read(ref _seccomp);

    /// <summary>prctl(PR_GET_SECCOMP): 0, or a SECCOMP_MODE_ number.</summary>
    public int SeccompMode => _isStrict ? SECCOMP_MODE_STRICT : Seccomp is null ? 0 : SECCOMP_MODE_FILTER;

    /// <summary>Whether calls are looked at before they are made.</summary>
    public bool HasSeccomp
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => _isStrict || Volatile.Read(ref _seccomp) is not null;
    }

    /// <summary>From now on only read, write, exit and rt_sigreturn are allowed; -EINVAL when there are filters.</summary>
    public int EnterStrictMode()
    {
        if (Seccomp is not null)
            return -Errno.EINVAL;
        _isStrict = true;
        return 0;
    }

    /// <summary>Puts a filter in place of what it was made on top of; false when another thread has changed that meanwhile.</summary>
    public bool TrySetSeccomp(SeccompFilter filter) =>
        !_isStrict && ReferenceEquals(Interlocked.CompareExchange(ref _seccomp, filter, filter.Previous), filter.Previous);

    /// <summary>Takes over another thread's filters (SECCOMP_FILTER_FLAG_TSYNC).</summary>
    public void SynchronizeSeccomp(Task other)
    {
        Volatile.Write(ref _seccomp, other._seccomp);
        if (other.Credentials.NoNewPrivileges)
            Credentials = Credentials with { NoNewPrivileges = true };
    }

    /// <summary>Has the same restrictions as the thread that makes this one.</summary>
    public void InheritSeccomp(Task maker)
    {
        _seccomp = maker._seccomp;
        _isStrict = maker._isStrict;
    }

    /// <summary>
    /// Whether a system call stands for what Linux's vDSO does without one: neither filters nor a trace see it. A program that jumps to the vDSO's SYSCALL instruction with another
    /// number gains nothing, since the calls that count are those that tell the time and the processor.
    /// </summary>
    public bool IsVdsoCall(in SyscallArguments arguments)
    {
        bool isOne = arguments.Number switch
        {
            Nr.gettimeofday or Nr.time or Nr.getcpu => true,
            Nr.clock_gettime or Nr.clock_getres => arguments.Int0 is >= 0 and < 32 && (VdsoCode.Clocks & (1u << arguments.Int0)) != 0,
            _ => false,
        };
        return isOne && !IsCompatCall && Process.Mm.Space.Find(Cpu.State->Rip) is { Source: VdsoPages };
    }

    /// <summary>Looks at a call before it is made.</summary>
    /// <param name="arguments">The call.</param>
    /// <param name="result">What it returns when it is not made.</param>
    /// <returns>Whether it is made.</returns>
    public bool PassesSeccomp(in SyscallArguments arguments, out long result)
    {
        result = -Errno.ENOSYS;
        if (_isStrict)
            return PassesStrictMode(arguments);
        SeccompData data = new()
        {
            nr = (int)arguments.Number,
            arch = Architecture,
            instruction_pointer = Cpu.State->Rip,
            arg0 = arguments.A0,
            arg1 = arguments.A1,
            arg2 = arguments.A2,
            arg3 = arguments.A3,
            arg4 = arguments.A4,
            arg5 = arguments.A5,
        };
        uint verdict = Seccomp!.Run(MemoryMarshal.AsBytes(new ReadOnlySpan<SeccompData>(in data)));
        int value = (int)(verdict & ~SECCOMP_RET_ACTION_FULL);
        switch (verdict & SECCOMP_RET_ACTION_FULL)
        {
            case SECCOMP_RET_ALLOW or SECCOMP_RET_LOG:
                return true;
            case SECCOMP_RET_ERRNO:
                result = -Math.Min(value, MaxErrno);
                return false;
            case SECCOMP_RET_TRAP:
                // RAX has the number again, so that a handler sees the call as it was.
                result = arguments.Number;
                RaiseSigsys(arguments, value, isFatal: false);
                return false;
            case SECCOMP_RET_TRACE or SECCOMP_RET_USER_NOTIF:
                // Without a tracer, and without a listener.
                return false;
            case SECCOMP_RET_KILL_THREAD when Array.FindAll(Process.Tasks, task => !task.HasEnded).Length > 1:
                End(Sig.SIGSYS);
                return false;
            default:
                RaiseSigsys(arguments, value, isFatal: true);
                return false;
        }
    }

    private uint Architecture => IsCompatCall ? AUDIT_ARCH_I386 : AUDIT_ARCH_X86_64;

    private bool PassesStrictMode(in SyscallArguments arguments)
    {
        const int compatRead = 3, compatWrite = 4, compatExit = 1, compatSigreturn = 119;
        bool passes = IsCompatCall
            ? arguments.Number is compatRead or compatWrite or compatExit or compatSigreturn
            : arguments.Number is Nr.read or Nr.write or Nr.exit or Nr.rt_sigreturn;
        if (!passes)
            End(Sig.SIGKILL);
        return passes;
    }

    private void RaiseSigsys(in SyscallArguments arguments, int data, bool isFatal)
    {
        if (isFatal)
        {
            lock (Process.SignalLock)
                Process.Actions[Sig.SIGSYS].sa_handler = Sig.SIG_DFL;
        }
        // No restart of a call that is not to be made.
        OriginalRax = -1;
        Force(new Siginfo
        {
            si_signo = Sig.SIGSYS,
            si_errno = data,
            si_code = Sig.SYS_SECCOMP,
            si_call_addr = Cpu.State->Rip,
            si_syscall = (int)arguments.Number,
            si_arch = Architecture,
        });
    }
}
