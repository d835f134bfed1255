using System.Reflection;
using System.Reflection.Emit;
using Faultline.Cpu.Semantics.Vector;
using Faultline.Cpu.State;
using Faultline.Cpu.Table;
using Iced.Intel;
using Label = System.Reflection.Emit.Label;

namespace Faultline.Cpu.Translator;

// Floating-point arithmetic inline: the host's operation, a check that it was routine, and an exit when it was not. The named list of forms whose body is not called.
internal sealed unsafe partial class RegionTranslator
{
    private const uint PrecisionFlag = 0x20;

    /// <summary>Kinds of operands, as the names of <see cref="FloatGlue"/>'s methods end; the number is what <see cref="TranslationState.Routine"/> keeps.</summary>
    private static readonly string[] s_floatKinds = ["", "Sd", "Ss", "Pd", "Ps", "Pd256", "Ps256"];

    /// <summary>Not 0 when MXCSR.PE was set at the entry: whether an operation was exact does not matter then.</summary>
    private LocalBuilder? _precise;

    private LocalBuilder? _compareA, _compareB;

    /// <summary>See <see cref="FloatGlue.Bias128"/>; null when no operation needs it.</summary>
    private LocalBuilder? _bias128, _bias256;

    private bool EmitFloat()
    {
        int kind = KindOf(_instruction);
        if (kind == 0)
            return false;
        Mnemonic mnemonic = _instruction.Decoded.Mnemonic;
        if (FloatOperation(mnemonic) is var (operation, _))
        {
            if (operation == "Sqrt")
                EmitSqrt(kind);
            else
                EmitFloatBinary(operation, kind);
        }
        else if (ComparedSuffix(mnemonic) is not null)
        {
            EmitFloatCompare(kind);
        }
        else if (FusedOperation(mnemonic.ToString()) is { } fused)
        {
            EmitFused(fused.Order, fused.NegateProduct, fused.NegateAddend, kind);
        }
        return true;
    }

    /// <summary>The kind of an operation that is inline; 0 for others.</summary>
    private int KindOf(RegionInstruction instruction)
    {
        InstructionForm form = instruction.Form;
        if (!_region.InlinesFloats || form.Shape is < FormShape.VectorRmw or FormShape.VexHalvesUnary)
            return 0;
        Mnemonic mnemonic = instruction.Decoded.Mnemonic;
        string? suffix = FloatOperation(mnemonic)?.Suffix ?? ComparedSuffix(mnemonic)
            ?? (form.Shape == FormShape.VexFma && FloatControl.HasFused ? FusedOperation(mnemonic.ToString())?.Suffix : null);
        return suffix is null ? 0 : Array.IndexOf(s_floatKinds, suffix + (suffix[0] == 'P' && form.Width == 32 ? "256" : ""));
    }

    private static string? ComparedSuffix(Mnemonic mnemonic) => mnemonic switch
    {
        Mnemonic.Ucomisd or Mnemonic.Comisd or Mnemonic.Vucomisd or Mnemonic.Vcomisd => "Sd",
        Mnemonic.Ucomiss or Mnemonic.Comiss or Mnemonic.Vucomiss or Mnemonic.Vcomiss => "Ss",
        _ => null,
    };

    private static (string Operation, string Suffix)? FloatOperation(Mnemonic mnemonic) => mnemonic switch
    {
        Mnemonic.Addsd or Mnemonic.Vaddsd => ("Add", "Sd"),
        Mnemonic.Addss or Mnemonic.Vaddss => ("Add", "Ss"),
        Mnemonic.Addpd or Mnemonic.Vaddpd => ("Add", "Pd"),
        Mnemonic.Addps or Mnemonic.Vaddps => ("Add", "Ps"),
        Mnemonic.Subsd or Mnemonic.Vsubsd => ("Sub", "Sd"),
        Mnemonic.Subss or Mnemonic.Vsubss => ("Sub", "Ss"),
        Mnemonic.Subpd or Mnemonic.Vsubpd => ("Sub", "Pd"),
        Mnemonic.Subps or Mnemonic.Vsubps => ("Sub", "Ps"),
        Mnemonic.Mulsd or Mnemonic.Vmulsd => ("Mul", "Sd"),
        Mnemonic.Mulss or Mnemonic.Vmulss => ("Mul", "Ss"),
        Mnemonic.Mulpd or Mnemonic.Vmulpd => ("Mul", "Pd"),
        Mnemonic.Mulps or Mnemonic.Vmulps => ("Mul", "Ps"),
        Mnemonic.Divsd or Mnemonic.Vdivsd => ("Div", "Sd"),
        Mnemonic.Divss or Mnemonic.Vdivss => ("Div", "Ss"),
        Mnemonic.Divpd or Mnemonic.Vdivpd => ("Div", "Pd"),
        Mnemonic.Divps or Mnemonic.Vdivps => ("Div", "Ps"),
        Mnemonic.Sqrtsd or Mnemonic.Vsqrtsd => ("Sqrt", "Sd"),
        Mnemonic.Sqrtss or Mnemonic.Vsqrtss => ("Sqrt", "Ss"),
        Mnemonic.Sqrtpd or Mnemonic.Vsqrtpd => ("Sqrt", "Pd"),
        Mnemonic.Sqrtps or Mnemonic.Vsqrtps => ("Sqrt", "Ps"),
        _ => null,
    };

