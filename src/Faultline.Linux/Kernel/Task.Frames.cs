using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Faultline.Cpu.State;
using Faultline.Linux.Abi.Signals;
using Faultline.Linux.Kernel.Signals;

namespace Faultline.Linux.Kernel;

// The signal frame of x86-64 (arch/x86/kernel/signal.c, signal_64.c): built below the stack pointer, taken apart by rt_sigreturn.
internal sealed unsafe partial class Task
{
    private const int RedZone = 128;
    private const ushort UserCodeSegment = 0x33;
    private const ushort UserStackSegment = 0x2B;

    /// <summary>The bits of RFLAGS that rt_sigreturn takes from the frame (FIX_EFLAGS).</summary>
    private const uint RestorableFlags = Rflags.Status | Rflags.TF | Rflags.DF | Rflags.AC | Rflags.RF;

    /// <summary>AT_MINSIGSTKSZ: the largest frame with its alignment losses.</summary>
    public static ulong MinimumSignalStack(ulong xcr0) =>
        (ulong)((sizeof(RtSigframe) + FloatingState.FrameSize(xcr0) + (FloatingState.Alignment - 1) + 15 + 15) & ~15);

    /// <summary>Builds the frame and points the registers at the handler. False when the stack cannot take it.</summary>
    private bool PushFrame(in KernelSigaction action, in Siginfo info, ulong mask)
    {
        // Without a restorer the handler has nothing to return to; x86-64 has no other way.
        if ((action.sa_flags & Sig.SA_RESTORER) == 0)
            return false;

        CpuState* s = Cpu.State;
        ulong sp = s->Gpr[4];
        bool isNested = IsOnAlternateStack(sp);
        bool enters = false;
        StackT stack = AlternateStack;
        sp -= RedZone;
        if ((action.sa_flags & Sig.SA_ONSTACK) != 0 && AlternateStackFlags(s->Gpr[4]) == 0)
        {
            sp = stack.ss_sp + stack.ss_size;
            enters = true;
        }

        int floatingSize = FloatingState.FrameSize(s->Xcr0);
        sp = (sp - (ulong)floatingSize) & ~(ulong)(FloatingState.Alignment - 1);
        ulong floatingAt = sp;
        ulong frameAt = ((sp - (ulong)sizeof(RtSigframe)) & ~15UL) - 8;
        if ((isNested || enters) && !IsWithin(stack, frameAt))
            return false;

        Span<byte> floating = stackalloc byte[FloatingState.MaxSize];
        floating = floating[..floatingSize];
        floating.Clear();
        FloatingState.Save(s, floating);
        if (Memory.Write(floatingAt, floating) != floatingSize)
            return false;

        RtSigframe frame = default;
        frame.pretcode = action.sa_restorer;
        frame.uc.uc_flags = Ucontext.UC_SIGCONTEXT_SS | Ucontext.UC_STRICT_RESTORE_SS | (s->Xcr0 != 0 ? Ucontext.UC_FP_XSTATE : 0);
        frame.uc.uc_stack = stack;
        SaveContext(s, ref frame.uc.uc_mcontext);
        frame.uc.uc_mcontext.oldmask = mask;
        frame.uc.uc_mcontext.fpstate = floatingAt;
        frame.uc.uc_sigmask = mask;
        if ((action.sa_flags & Sig.SA_SIGINFO) != 0)
            frame.info = info;
        if (!Memory.TryWrite(frameAt, frame))
            return false;
        if ((stack.ss_flags & Sig.SS_AUTODISARM) != 0)
            AlternateStack = new StackT { ss_flags = Sig.SS_DISABLE };

        s->Gpr[7] = (ulong)info.si_signo;
        s->Gpr[6] = frameAt + (ulong)Marshal.OffsetOf<RtSigframe>(nameof(RtSigframe.info));
        s->Gpr[2] = frameAt + (ulong)Marshal.OffsetOf<RtSigframe>(nameof(RtSigframe.uc));
        s->Gpr[0] = 0;
        s->Gpr[4] = frameAt;
        s->Rip = action.sa_handler;
        s->Rflags = Flags.Materialize(s) & ~(Rflags.DF | Rflags.RF | Rflags.TF);
        s->Selectors[1] = UserCodeSegment;
        s->Selectors[2] = UserStackSegment;
        FloatingState.Reset(s);
        return true;
    }

    /// <summary>rt_sigreturn(2): puts back what the frame above the stack pointer says.</summary>
    /// <returns>RAX as restored, so that the dispatcher's write of the result changes nothing.</returns>
    public long ReturnFromSignal()
    {
        CpuState* s = Cpu.State;
        // The handler's RET has popped the return address.
        ulong frameAt = s->Gpr[4] - 8;
        if (!Memory.TryRead(frameAt, out RtSigframe frame) || !RestoreContext(s, frame.uc.uc_mcontext))
        {
            OriginalRax = -1;
            Force(new Siginfo { si_signo = Sig.SIGSEGV, si_code = Sig.SI_KERNEL });
            return 0;
        }
        SetBlocked(frame.uc.uc_sigmask);
        // Errors of the saved stack are ignored, as in restore_altstack.
        _ = SetAlternateStack(frame.uc.uc_stack, s->Gpr[4]);
        OriginalRax = -1;
        return (long)s->Gpr[0];
    }

    private void SaveContext(CpuState* s, ref Sigcontext context)
    {
        ulong* r = s->Gpr;
        (context.rax, context.rcx, context.rdx, context.rbx) = (r[0], r[1], r[2], r[3]);
        (context.rsp, context.rbp, context.rsi, context.rdi) = (r[4], r[5], r[6], r[7]);
        (context.r8, context.r9, context.r10, context.r11) = (r[8], r[9], r[10], r[11]);
        (context.r12, context.r13, context.r14, context.r15) = (r[12], r[13], r[14], r[15]);
        context.rip = s->Rip;
        context.eflags = Flags.Materialize(s);
        context.cs = s->Selectors[1];
        context.ss = s->Selectors[2];
        context.trapno = TrapNumber;
        context.err = ErrorCode;
        context.cr2 = Cr2;
    }

    private bool RestoreContext(CpuState* s, in Sigcontext context)
    {
        // Another code segment would mean 32-bit or kernel code, which this processor does not run.
        if ((context.cs | 3) != UserCodeSegment)
            return false;
        if (!RestoreFloating(s, context.fpstate))
            return false;
        ulong* r = s->Gpr;
        (r[0], r[1], r[2], r[3]) = (context.rax, context.rcx, context.rdx, context.rbx);
        (r[4], r[5], r[6], r[7]) = (context.rsp, context.rbp, context.rsi, context.rdi);
        (r[8], r[9], r[10], r[11]) = (context.r8, context.r9, context.r10, context.r11);
        (r[12], r[13], r[14], r[15]) = (context.r12, context.r13, context.r14, context.r15);
        s->Rip = context.rip;
        s->Rflags = (Flags.Materialize(s) & ~RestorableFlags) | ((uint)context.eflags & RestorableFlags);
        return true;
    }

    private bool RestoreFloating(CpuState* s, ulong address)
    {
        if (address == 0)
        {
            FloatingState.Reset(s);
            return true;
        }
        Span<byte> area = stackalloc byte[FloatingState.MaxSize];
        area.Clear();
        int size = FloatingState.FrameSize(s->Xcr0);
        int read = Memory.Read(address, area[..size]);
        return read >= Unsafe.SizeOf<FpxSwBytes>() + FpxSwBytes.Offset && FloatingState.Load(s, area, read == size);
    }
}
