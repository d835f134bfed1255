using System.Reflection;
using System.Reflection.Emit;
using System.Runtime.Intrinsics.X86;
using Faultline.Cpu.Table;
using Label = System.Reflection.Emit.Label;

namespace Faultline.Cpu.Translator;

// Multiplication and division. Their CF and OF are noted as what they follow from, because hardly anyone looks.
internal sealed unsafe partial class RegionTranslator
{
    private const ushort Rax = 0;
    private const ushort Rdx = 2 * 8;

    /// <summary>IMUL with two or three operands.</summary>
    private void EmitMultiply(InstructionForm form)
    {
        int width = form.Width;
        ref Operation op = ref _instruction.Op;
        FlagsSource x, y;
        if (form.Shape == FormShape.Compute2)
        {
            x = SourceOfOperand1(width, ref _changeX);
            y = FlagsSource.Of(op.Immediate);
        }
        else
        {
            y = SourceOfOperand1(width, ref _changeY);
            x = FlagsSource.Of(Gpr(op.Op0));
        }
        PushSource(x, width, signed: false);
        PushSource(y, width, signed: false);
        _il.Op(OpCodes.Mul);
        SetCarryOverflow(new CarryChange(CarryForm.Factors, width, x, y));
        PopGpr(op.Op0, width);
    }

    /// <summary>Operand 1, a register or memory, as something that can be looked at again: a register's local or the one given, into which memory is loaded.</summary>
    private FlagsSource SourceOfOperand1(int width, ref LocalBuilder? local)
    {
        if ((_instruction.Op.Flags & OperationFlags.Memory1) == 0)
            return FlagsSource.Of(Gpr(_instruction.Op.Op1));
        PushMemory(width);
        Widen(width);
        local ??= _il.Local(typeof(ulong));
        _il.Store(local);
        return FlagsSource.Of(local);
    }

    /// <summary>Notes what CF and OF follow from, unless no one looks at any flag.</summary>
    private void SetCarryOverflow(CarryChange change)
    {
        if (_instruction.NeededAfter == FlagSet.None)
            SetFlags(FlagsState.Dead);
        else
            ChangeCarry(change);
    }

    /// <summary>Forgets what CF and OF followed from, before they are set anew.</summary>
    private void DropCarryOverflow()
    {
        if (_instruction.NeededAfter == FlagSet.None)
            SetFlags(FlagsState.Dead);
        else if (_at.Flags.Change is { } change)
            SetFlags(_at.Flags with { Change = change with { Carry = null, Overflow = null } });
    }

    /// <summary>MUL and IMUL with one operand: RDX:RAX = RAX * operand.</summary>
    private bool EmitWideMultiply(bool signed)
    {
        int width = InstructionFacts.WidthOfWhole(_instruction.Decoded);
        if (width < 4)
            return false;
        LocalBuilder b = RentInteger(width);
        PushOperand0(width);
        _il.Store(b);
        DropCarryOverflow();
        EmitProduct(width, signed, Rax, b, Rdx, Rax);
        _il.Release(b);
        SetCarryOverflow(signed
            ? new CarryChange(CarryForm.SignedHalves, width, FlagsSource.Of(Gpr(Rax)), FlagsSource.Of(Gpr(Rdx)))
            : new CarryChange(CarryForm.UpperHalf, width, FlagsSource.Of(Gpr(Rdx))));
        return true;
    }

    /// <summary>MULX: operand 0 : operand 1 = RDX * operand 2, flags untouched; when both are one register it gets the upper half.</summary>
    private bool EmitMultiplyWithoutFlags()
    {
        int width = InstructionFacts.WidthOfWhole(_instruction.Decoded);
        ref Operation op = ref _instruction.Op;
        LocalBuilder b = RentInteger(width);
        PushOperand2(width);
        _il.Store(b);
        EmitProduct(width, signed: false, Rdx, b, op.Op0, op.Op1);
        _il.Release(b);
        return true;
    }

    /// <summary>upper : lower = a * b.</summary>
    private void EmitProduct(int width, bool signed, ushort a, LocalBuilder b, ushort upper, ushort lower)
    {
        LocalBuilder product = RentInteger(8), high = RentInteger(8);
        if (width == 8)
        {
            // Two multiplications: the one of .NET for both halves returns one of them through memory.
            PushGpr(a, 8);
            _il.Load(b);
            _il.Call(IntegerGlue.Method(signed ? nameof(IntegerGlue.UpperSigned) : nameof(IntegerGlue.UpperUnsigned)));
            _il.Store(high);
            PushGpr(a, 8);
            _il.Load(b);
            _il.Op(OpCodes.Mul);
        }
        else
        {
            PushGpr(a, 4);
            _il.Op(signed ? OpCodes.Conv_I8 : OpCodes.Conv_U8);
            _il.Load(b);
            _il.Op(signed ? OpCodes.Conv_I8 : OpCodes.Conv_U8);
            _il.Op(OpCodes.Mul);
            _il.Store(product);
            _il.Load(product);
            _il.Int32(32);
            _il.Op(OpCodes.Shr_Un);
            _il.Store(high);
            _il.Load(product);
            _il.Op(OpCodes.Conv_U4);
        }
        PopGpr(lower, width);
        _il.Load(high);
        if (width == 4)
            _il.Op(OpCodes.Conv_U4);
        PopGpr(upper, width);
        _il.Release(product);
        _il.Release(high);
    }

