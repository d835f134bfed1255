using System.Diagnostics.CodeAnalysis;
using Faultline.Cpu.State;
using Faultline.Linux.Abi;
using Faultline.Linux.Abi.Processes;
using Faultline.Linux.Abi.Signals;
using Faultline.Linux.Kernel.Signals;

namespace Faultline.Linux.Kernel;

// What happens on the way back to guest code: restarting system calls and delivering signals (arch_do_signal_or_restart, get_signal).
internal sealed unsafe partial class Task
{
    /// <summary>Length of SYSCALL (and of INT n): what RIP moves back by to make a call again.</summary>
    private const int SyscallLength = 2;

    /// <summary>i386's number of restart_syscall.</summary>
    private const int CompatRestart = 0;

    /// <summary>RAX at the system call being made, or -1 when the thread is not in one that may be restarted (orig_rax).</summary>
    private long OriginalRax { get; set; } = -1;

    /// <summary>What restart_syscall(2) goes on with; null for none.</summary>
    public Func<Task, long>? Restart { get; set; }

    /// <summary>Acts on pending signals until there is a handler to run or nothing left to do.</summary>
    private void ReturnToUser()
    {
        while (!Process.IsExiting && !MustEnd)
        {
            if (Volatile.Read(ref _hasMoved))
                TellProcessor();
            if (Process.IsStopped)
                Process.WaitWhileStopped(this);
            if (!TryNext(out Siginfo info, out KernelSigaction action))
            {
                RestartWithoutHandler();
                RestoreMask();
                return;
            }
            if (action.sa_handler == Sig.SIG_IGN)
                continue;
            if (action.sa_handler == Sig.SIG_DFL)
            {
                ActByDefault(info);
                continue;
            }
            Handle(action, info);
            // Another signal may be deliverable still: its handler then runs first, as on Linux.
            OriginalRax = -1;
        }
    }

    private bool TryNext(out Siginfo info, out KernelSigaction action)
    {
        lock (Process.SignalLock)
        {
            ulong wanted = ~_blocked;
            if (!Pending.TryTake(wanted & DefaultActions.Synchronous, out info)
                && !Pending.TryTake(wanted, out info)
                && !Process.SharedPending.TryTake(wanted, out info))
            {
                action = default;
                // A stop that came by now is noticed by the hint that it left.
                if (!Process.IsStopped)
                    Volatile.Write(ref _attention, 0);
                return false;
            }
            ref KernelSigaction current = ref Process.Actions[info.si_signo];
            action = current;
            if (action.sa_handler == Sig.SIG_DFL && (Sig.Bit(info.si_signo) & DefaultActions.Stops) != 0)
                Process.NoteStopTaken();
            if (action.sa_handler > Sig.SIG_IGN && (action.sa_flags & Sig.SA_RESETHAND) != 0)
                current.sa_handler = Sig.SIG_DFL;
        }
        TellTimer(info);
        Kernel.Strace?.Signal(this, info);
        return true;
    }

    private void ActByDefault(in Siginfo info)
    {
        switch (DefaultActions.Of(info.si_signo))
        {
            case DefaultAction.Ignore:
                break;
            case DefaultAction.Stop:
                Kernel.Strace?.Stopped(this, info.si_signo);
                Process.Stop(info.si_signo);
                Process.WaitWhileStopped(this);
                break;
            default:
                // A core would be written where RLIMIT_CORE allows; none is, so the core bit stays clear.
                Process.Exit(info.si_signo, Describe(info));
                break;
        }
    }

    private void Handle(in KernelSigaction action, in Siginfo info)
    {
        PrepareRestart((action.sa_flags & Sig.SA_RESTART) != 0);
        if (!AbortSequence())
        {
            ForceSegv(info.si_signo);
            return;
        }
        ulong mask = TakeMaskToSave();
        if (!PushFrame(action, info, mask))
        {
            SetBlocked(mask);
            ForceSegv(info.si_signo);
            return;
        }
        ulong blocked = _blocked | action.sa_mask;
        if ((action.sa_flags & Sig.SA_NODEFER) == 0)
            blocked |= Sig.Bit(info.si_signo);
        SetBlocked(blocked);
    }

    /// <summary>A move to another processor aborts a restartable sequence and changes what the registered area says (rseq_handle_notify_resume).</summary>
    private void TellProcessor()
    {
        const int number = 4;
        Volatile.Write(ref _hasMoved, false);
        if (RseqAddress == 0)
            return;
        uint processor = (uint)Affinity.First;
        if (!AbortSequence() || !Memory.TryWrite(RseqAddress, processor) || !Memory.TryWrite(RseqAddress + number, processor))
            Force(new Siginfo { si_signo = Sig.SIGSEGV, si_code = Sig.SI_KERNEL });
    }

