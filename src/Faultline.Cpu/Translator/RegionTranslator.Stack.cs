using System.Reflection.Emit;
using Faultline.Cpu.State;
using Faultline.Cpu.Table;
using Iced.Intel;

namespace Faultline.Cpu.Translator;

// PUSH and POP, and RSP: its local and a constant, so that what pushes and pops does not change the local each time. Where ways join, and at exits, the constant is 0.
internal sealed unsafe partial class RegionTranslator
{
    private const ushort Rbp = 5 * 8;

    private void EmitPush()
    {
        ref Operation op = ref _instruction.Op;
        LocalBuilder? loaded = null;
        if (HasMemory0)
        {
            loaded = RentInteger(8);
            PushMemory(8);
            _il.Store(loaded);
        }
        PushHostOfStack(StackPointer * 8, -8, write: true);
        if (loaded is not null)
            _il.Load(loaded);
        else if (_instruction.Decoded.Op0Kind == OpKind.Register)
            PushGpr(op.Op0, 8);
        else
            _il.Int64(op.Immediate);
        StoreInteger(8);
        MoveStack(-8);
        if (loaded is not null)
            _il.Release(loaded);
    }

    private void EmitPop()
    {
        PushHostOfStack(StackPointer * 8, 0, write: false);
        LoadInteger(8);
        MoveStack(8);
        PopGpr(_instruction.Op.Op0, 8);
    }

    /// <summary>LEAVE: RSP = RBP, then POP RBP.</summary>
    private bool EmitLeaveFrame()
    {
        if (_instruction.Decoded.Code != Code.Leaveq)
            return false;
        PushHostOfStack(Rbp, 0, write: false);
        LoadInteger(8);
        PushGpr(Rbp, 8);
        PopGpr(StackPointer * 8, 8);
        MoveStack(8);
        PopGpr(Rbp, 8);
        return true;
    }

    /// <summary>ADD and SUB of RSP and a constant where no one looks at the flags, and LEA of the same.</summary>
    /// <returns>False when the instruction is another.</returns>
    private bool EmitStackStep()
    {
        ref Operation op = ref _instruction.Op;
        if (_instruction.Form.Width != 8 || _instruction.Decoded.Op0Kind != OpKind.Register || op.Op0 != StackPointer * 8)
            return false;
        if (_instruction.Form.Shape == FormShape.Lea)
        {
            if (op.Base != StackPointer * 8 || op.Index != CpuState.ZeroOffset || (op.Flags & OperationFlags.Address32) != 0)
                return false;
            MoveStack((long)op.Displacement);
            return true;
        }
        bool add = _instruction.Decoded.Mnemonic == Mnemonic.Add;
        if (_instruction.Form.Shape != FormShape.Rmw || (!add && _instruction.Decoded.Mnemonic != Mnemonic.Sub)
            || _instruction.Decoded.Op1Kind is OpKind.Register or OpKind.Memory || FlagsNeeded)
            return false;
        SetFlags(FlagsState.Dead);
        MoveStack(add ? (long)op.Immediate : -(long)op.Immediate);
        return true;
    }

    /// <summary>Adds to RSP, without code.</summary>
    private void MoveStack(long distance) =>
        _at = _at with { StackOffset = _at.StackOffset + distance, DirtyGprs = _at.DirtyGprs | 1u << StackPointer };

    /// <summary>Makes RSP's local RSP.</summary>
    private void SettleStack()
    {
        if (_at.StackOffset == 0)
            return;
        SetFlags(KeepSource(_at.Flags, _gprs[StackPointer]!));
        AddToStack(_at.StackOffset);
        _at = _at with { StackOffset = 0 };
    }

    /// <summary>Adds to RSP's local.</summary>
    private void AddToStack(long distance)
    {
        if (distance == 0)
            return;
        LocalBuilder stack = _gprs[StackPointer]!;
        _il.Load(stack);
        AddConstant(distance);
        _il.Store(stack);
    }

    /// <summary>Before an instruction that looks at RSP's local itself.</summary>
    private void SettleStackBefore()
    {
        if (_at.StackOffset == 0 || _instruction.Form.Shape is FormShape.Move or FormShape.Push or FormShape.Pop or FormShape.Lea)
            return;
        for (int i = 0; i < _instruction.Decoded.OpCount; i++)
        {
            if (_instruction.Decoded.GetOpKind(i) == OpKind.Register && _instruction.Decoded.GetOpRegister(i).GetFullRegister() == Register.RSP)
                SettleStack();
        }
    }
}
