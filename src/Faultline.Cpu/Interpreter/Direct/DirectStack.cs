using Faultline.Cpu.Interpreter.Handlers;
using Faultline.Cpu.Semantics;
using Faultline.Cpu.State;
using Faultline.Cpu.Table;

namespace Faultline.Cpu.Interpreter.Direct;

/// <summary>
/// PUSH, POP, CALL and RET where the flat tables have the stack and the target is known; anything else is left to <see cref="General"/> and <see cref="ControlFlow"/>, at the
/// end, so that the handlers need no frame.
/// </summary>
internal static unsafe class DirectStack
{
    private const int Rsp = 4;

    public static Operation* Push(CpuState* s, Operation* op)
    {
        ulong top = s->Gpr[Rsp] - 8;
        ulong* p = GuestAccess.TryWrite<ulong>(s, top);
        if (p is null)
            return General.PushRegister64(s, op);
        GuestAccess.Put(p, Operand.Register<ulong>(s, op->Op0));
        s->Gpr[Rsp] = top;
        return Chain.Next(s, op);
    }

    public static Operation* Pop(CpuState* s, Operation* op)
    {
        ulong top = s->Gpr[Rsp];
        ulong* p = GuestAccess.TryRead<ulong>(s, top);
        if (p is null)
            return General.PopRegister64(s, op);
        s->Gpr[Rsp] = top + 8;
        Operand.SetRegister(s, op->Op0, GuestAccess.Get(p));
        return Chain.Next(s, op);
    }

    public static Operation* Call(CpuState* s, Operation* op)
    {
        ulong top = s->Gpr[Rsp] - 8;
        ulong* p = GuestAccess.TryWrite<ulong>(s, top);
        Operation* target = op->Link;
        long budget = s->Budget - op->Count;
        if (p is null || target is null || budget <= 0 || s->InterruptRequested != 0)
            return ControlFlow.Call(s, op);
        GuestAccess.Put(p, op->Rip + op->Length);
        s->Gpr[Rsp] = top;
        s->Budget = budget;
        return Profile.Past(target);
    }

    public static Operation* Return(CpuState* s, Operation* op)
    {
        ulong top = s->Gpr[Rsp];
        ulong* p = GuestAccess.TryRead<ulong>(s, top);
        if (p is null)
            return ControlFlow.Return(s, op);
        ulong target = GuestAccess.Get(p);
        BlockEntry* entry = s->BlockTable + BlockEntry.Slot(target);
        long budget = s->Budget - op->Count;
        // An empty entry has an address in the upper half.
        if (entry->Rip != target || (long)target < 0 || budget <= 0 || s->InterruptRequested != 0)
            return ControlFlow.Return(s, op);
        s->Gpr[Rsp] = top + 8 + op->Immediate;
        s->Budget = budget;
        return Profile.Past(entry->First);
    }
}
