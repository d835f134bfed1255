using System.Buffers.Binary;
using System.Reflection.Emit;
using System.Runtime.Intrinsics.X86;
using Faultline.Cpu.Table;
using Iced.Intel;

namespace Faultline.Cpu.Translator;

// Moves, extensions and what depends on a condition.
internal sealed unsafe partial class RegionTranslator
{
    private void EmitMove(int width)
    {
        ref Operation op = ref _instruction.Op;
        if (HasMemory0)
        {
            PushHost(width, write: true);
            PushOperand1(width);
            StoreInteger(width);
            return;
        }
        PushOperand1(width);
        PopGpr(op.Op0, width);
    }

    private void EmitExtend(InstructionForm form)
    {
        ref Operation op = ref _instruction.Op;
        bool memory = (op.Flags & OperationFlags.Memory1) != 0;
        int source = memory ? _instruction.Decoded.MemorySize.GetSize() : _instruction.Decoded.Op1Register.GetSize();
        bool signed = form.Shape == FormShape.MoveSignExtend;
        PushOperand1(source);
        if (signed)
            PushConversion(source, signed: true);
        if (form.Width == 8)
            _il.Op(signed ? OpCodes.Conv_I8 : OpCodes.Conv_U8);
        PopGpr(op.Op0, form.Width);
    }

    /// <summary>CMOVcc without a branch, which compilers choose it to avoid: old ^ ((old ^ moved) &amp; mask). The JIT makes no conditional moves in loops.</summary>
    private void EmitConditionalMove(InstructionForm form)
    {
        int width = form.Width;
        ref Operation op = ref _instruction.Op;
        LocalBuilder moved = RentInteger(width), mask = RentInteger(width);
        PushOperand1(width);
        _il.Store(moved);
        PushCondition(_instruction.Decoded.ConditionCode, form.Body);
        if (width == 8)
            _il.Op(OpCodes.Conv_I8);
        _il.Op(OpCodes.Neg);
        _il.Store(mask);
        PushGpr(op.Op0, width);
        PushGpr(op.Op0, width);
        _il.Load(moved);
        _il.Op(OpCodes.Xor);
        _il.Load(mask);
        _il.Op(OpCodes.And);
        _il.Op(OpCodes.Xor);
        PopGpr(op.Op0, width);
        _il.Release(moved);
        _il.Release(mask);
    }

    private void EmitSetCondition(InstructionForm form)
    {
        ref Operation op = ref _instruction.Op;
        if (!CanCompare(_instruction.Decoded.ConditionCode))
            SpillFlags();
        if (HasMemory0)
        {
            LocalBuilder host = PushHostOfMemory0(1);
            PushCondition(_instruction.Decoded.ConditionCode, form.Body);
            StoreTo(host, 1);
            return;
        }
        PushCondition(_instruction.Decoded.ConditionCode, form.Body);
        PopGpr(op.Op0, 1);
    }

    private void EmitExchange(int width)
    {
        ref Operation op = ref _instruction.Op;
        LocalBuilder a = RentInteger(width), b = RentInteger(width);
        PushGpr(op.Op0, width);
        _il.Store(a);
        PushGpr(op.Op1, width);
        _il.Store(b);
        _il.Load(b);
        PopGpr(op.Op0, width);
        _il.Load(a);
        PopGpr(op.Op1, width);
        _il.Release(a);
        _il.Release(b);
    }

    /// <summary>MOVBE to memory.</summary>
    private bool EmitStoreReversed()
    {
        int width = InstructionFacts.WidthOfWhole(_instruction.Decoded);
        PushHost(width, write: true);
        PushGpr(_instruction.Op.Op1, width);
        _il.Call(typeof(BinaryPrimitives).GetMethod(nameof(BinaryPrimitives.ReverseEndianness), [IntegerType(width)])!);
        StoreInteger(width);
        return true;
    }

    /// <summary>CLC and STC.</summary>
    private bool EmitSetCarry(bool set)
    {
        if ((_instruction.NeededAfter & FlagSet.Carry) != 0)
            ChangeCarry(new CarryChange(CarryForm.Bit, 4, FlagsSource.Of(set ? 1UL : 0)));
        return true;
    }

    /// <summary>MFENCE; the weaker ones order nothing that an x86 host does not order by itself.</summary>
    private bool EmitFence(Mnemonic mnemonic)
    {
        if (mnemonic == Mnemonic.Mfence || !X86Base.IsSupported)
            _il.Call(typeof(Interlocked).GetMethod(nameof(Interlocked.MemoryBarrier))!);
        return true;
    }

    /// <summary>CDQE and its relatives.</summary>
    private bool EmitSignExtension()
    {
        switch (_instruction.Decoded.Code)
        {
            case Code.Cbw:
                PushGpr(Rax, 1);
                PushConversion(1, signed: true);
                PopGpr(Rax, 2);
                return true;
            case Code.Cwd:
                PushGpr(Rax, 2);
                PushConversion(2, signed: true);
                _il.Int32(15);
                _il.Op(OpCodes.Shr);
                PopGpr(Rdx, 2);
                return true;
            case Code.Cdqe:
                PushGpr(Rax, 4);
                PushConversion(4, signed: true);
                _il.Op(OpCodes.Conv_I8);
                PopGpr(Rax, 8);
                return true;
            case Code.Cwde:
                PushGpr(Rax, 2);
                PushConversion(2, signed: true);
                PopGpr(Rax, 4);
                return true;
            case Code.Cdq:
                PushGpr(Rax, 4);
                _il.Int32(31);
                _il.Op(OpCodes.Shr);
                PopGpr(Rdx, 4);
                return true;
            case Code.Cqo:
                PushGpr(Rax, 8);
                _il.Int32(63);
                _il.Op(OpCodes.Shr);
                PopGpr(Rdx, 8);
                return true;
            default:
                return false;
        }
    }
}
