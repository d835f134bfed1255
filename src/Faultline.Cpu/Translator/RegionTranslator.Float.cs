using System.Reflection;
using System.Reflection.Emit;
using Faultline.Cpu.Semantics.Float;
using Faultline.Cpu.Semantics.Vector;
using Faultline.Cpu.State;
using Faultline.Cpu.Table;
using Iced.Intel;
using Label = System.Reflection.Emit.Label;

namespace Faultline.Cpu.Translator;

// Floating-point arithmetic inline: the host's operation, a check that it was routine, and an exit when it was not. The named list of forms whose body is not called.
internal sealed unsafe partial class RegionTranslator
{
    /// <summary>Kinds of operands, as the names of <see cref="FloatGlue"/>'s methods end; <see cref="VectorFacts"/> has a bit for each.</summary>
    private static readonly string[] s_floatKinds = ["", "Sd", "Ss", "Pd", "Ps", "Pd256", "Ps256"];

    /// <summary>Not 0 when MXCSR.PE was set at the entry: whether an operation was exact does not matter then. Null where the region cannot be entered otherwise.</summary>
    private LocalBuilder? _precise;

    /// <summary>Whether any floating-point operation is inline.</summary>
    private readonly bool _hasFloats;

    /// <summary>Whether the region runs only with PE set.</summary>
    private readonly bool _isPrecise;

    /// <summary>Whether results are looked at for what later operations want to know, round loops too.</summary>
    private readonly bool _carries;

    private LocalBuilder? _compareA, _compareB;

    /// <summary>See <see cref="FloatGlue.Bias128"/>; null when no operation needs it.</summary>
    private LocalBuilder? _bias128, _bias256;