    /// <summary>VFMADD, VFMSUB, VFNMADD and VFNMSUB with their order of operands; the alternating ones are left to their bodies.</summary>
    private static (string Order, bool NegateProduct, bool NegateAddend, string Suffix)? FusedOperation(string name)
    {
        bool negated = name.StartsWith("Vfnm", StringComparison.Ordinal);
        string rest = name[(negated ? 4 : 3)..];
        if (rest.Length != 8 || rest[..3] is not ("add" or "sub"))
            return null;
        return (rest[3..6], negated, rest[..3] == "sub", char.ToUpperInvariant(rest[6]) + rest[7..]);
    }

    private Type TypeOf(int kind) => kind >= 5 ? s_v256 : s_v128;

    private static MethodInfo Glue(string name, int kind) =>
        typeof(FloatGlue).GetMethod(name + s_floatKinds[kind]) ?? throw new MissingMethodException(nameof(FloatGlue), name + s_floatKinds[kind]);

    /// <summary>The number of a register operand whose value is known to be routine for a kind, so that it need not be looked at again.</summary>
    private bool IsRoutine(int operand, int kind)
    {
        Register register = _instruction.Decoded.GetOpKind(operand) == OpKind.Register ? _instruction.Decoded.GetOpRegister(operand) : Register.None;
        if (VectorNumber(register) is not { } number)
            return false;
        int known = (int)(_at.Routine >> 4 * number & 15);
        return known == kind || (known, kind) is (3, 1) or (4, 2) or (5, 1) or (5, 3) or (6, 2) or (6, 4);
    }

    private void MarkRoutine(ushort offset, int kind)
    {
        int shift = 4 * ((offset - CpuState.VectorOffset(0)) / CpuState.VectorStride);
        _at = _at with { Routine = _at.Routine & ~(15UL << shift) | (ulong)kind << shift };
    }

    private bool IsVexShape => _instruction.Form.Shape >= FormShape.VexUnary;

    /// <summary>Pops a result into operand 0.</summary>
    private void PopFloat(int kind)
    {
        ushort destination = _instruction.Op.Op0;
        if (IsVexShape)
            PopVex(destination, TypeOf(kind));
        else
            PopLegacy(destination);
    }

    /// <summary>A register's own local where it has the operand's type and need not keep its value, or else a rented one.</summary>
    private LocalBuilder FloatOperand(int operand, Type type, bool aligned = false)
    {
        Instruction decoded = _instruction.Decoded;
        return _stretch is null && decoded.GetOpKind(operand) == OpKind.Register && type == VectorType
            ? VectorLocal(RegisterMap.Offset(decoded.GetOpRegister(operand)))
            : SourceVector(operand, type, aligned);
    }

    private void ReleaseOperand(LocalBuilder local)
    {
        if (Array.IndexOf(_vectors, local) < 0)
            _il.Release(local);
    }

    /// <summary>Leaves unless PE is set, which one test finds out for all that follows it.</summary>
    private void CheckPrecise(Label exit)
    {
        if (_at.Precise)
            return;
        _il.Load(_precise!);
        _il.Branch(OpCodes.Brfalse, exit);
        _at = _at with { Precise = true };
    }

    private void EmitFloatBinary(string operation, int kind)
    {
        Type type = TypeOf(kind);
        int first = IsVexShape ? 1 : 0;
        bool joins = JoinsStretch(kind);
        LocalBuilder b = FloatOperand(first + 1, type, !IsVexShape && kind > 2);
        LocalBuilder a = FloatOperand(first, type);
        LocalBuilder r = _il.Rent(type);
        _il.Load(a);
        _il.Load(b);
        _il.Call(Glue(operation, kind));
        _il.Store(r);
        string look = operation is "Add" or "Sub" ? "SumOrZero" : "ProductOrZero";
        if (joins)
            AddToStretch(first, [a, b], r, look, [a, b, r]);
        else
            EmitRoutineCheck(kind, first, [a, b], r, look);
    }