    /// <summary>A signal or a move aborts the restartable sequence it interrupts (rseq_signal_deliver). False when the guest's description is bad.</summary>
    private bool AbortSequence()
    {
        const int pointerOffset = 8;
        const ulong abortSignatureSize = 4;
        if (RseqAddress == 0)
            return true;
        if (!Memory.TryRead(RseqAddress + pointerOffset, out ulong description))
            return false;
        if (description == 0)
            return true;
        if (!Memory.TryRead(description, out RseqSection section) || section.version != 0 || section.start_ip >= Mm.MemoryLayout.TaskSize
            || section.abort_ip >= Mm.MemoryLayout.TaskSize || section.start_ip + section.post_commit_offset < section.start_ip
            || section.abort_ip - section.start_ip < section.post_commit_offset
            || !Memory.TryRead(section.abort_ip - abortSignatureSize, out uint signature) || signature != RseqSignature)
            return false;
        if (!Memory.TryWrite(RseqAddress + pointerOffset, 0UL))
            return false;
        CpuState* s = Cpu.State;
        if (s->Rip - section.start_ip < section.post_commit_offset)
            s->Rip = section.abort_ip;
        return true;
    }

    /// <summary>An interrupted call is made again after the handler, or returns EINTR.</summary>
    private void PrepareRestart(bool restarts)
    {
        if (OriginalRax < 0)
            return;
        CpuState* s = Cpu.State;
        switch ((long)s->Gpr[0])
        {
            case -Errno.ERESTART_RESTARTBLOCK:
            case -Errno.ERESTARTNOHAND:
            case -Errno.ERESTARTSYS when !restarts:
                s->Gpr[0] = unchecked((ulong)-Errno.EINTR);
                break;
            case -Errno.ERESTARTSYS:
            case -Errno.ERESTARTNOINTR:
                s->Gpr[0] = (ulong)OriginalRax;
                s->Rip -= SyscallLength;
                break;
        }
    }

    private void RestartWithoutHandler()
    {
        if (OriginalRax < 0)
            return;
        CpuState* s = Cpu.State;
        switch ((long)s->Gpr[0])
        {
            case -Errno.ERESTARTNOHAND:
            case -Errno.ERESTARTSYS:
            case -Errno.ERESTARTNOINTR:
                s->Gpr[0] = (ulong)OriginalRax;
                s->Rip -= SyscallLength;
                break;
            case -Errno.ERESTART_RESTARTBLOCK:
                s->Gpr[0] = (ulong)(IsCompatCall ? CompatRestart : Nr.restart_syscall);
                s->Rip -= SyscallLength;
                break;
        }
        OriginalRax = -1;
    }

    [SuppressMessage("Performance", "CA1822", Justification = "reads the processor")]
    private FatalSignal Describe(in Siginfo info) => new()
    {
        Info = info,
        Tid = Tid,
        Comm = Comm,
        Registers = Registers(),
        TrapNumber = TrapNumber,
        ErrorCode = ErrorCode,
        Cr2 = Cr2,
        IsSynchronous = info.si_code > 0 && (Sig.Bit(info.si_signo) & DefaultActions.Synchronous) != 0,
        Mappings = Process.Mm.Space.Snapshot(),
        Image = Process.Mm.Image,
        Memory = Memory,
        Explanation = _explanation,
    };

    /// <summary>The registers as ptrace shows them.</summary>
    public UserRegs Registers()
    {
        CpuState* s = Cpu.State;
        ulong* r = s->Gpr;
        return new UserRegs
        {
            rax = r[0],
            rcx = r[1],
            rdx = r[2],
            rbx = r[3],
            rsp = r[4],
            rbp = r[5],
            rsi = r[6],
            rdi = r[7],
            r8 = r[8],
            r9 = r[9],
            r10 = r[10],
            r11 = r[11],
            r12 = r[12],
            r13 = r[13],
            r14 = r[14],
            r15 = r[15],
            rip = s->Rip,
            eflags = Flags.Materialize(s),
            orig_rax = (ulong)OriginalRax,
            es = s->Selectors[0],
            cs = s->Selectors[1],
            ss = s->Selectors[2],
            ds = s->Selectors[3],
            fs = s->Selectors[4],
            gs = s->Selectors[5],
            fs_base = s->FsBase,
            gs_base = s->GsBase,
        };
    }
}