    private bool EmitFloat()
    {
        int kind = _instruction.FloatKind;
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

    /// <summary>An operand in a rented local, or in its register's own where it has the operand's type and need not keep its value: when the operation is a stretch by itself.</summary>
    private LocalBuilder FloatOperand(int operand, Type type, bool aligned = false)
    {
        Instruction decoded = _instruction.Decoded;
        return _stretch is null or { IsOne: true } && decoded.GetOpKind(operand) == OpKind.Register && type == VectorType
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
        BeginStretch(kind);
        LocalBuilder b = FloatOperand(first + 1, type, !IsVexShape && kind > 2);
        LocalBuilder a = FloatOperand(first, type);
        LocalBuilder r = _il.Rent(type);
        _il.Load(a);
        _il.Load(b);
        _il.Call(Glue(operation, kind));
        _il.Store(r);
        Magnitude x = Look(first, a), y = Look(first + 1, b);
        Magnitude result = operation switch
        {
            "Mul" => Magnitude.Product(x, y),
            "Div" => Magnitude.Quotient(x, y),
            _ => Magnitude.Sum(x, y, kind),
        };
        // A quotient by zero is no number, or infinite.
        bool looks = operation == "Div" && !y.NonZero;
        AddToStretch([a, b], r, result, looks, operation is "Add" or "Sub" ? "SumOrZero" : "ProductOrZero", [a, b, r]);
    }

    private void EmitFused(string order, bool negateProduct, bool negateAddend, int kind)
    {
        Type type = TypeOf(kind);
        BeginStretch(kind);
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
        Magnitude[] sizes = [Look(0, operands[0]), Look(1, operands[1]), Look(2, operands[2])];
        Magnitude result = Magnitude.Fused(sizes[roles[0]], sizes[roles[1]], sizes[roles[2]], kind);
        AddToStretch(operands, r, result, looks: false, "FusedOrZero", [operands[roles[0]], operands[roles[1]], operands[roles[2]], r]);
    }

    private void EmitSqrt(int kind)
    {
        Type type = TypeOf(kind);
        int last = _instruction.Decoded.OpCount - 1;
        BeginStretch(kind);
        LocalBuilder b = FloatOperand(last, type, !IsVexShape && kind > 2), r = _il.Rent(type);
        if (kind <= 2)
            PushVector(RegisterMap.Offset(_instruction.Decoded.GetOpRegister(last - 1)), type);
        _il.Load(b);
        _il.Call(Glue("Sqrt", kind));
        _il.Store(r);
        // A root of medium size is that of a normal, positive number.
        AddToStretch([b], r, default, looks: true, "Positive", [b]);
    }

    /// <summary>Whether an instruction is a square root.</summary>
    public static bool IsRoot(RegionInstruction instruction) => FloatOperation(instruction.Decoded.Mnemonic) is ("Sqrt", _);

    /// <summary>COMISD and its relatives: flags follow from the two numbers, which are ordinary, so that none of the conditions has to think of NaNs.</summary>
    private void EmitFloatCompare(int kind)
    {
        _stretch ??= new FloatStretch(kind, _instruction.Decoded.IP, _at.Pending, isOne: true);
        LocalBuilder b = FloatOperand(1, s_v128);
        LocalBuilder a = FloatOperand(0, s_v128);
        for (int i = 0; i < 2; i++)
        {
            LocalBuilder operand = i == 0 ? a : b;
            if (SizeOf(i) is not null)
                continue;
            _stretch.Looks.Add(("Ordinary", [operand]));
            Look(i, operand);
        }
        GatherValues();
        EndStretch(_at.Facts);
        _compareA ??= _il.Local(typeof(double));
        _compareB ??= _il.Local(typeof(double));
        _il.Load(a);
        _il.Call(Glue("Value", kind));
        _il.Store(_compareA);
        _il.Load(b);
        _il.Call(Glue("Value", kind));
        _il.Store(_compareB);
        SetFlags(new FlagsState(FlagsForm.Compare) { A = FlagsSource.Of(_compareA), B = FlagsSource.Of(_compareB) });
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

    /// <summary>What is counted where a float is not as the region assumes.</summary>
    private Assumptions MissedFloats => _carries ? Assumptions.NearFloats : Assumptions.RoutineFloats;

    /// <summary>A label that leaves before the current instruction, counting how often floats make it do so.</summary>
    private Label FloatExit() => ExitBefore(MissedFloats);

    /// <summary>At the entry: unless exceptions are masked, rounding is to nearest and PE is set, the interpreter takes over.</summary>
    private void EmitFloatEntry()
    {
        if (!_usesVectors)
            return;
        uint wanted = MxcsrBits.Masks | (_isPrecise ? FloatFlags.Precision : 0);
        Label usual = _il.Label();
        LoadState(nameof(CpuState.Mxcsr));
        _il.Int32((int)(_region.InlinesFloats ? wanted | MxcsrBits.Rounding : MxcsrBits.Masks));
        _il.Op(OpCodes.And);
        _il.Int32((int)wanted);
        _il.Branch(OpCodes.Beq, usual);
        _il.State();
        _il.Operation();
        _il.Call(Method(nameof(RegionExits.Decline)));
        _il.Op(OpCodes.Ret);
        _il.Mark(usual);
        if (!_hasFloats)
            return;
        if (_wide)
            SetBias(ref _bias256, nameof(FloatGlue.Bias256), s_v256);
        SetBias(ref _bias128, nameof(FloatGlue.Bias128), s_v128);
        if (_isPrecise)
            return;
        _precise = _il.Local(typeof(int));
        LoadState(nameof(CpuState.Mxcsr));
        _il.Int32((int)FloatFlags.Precision);
        _il.Op(OpCodes.And);
        _il.Store(_precise);
    }

    /// <summary>The label of a block for those who come from the entry: where the block takes something for granted, that is looked at first.</summary>
    private Label EntryLabel(RegionBlock block)
    {
        if (block.FactsBefore.IsNone)
            return block.Label;
        Label label = _il.Label(), decline = _il.Label();
        _stubs.Enqueue(() =>
        {
            _il.Mark(label);
            EmitFactsLook(block.FactsBefore, decline);
            _il.Branch(OpCodes.Br, block.Label);
            _il.Mark(decline);
            CountExit();
            _il.State();
            _il.Operation();
            _il.Call(Method(nameof(RegionExits.DeclineFloats)));
            _il.Op(OpCodes.Ret);
        });
        return label;
    }

    /// <summary>On an edge: looks at what the target takes for granted and is not known here; leaves to the target, which the interpreter begins, unless it is so.</summary>
    private void CheckFacts(RegionBlock target)
    {
        VectorFacts unknown = target.FactsBefore.Except(_at.Facts);
        if (unknown.IsNone)
            return;
        TranslationState state = _at;
        EmitFactsLook(unknown, ExitTo(target.Start, () => EmitUnusual(state, state.Pending, MissedFloats)));
    }

    /// <summary>Looks whether vector registers are what facts about them say, once quickly and where that fails exactly.</summary>
    private void EmitFactsLook(VectorFacts facts, Label fail)
    {
        foreach (int kind in (ReadOnlySpan<int>)[5, 6, 3, 4, 1, 2])
        {
            List<LocalBuilder> values = [];
            for (int i = 0; i < 16; i++)
            {
                if ((facts[i] & VectorFacts.Of(kind)) == 0 || _vectors[i] is null)
                    continue;
                facts = facts.With(i, facts[i] & ~VectorFacts.UpTo(kind));
                values.Add(CopyVector((ushort)CpuState.VectorOffset(i), TypeOf(kind)));
            }
            if (values.Count == 0)
                continue;
            LocalBuilder gathered = _il.Rent(TypeOf(kind));
            EmitGather(kind, gathered, values, more: false);
            Label unusual = _il.Label(), done = _il.Label();
            _il.Load(gathered);
            _il.Call(Glue("IsMedium", kind));
            _il.Branch(OpCodes.Brfalse, unusual);
            _il.Mark(done);
            _stubs.Enqueue(() =>
            {
                _il.Mark(unusual);
                foreach (LocalBuilder value in values)
                {
                    _il.Load(value);
                    _il.Call(Glue("Near", kind));
                    _il.Branch(OpCodes.Brfalse, fail);
                }
                _il.Branch(OpCodes.Br, done);
            });
            foreach (LocalBuilder value in values)
                _il.Release(value);
            _il.Release(gathered);
        }
    }

    private LocalBuilder Bias(int kind) => (kind >= 5 ? _bias256 : _bias128)!;

    private void SetBias(ref LocalBuilder? bias, string method, Type type)
    {
        bias = _il.Local(type);
        _il.Call(typeof(FloatGlue).GetMethod(method)!);
        _il.Store(bias);
    }
}