    private void EmitFused(string order, bool negateProduct, bool negateAddend, int kind)
    {
        Type type = TypeOf(kind);
        bool joins = JoinsStretch(kind);
        LocalBuilder[] operands = [FloatOperand(0, type), FloatOperand(1, type), FloatOperand(2, type)];
        int[] roles = [order[0] - '1', order[1] - '1', order[2] - '1'];
        LocalBuilder r = _il.Rent(type);
        _il.Load(operands[0]);
        foreach (int role in roles)
            _il.Load(operands[role]);
        _il.Int32(negateProduct ? 1 : 0);
        _il.Int32(negateAddend ? 1 : 0);
        _il.Call(Glue("Fused", kind));
        _il.Store(r);
        if (joins)
            AddToStretch(0, operands, r, "FusedOrZero", [operands[roles[0]], operands[roles[1]], operands[roles[2]], r]);
        else
            EmitRoutineCheck(kind, 0, operands, r, "FusedOrZero", roles);
    }

    /// <summary>
    /// Looks at the result, and at the operands that are not known to be routine: all of medium size, or else out of line whether the operation was routine or exactly zero.
    /// Then pops the result into operand 0.
    /// </summary>
    /// <param name="kind">Their kind.</param>
    /// <param name="first">The number of the first operand.</param>
    /// <param name="operands">The operands.</param>
    /// <param name="result">A rented local with the result; released.</param>
    /// <param name="second">The glue's method for the second look.</param>
    /// <param name="roles">The order in which that takes the operands; as they are when null.</param>
    private void EmitRoutineCheck(int kind, int first, LocalBuilder[] operands, LocalBuilder result, string second, int[]? roles = null)
    {
        Label exit = FloatExit(), unusual = _il.RareLabel(), done = _il.Label();
        CheckPrecise(exit);
        int looked = 1;
        for (int i = 0; i < operands.Length; i++)
        {
            if (IsRoutine(first + i, kind) || Array.IndexOf(operands, operands[i]) < i)
                continue;
            _il.Load(operands[i]);
            looked++;
        }
        _il.Load(result);
        _il.Load(Bias(kind));
        _il.Call(Glue($"Medium{looked}", kind));
        _il.Branch(OpCodes.Brfalse, unusual);
        _il.Mark(done);
        _il.Load(result);
        PopFloat(kind);
        // A zero, which the second look lets pass, is as good an operand as any.
        MarkRoutine(_instruction.Op.Op0, kind);

        _stubs.Enqueue(() =>
        {
            _il.Mark(unusual);
            for (int i = 0; i < operands.Length; i++)
                _il.Load(operands[roles?[i] ?? i]);
            _il.Load(result);
            _il.Call(Glue(second, kind));
            _il.Branch(OpCodes.Brtrue, done);
            _il.Branch(OpCodes.Br, exit);
        });
        foreach (LocalBuilder operand in operands)
            ReleaseOperand(operand);
        _il.Release(result);
    }

    private void EmitSqrt(int kind)
    {
        Type type = TypeOf(kind);
        int last = _instruction.Decoded.OpCount - 1;
        bool joins = JoinsStretch(kind);
        LocalBuilder b = FloatOperand(last, type, !IsVexShape && kind > 2);
        if (!joins)
        {
            Label exit = FloatExit();
            CheckPrecise(exit);
            EmitLook([b], "MediumPositive", "Positive", kind, exit);
        }
        if (kind <= 2)
            PushVector(RegisterMap.Offset(_instruction.Decoded.GetOpRegister(last - 1)), type);
        _il.Load(b);
        _il.Call(Glue("Sqrt", kind));
        if (joins)
        {
            // The root of a negative number is a NaN, not of medium size.
            LocalBuilder r = _il.Rent(type);
            _il.Store(r);
            AddToStretch(last, [b], r, "Positive", [b]);
            return;
        }
        PopFloat(kind);
        MarkRoutine(_instruction.Op.Op0, kind);
        ReleaseOperand(b);
    }