    /// <summary>DIV and IDIV: what does not overflow, and for IDIV only a dividend that fits the width; the interpreter does the rest.</summary>
    private bool EmitDivide(bool signed)
    {
        int width = InstructionFacts.WidthOfWhole(_instruction.Decoded);
        if (width < 4)
            return false;
        LocalBuilder divisor = RentInteger(width);
        PushOperand0(width);
        DetachNarrow(width);
        _il.Store(divisor);
        Label slow = SlowExit();
        if (signed)
        {
            // Neither 0 nor -1, and RDX the sign of RAX.
            _il.Load(divisor);
            PushConstant(1, width, signed: false);
            _il.Op(OpCodes.Add);
            PushConstant(1, width, signed: false);
            _il.Branch(OpCodes.Ble_Un, slow);
            PushGpr(Rdx, width);
            PushGpr(Rax, width);
            _il.Int32(width * 8 - 1);
            _il.Op(OpCodes.Shr);
            _il.Branch(OpCodes.Bne_Un, slow);
        }
        else
        {
            // The quotient fits when the upper half is below the divisor, which is not 0 then.
            PushGpr(Rdx, width);
            _il.Load(divisor);
            _il.Branch(OpCodes.Bge_Un, slow);
        }
        if (NativeDivision(width, signed) is { } native)
            EmitNativeDivision(native, width, divisor);
        else
            EmitPortableDivision(width, signed, divisor, slow);
        _il.Release(divisor);
        return true;
    }

    /// <summary>The host's own DIV, whose result and operands are ours; null on other hosts. The methods are marked experimental, but not the JIT's support of them.</summary>
    private static MethodInfo? NativeDivision(int width, bool signed) => (width, signed) switch
    {
        (4, false) when X86Base.IsSupported => typeof(X86Base).GetMethod("DivRem", [typeof(uint), typeof(uint), typeof(uint)]),
        (4, true) when X86Base.IsSupported => typeof(X86Base).GetMethod("DivRem", [typeof(uint), typeof(int), typeof(int)]),
        (8, false) when X86Base.X64.IsSupported => typeof(X86Base.X64).GetMethod("DivRem", [typeof(ulong), typeof(ulong), typeof(ulong)]),
        (8, true) when X86Base.X64.IsSupported => typeof(X86Base.X64).GetMethod("DivRem", [typeof(ulong), typeof(long), typeof(long)]),
        _ => null,
    };

    private void EmitNativeDivision(MethodInfo native, int width, LocalBuilder divisor)
    {
        LocalBuilder result = _il.Rent(native.ReturnType);
        PushGpr(Rax, width);
        DetachNarrow(width);
        PushGpr(Rdx, width);
        DetachNarrow(width);
        _il.Load(divisor);
        _il.Call(native);
        _il.Store(result);
        SetDivided();
        _il.LoadAddress(result);
        _il.Field(OpCodes.Ldfld, native.ReturnType.GetField("Item1")!);
        PopGpr(Rax, width);
        _il.LoadAddress(result);
        _il.Field(OpCodes.Ldfld, native.ReturnType.GetField("Item2")!);
        PopGpr(Rdx, width);
        _il.Release(result);
    }

    private void EmitPortableDivision(int width, bool signed, LocalBuilder divisor, Label slow)
    {
        // Unsigned 32 bits divide 64; otherwise the dividend is as wide as the divisor.
        bool wide = width == 4 && !signed;
        LocalBuilder dividend = RentInteger(wide ? 8 : width), quotient = RentInteger(wide ? 8 : width);
        if (width == 8 && !signed)
        {
            PushGpr(Rdx, 8);
            _il.Branch(OpCodes.Brtrue, slow);
        }
        PushGpr(Rax, width);
        if (wide)
        {
            _il.Op(OpCodes.Conv_U8);
            PushGpr(Rdx, 8);
            _il.Int32(32);
            _il.Op(OpCodes.Shl);
            _il.Op(OpCodes.Or);
        }
        _il.Store(dividend);
        _il.Load(dividend);
        PushDivisor();
        _il.Op(signed ? OpCodes.Div : OpCodes.Div_Un);
        _il.Store(quotient);
        SetDivided();
        _il.Load(quotient);
        if (wide)
            _il.Op(OpCodes.Conv_U4);
        PopGpr(Rax, width);
        _il.Load(dividend);
        _il.Load(quotient);
        PushDivisor();
        _il.Op(OpCodes.Mul);
        _il.Op(OpCodes.Sub);
        if (wide)
            _il.Op(OpCodes.Conv_U4);
        PopGpr(Rdx, width);
        _il.Release(dividend);
        _il.Release(quotient);

        void PushDivisor()
        {
            _il.Load(divisor);
            if (wide)
                _il.Op(OpCodes.Conv_U8);
        }
    }

    private void SetDivided()
    {
        if (_instruction.NeededAfter == FlagSet.None)
            SetFlags(FlagsState.Dead);
        else
            SetFlags(_at.Flags with { Change = (_at.Flags.Change ?? new FlagsChange()) with { Divided = true, Counted = null } });
    }
}
