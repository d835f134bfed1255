using System.Reflection.Emit;
using Faultline.Cpu.Table;
using Iced.Intel;

namespace Faultline.Cpu.Translator;

// PUSH and POP.
internal sealed unsafe partial class RegionTranslator
{
    private void EmitPush()
    {
        ref Operation op = ref _instruction.Op;
        LocalBuilder stack = _gprs[StackPointer]!;
        LocalBuilder value = RentInteger(8), top = RentInteger(8);
        if (HasMemory0)
            PushMemory(8);
        else if (_instruction.Decoded.Op0Kind == OpKind.Register)
            PushGpr(op.Op0, 8);
        else
            _il.Int64(op.Immediate);
        _il.Store(value);
        _il.Load(stack);
        _il.Int64(8);
        _il.Op(OpCodes.Sub);
        _il.Store(top);
        _il.Load(top);
        HostAddress(8, write: true, SlowExit());
        _il.Load(value);
        StoreInteger(8);
        _il.Load(top);
        PopGpr(StackPointer * 8, 8);
        _il.Release(value);
        _il.Release(top);
    }

    private void EmitPop()
    {
        LocalBuilder stack = _gprs[StackPointer]!;
        LocalBuilder value = RentInteger(8);
        _il.Load(stack);
        HostAddress(8, write: false, SlowExit());
        LoadInteger(8);
        _il.Store(value);
        _il.Load(stack);
        _il.Int64(8);
        _il.Op(OpCodes.Add);
        PopGpr(StackPointer * 8, 8);
        _il.Load(value);
        PopGpr(_instruction.Op.Op0, 8);
        _il.Release(value);
    }
    /// <summary>LEAVE: RSP = RBP, then POP RBP.</summary>
    private bool EmitLeaveFrame()
    {
        const ushort Rbp = 5 * 8;
        if (_instruction.Decoded.Code != Code.Leaveq)
            return false;
        LocalBuilder value = RentInteger(8);
        PushGpr(Rbp, 8);
        HostAddress(8, write: false, SlowExit());
        LoadInteger(8);
        _il.Store(value);
        PushGpr(Rbp, 8);
        _il.Int64(8);
        _il.Op(OpCodes.Add);
        PopGpr(StackPointer * 8, 8);
        _il.Load(value);
        PopGpr(Rbp, 8);
        _il.Release(value);
        return true;
    }
}