    /// <summary>A quick test of operands, and out of line an exact one when it fails; leaves when both do.</summary>
    private void EmitLook(LocalBuilder[] operands, string quick, string exact, int kind, Label exit)
    {
        Label unusual = _il.RareLabel(), done = _il.Label();
        foreach (LocalBuilder operand in operands)
            _il.Load(operand);
        _il.Load(Bias(kind));
        _il.Call(Glue(quick, kind));
        _il.Branch(OpCodes.Brfalse, unusual);
        _il.Mark(done);
        _stubs.Enqueue(() =>
        {
            _il.Mark(unusual);
            foreach (LocalBuilder operand in operands)
            {
                _il.Load(operand);
                _il.Call(Glue(exact, kind));
                _il.Branch(OpCodes.Brfalse, exit);
            }
            _il.Branch(OpCodes.Br, done);
        });
    }

    /// <summary>COMISD and its relatives: flags follow from the two numbers, which are ordinary, so that none of the conditions has to think of NaNs.</summary>
    private void EmitFloatCompare(int kind)
    {
        LocalBuilder b = FloatOperand(1, s_v128);
        LocalBuilder a = FloatOperand(0, s_v128);
        LocalBuilder[] unknown = (IsRoutine(0, kind), IsRoutine(1, kind)) switch
        {
            (true, true) => [],
            (true, false) => [b],
            (false, true) => [a],
            _ => [a, b],
        };
        bool joined = _stretch is not null;
        if (joined)
        {
            Gather(0, [a, b], null);
            _stretch!.Looks.AddRange(unknown.Select(operand => ("Ordinary", new[] { operand })));
            EndStretch();
        }
        else if (unknown.Length != 0)
        {
            EmitLook(unknown, $"Medium{unknown.Length}", "Ordinary", kind, FloatExit());
        }
        _compareA ??= _il.Local(typeof(double));
        _compareB ??= _il.Local(typeof(double));
        _il.Load(a);
        _il.Call(Glue("Value", kind));
        _il.Store(_compareA);
        _il.Load(b);
        _il.Call(Glue("Value", kind));
        _il.Store(_compareB);
        SetFlags(new FlagsState(FlagsForm.Compare) { A = FlagsSource.Of(_compareA), B = FlagsSource.Of(_compareB) });
        if (joined)
            return;
        ReleaseOperand(a);
        ReleaseOperand(b);
    }

    /// <summary>Branches on a comparison of ordinary numbers.</summary>
    private void BranchIfCompared(ConditionCode condition, Label target)
    {
        _il.Load(_compareA!);
        _il.Load(_compareB!);
        _il.Branch(condition switch
        {
            ConditionCode.b => OpCodes.Blt,
            ConditionCode.ae => OpCodes.Bge,
            ConditionCode.be => OpCodes.Ble,
            ConditionCode.a => OpCodes.Bgt,
            ConditionCode.e => OpCodes.Beq,
            _ => OpCodes.Bne_Un,
        }, target);
    }

    /// <summary>A label that leaves before the current instruction, counting how often floats make it do so.</summary>
    private Label FloatExit() => ExitBefore(_unusualFloat);

    /// <summary>At the entry: unless exceptions are masked and rounding is to nearest, the interpreter takes over.</summary>
    private void EmitFloatEntry()
    {
        if (!_usesVectors)
            return;
        const int Masks = 0x1f80, Rounding = 0x6000;
        Label usual = _il.Label();
        LoadState(nameof(CpuState.Mxcsr));
        _il.Int32(_region.InlinesFloats ? Masks | Rounding : Masks);
        _il.Op(OpCodes.And);
        _il.Int32(Masks);
        _il.Branch(OpCodes.Beq, usual);
        _il.State();
        _il.Operation();
        _il.Call(Method(nameof(RegionExits.Decline)));
        _il.Op(OpCodes.Ret);
        _il.Mark(usual);
        foreach (int kind in _region.Blocks.SelectMany(block => block.Instructions).Select(KindOf).Distinct())
        {
            if (kind >= 5)
                SetBias(ref _bias256, nameof(FloatGlue.Bias256), s_v256);
            else if (kind > 0)
                SetBias(ref _bias128, nameof(FloatGlue.Bias128), s_v128);
        }
        _precise = _il.Local(typeof(int));
        LoadState(nameof(CpuState.Mxcsr));
        _il.Int32((int)PrecisionFlag);
        _il.Op(OpCodes.And);
        _il.Store(_precise);
    }

    private LocalBuilder Bias(int kind) => (kind >= 5 ? _bias256 : _bias128)!;

    private void SetBias(ref LocalBuilder? bias, string method, Type type)
    {
        if (bias is not null)
            return;
        bias = _il.Local(type);
        _il.Call(typeof(FloatGlue).GetMethod(method)!);
        _il.Store(bias);
    }
}
