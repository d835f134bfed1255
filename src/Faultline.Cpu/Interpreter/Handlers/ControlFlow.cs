using System.Runtime.CompilerServices;
using Faultline.Cpu.Semantics;
using Faultline.Cpu.State;
using Faultline.Cpu.Table;

namespace Faultline.Cpu.Interpreter.Handlers;

/// <summary>Branches: where budget and interrupts are noticed. A known target is linked and followed without the dispatcher.</summary>
internal static unsafe class ControlFlow
{
    public static Operation* ConditionalJump(CpuState* s, Operation* op)
    {
        if (((delegate*<CpuState*, bool>)op->Body)(s))
            return Follow(s, op);
        return FallThrough(s, op);
    }

    public static Operation* Jump(CpuState* s, Operation* op) => Follow(s, op);

    [MethodImpl(MethodImplOptions.NoInlining)]
    public static Operation* Call(CpuState* s, Operation* op)
    {
        PushReturn(s, op);
        return Follow(s, op);
    }

    public static Operation* JumpRegister(CpuState* s, Operation* op)
    {
        ulong target = Operand.Register<ulong>(s, op->Op0);
        CheckTarget(s, target);
        return FollowIndirect(s, op, target);
    }

    public static Operation* JumpMemory(CpuState* s, Operation* op)
    {
        ulong target = Operand.Load<ulong>(s, op);
        CheckTarget(s, target);
        return FollowIndirect(s, op, target);
    }

    public static Operation* CallRegister(CpuState* s, Operation* op)
    {
        ulong target = Operand.Register<ulong>(s, op->Op0);
        CheckTarget(s, target);
        PushReturn(s, op);
        return FollowIndirect(s, op, target);
    }

    public static Operation* CallMemory(CpuState* s, Operation* op)
    {
        ulong target = Operand.Load<ulong>(s, op);
        CheckTarget(s, target);
        PushReturn(s, op);
        return FollowIndirect(s, op, target);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    public static Operation* Return(CpuState* s, Operation* op)
    {
        ulong target = GuestAccess.Load<ulong>(s, s->Gpr[4]);
        CheckTarget(s, target);
        s->Gpr[4] += 8 + op->Immediate;
        return FollowIndirect(s, op, target);
    }

    /// <summary>SYSCALL: RCX and R11 take RIP and RFLAGS; the rest is the operating system's (SDM vol. 2, SYSCALL).</summary>
    public static Operation* SystemCall(CpuState* s, Operation* op)
    {
        s->Rip = op->Rip + op->Length;
        s->Gpr[1] = s->Rip;
        s->Gpr[11] = Flags.Materialize(s) & ~Rflags.RF;
        return Leave(s, op, ExitReason.SystemCall);
    }

    /// <summary>A body that sets RIP, and perhaps the exit, itself.</summary>
    public static Operation* WholeBranch(CpuState* s, Operation* op)
    {
        s->Rip = op->Rip + op->Length;
        ((delegate*<CpuState*, Operation*, void>)op->Body)(s, op);
        s->Budget -= op->Count;
        s->LinkFrom = null;
        return null;
    }

    /// <summary>Not an instruction: the block was cut here and goes on in another.</summary>
    public static Operation* Continue(CpuState* s, Operation* op)
    {
        s->Budget -= op->Count;
        if (op->Link is not null)
            return op->Link;
        s->Rip = op->Rip;
        s->LinkFrom = op;
        return null;
    }

    /// <summary>Not an instruction: takes the place of an operation whose code changed.</summary>
    public static Operation* Stale(CpuState* s, Operation* op)
    {
        s->Rip = op->Rip;
        s->Budget -= op->Count - 1;
        s->LinkFrom = null;
        return null;
    }

    /// <summary>No such instruction, or none in this processor model.</summary>
    public static Operation* Undefined(CpuState* s, Operation* op)
    {
        s->Rip = op->Rip;
        s->ExitAddress = 0;
        s->ExitCode = 0;
        return Leave(s, op, ExitReason.InvalidOpcode);
    }

    /// <summary>An instruction of more than 15 bytes: a general protection fault, not an undefined instruction (SDM volume 3, 6.15).</summary>
    public static Operation* TooLong(CpuState* s, Operation* op)
    {
        s->Rip = op->Rip;
        s->ExitAddress = 0;
        s->ExitCode = 0;
        return Leave(s, op, ExitReason.GeneralProtection);
    }

    /// <summary>Counts the segment, then goes to the linked target, or to the dispatcher to find and link it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Operation* Follow(CpuState* s, Operation* op)
    {
        long budget = s->Budget - op->Count;
        s->Budget = budget;
        Operation* target = op->Link;
        if (target is not null && budget > 0 && s->InterruptRequested == 0)
            return Profile.Past(target);
        s->Rip = op->Immediate;
        s->LinkFrom = op;
        return null;
    }

    /// <summary>The same for a target known only now, through the block table.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Operation* FollowIndirect(CpuState* s, Operation* op, ulong target)
    {
        long budget = s->Budget - op->Count;
        s->Budget = budget;
        BlockEntry* entry = s->BlockTable + BlockEntry.Slot(target);
        if (entry->Rip == target && budget > 0 && s->InterruptRequested == 0)
            return Profile.Past(entry->First);
        s->Rip = target;
        s->LinkFrom = null;
        return null;
    }

    /// <summary>Counts the segment, and that the jump was not taken: what is hardly ever reached so is not translated with the rest. A jump has no other displacement.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Operation* FallThrough(CpuState* s, Operation* op)
    {
        s->Budget -= op->Count;
        op->Displacement++;
        return Chain.Next(s, op);
    }

    /// <summary>A target that is not canonical is #GP at the branch, before the stack changes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void CheckTarget(CpuState* s, ulong target)
    {
        if (!GuestAccess.IsCanonical(target))
            Raise.GeneralProtection(s);
    }

    private static Operation* Leave(CpuState* s, Operation* op, ExitReason reason)
    {
        s->Budget -= op->Count;
        s->Exit = reason;
        s->LinkFrom = null;
        return null;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void PushReturn(CpuState* s, Operation* op)
    {
        ulong top = s->Gpr[4] - 8;
        GuestAccess.Store(s, top, op->Rip + op->Length);
        s->Gpr[4] = top;
    }
}
