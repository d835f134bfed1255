using System.Reflection.Emit;
using Faultline.Cpu.Table;
using Iced.Intel;
using Label = System.Reflection.Emit.Label;

namespace Faultline.Cpu.Translator;

// One test for several floating-point operations. Between the first and the test nothing but vector registers changes, so that there is little to take back.
internal sealed unsafe partial class RegionTranslator
{
    /// <summary>Operations under one test at most: each keeps two or three values alive to its end.</summary>
    private const int MaxLooks = 4;

    /// <summary>The operations whose test is still to come; null for none, as at the start and the end of every block.</summary>
    private FloatStretch? _stretch;

    /// <summary>Begins or continues a stretch with the current operation.</summary>
    private void BeginStretch(int kind)
    {
        if (_stretch is not null)
            return;
        CheckPrecise(FloatExit());
        _stretch = new FloatStretch(kind, _instruction.Decoded.IP, _at.Pending, isOne: !IsFollowedBy(kind));
    }

    /// <summary>Whether another operation of the kind follows before anything that ends a stretch.</summary>
    private bool IsFollowedBy(int kind)
    {
        for (int i = _index + 1; i < _block.Instructions.Count; i++)
        {
            RegionInstruction next = _block.Instructions[i];
            if (next.FloatKind is not 0 and int other)
                return other == kind;
            if (!IsVectorMove(next))
                return false;
        }
        return false;
    }

    /// <summary>
    /// Whether an instruction does nothing but give a vector register a value that follows from vectors, a general register or memory, without regard to MXCSR.
    /// </summary>
    private static bool IsVectorMove(RegionInstruction instruction)
    {
        if (instruction.Form.Width == InstructionForm.MmxWidth || instruction.Decoded.Op0Kind != OpKind.Register || VectorNumber(instruction.Decoded.Op0Register) is null)
            return false;
        return instruction.Decoded.Mnemonic
            is Mnemonic.Movaps or Mnemonic.Movapd or Mnemonic.Movups or Mnemonic.Movupd or Mnemonic.Movdqa or Mnemonic.Movdqu or Mnemonic.Movsd or Mnemonic.Movss
            or Mnemonic.Movq or Mnemonic.Movd or Mnemonic.Movddup or Mnemonic.Movhlps or Mnemonic.Movlhps or Mnemonic.Movhpd or Mnemonic.Movlpd or Mnemonic.Movhps or Mnemonic.Movlps
            or Mnemonic.Unpcklpd or Mnemonic.Unpckhpd or Mnemonic.Unpcklps or Mnemonic.Unpckhps or Mnemonic.Shufpd or Mnemonic.Shufps or Mnemonic.Pshufd
            or Mnemonic.Punpcklqdq or Mnemonic.Punpckhqdq or Mnemonic.Pxor or Mnemonic.Pand or Mnemonic.Pandn or Mnemonic.Por or Mnemonic.Xorps or Mnemonic.Xorpd
            or Mnemonic.Andps or Mnemonic.Andpd or Mnemonic.Andnps or Mnemonic.Andnpd or Mnemonic.Orps or Mnemonic.Orpd
            or Mnemonic.Vmovaps or Mnemonic.Vmovapd or Mnemonic.Vmovups or Mnemonic.Vmovupd or Mnemonic.Vmovdqa or Mnemonic.Vmovdqu or Mnemonic.Vmovsd or Mnemonic.Vmovss
            or Mnemonic.Vmovddup or Mnemonic.Vunpcklpd or Mnemonic.Vunpckhpd or Mnemonic.Vunpcklps or Mnemonic.Vunpckhps or Mnemonic.Vshufpd or Mnemonic.Vshufps
            or Mnemonic.Vpermilpd or Mnemonic.Vpermilps or Mnemonic.Vperm2f128 or Mnemonic.Vpermpd or Mnemonic.Vinsertf128 or Mnemonic.Vextractf128
            or Mnemonic.Vbroadcastsd or Mnemonic.Vbroadcastss or Mnemonic.Vbroadcastf128 or Mnemonic.Vpxor or Mnemonic.Vxorps or Mnemonic.Vxorpd
            or Mnemonic.Vandps or Mnemonic.Vandpd or Mnemonic.Vandnps or Mnemonic.Vandnpd or Mnemonic.Vorps or Mnemonic.Vorpd;
    }

    /// <summary>Before an instruction is emitted: ends the stretch, or keeps what the instruction overwrites.</summary>
    private void ContinueStretch()
    {
        if (_stretch is null)
            return;
        int kind = _instruction.FloatKind;
        if (kind == 0 && IsVectorMove(_instruction))
        {
            FollowMove();
            SaveOverwritten();
        }
        else if (kind != _stretch.Kind)
        {
            EndStretch(_at.Facts);
        }
    }

    /// <summary>What a move does to the numbers that are known: a copy is as good, and what becomes part of something else has to be near.</summary>
    private void FollowMove()
    {
        FloatStretch stretch = _stretch!;
        int to = VectorNumber(_instruction.Decoded.Op0Register)!.Value;
        (LocalBuilder, Magnitude)? copied = null;
        if (FloatFlow.CopiedBy(_instruction) is { } from && (stretch.Kind < 5 || _instruction.Form.Width == 32))
        {
            copied = stretch.Known[from];
        }
        else
        {
            foreach ((int number, _) in FloatFlow.HandedOn(_instruction))
                Ensure(number);
            GatherValues();
        }
        stretch.Known[to] = copied;
    }

    /// <summary>Makes sure that the number that is known in a register is as near as others will take it to be.</summary>
    private void Ensure(int number)
    {
        FloatStretch stretch = _stretch!;
        if (!_carries || stretch.Known[number] is not var (value, size))
            return;
        stretch.Near.Add(value);
        if (size.IsWithin(Magnitude.Near(stretch.Kind)))
            return;
        stretch.Values.Add(value);
        stretch.Known[number] = (value, Magnitude.Looked(stretch.Kind));
    }

    /// <summary>The size of an operand as far as it is known.</summary>
    private Magnitude? SizeOf(int operand)
    {
        FloatStretch stretch = _stretch!;
        if (_instruction.Decoded.GetOpKind(operand) != OpKind.Register || VectorNumber(_instruction.Decoded.GetOpRegister(operand)) is not { } number)
            return null;
        if (stretch.Known[number] is var (_, size))
            return size;
        if ((_at.Facts[number] & VectorFacts.Of(stretch.Kind)) == 0)
            return null;
        return _carries ? Magnitude.Near(stretch.Kind) : Magnitude.Normal(stretch.Kind);
    }

    /// <summary>The size of an operand of the current operation, which is looked at unless it is known.</summary>
    private Magnitude Look(int operand, LocalBuilder value)
    {
        if (SizeOf(operand) is { } known)
            return known;
        FloatStretch stretch = _stretch!;
        stretch.Values.Add(value);
        if (_instruction.Decoded.GetOpKind(operand) == OpKind.Register && VectorNumber(_instruction.Decoded.GetOpRegister(operand)) is { } number)
            stretch.Known[number] = (value, Magnitude.Looked(stretch.Kind));
        return Magnitude.Looked(stretch.Kind);
    }

    private void SaveOverwritten()
    {
        LocalBuilder register = VectorLocal(RegisterMap.Offset(_instruction.Decoded.Op0Register));
        if (_stretch!.Saved.Exists(saved => saved.Register == register))
            return;
        LocalBuilder before = _il.Rent(VectorType);
        _il.Load(register);
        _il.Store(before);
        _stretch.Saved.Add((register, before));
    }

    /// <summary>Takes an operation into the stretch and pops its result into operand 0.</summary>
    /// <param name="operands">The operands; released at the end of the stretch.</param>
    /// <param name="result">The result in a rented local; likewise.</param>
    /// <param name="size">Its size, as it follows from those of the operands.</param>
    /// <param name="looks">Whether the result is looked at in any case.</param>
    /// <param name="second">The glue's method for the second look.</param>
    /// <param name="looked">What that looks at.</param>
    private void AddToStretch(LocalBuilder[] operands, LocalBuilder result, Magnitude size, bool looks, string second, LocalBuilder[] looked)
    {
        FloatStretch stretch = _stretch!;
        stretch.Rented.AddRange(operands.Where(operand => Array.IndexOf(_vectors, operand) < 0));
        stretch.Rented.Add(result);
        stretch.Looks.Add((second, looked));
        if (looks || !size.IsRoutine(stretch.Kind))
        {
            stretch.Values.Add(result);
            size = Magnitude.Looked(stretch.Kind);
        }
        GatherValues();
        int number = VectorNumber(_instruction.Decoded.Op0Register)!.Value;
        stretch.Known[number] = (result, size);
        bool ends = stretch.IsOne || stretch.Looks.Count >= MaxLooks || !IsFollowedBy(stretch.Kind);
        // The last one need not take back its own result.
        if (ends)
            EndStretch(FloatFlow.After(_instruction, _at.Facts, _carries));
        else
            SaveOverwritten();
        _il.Load(result);
        PopFloat(stretch.Kind);
    }

    /// <summary>Adds the values that need a look to what is tested at the end.</summary>
    private void GatherValues()
    {
        FloatStretch stretch = _stretch!;
        if (stretch.Values.Count == 0)
            return;
        bool more = stretch.Gathered is not null;
        stretch.Gathered ??= _il.Rent(TypeOf(stretch.Kind));
        EmitGather(stretch.Kind, stretch.Gathered, stretch.Values, more);
        stretch.Values.Clear();
    }

    private void EmitGather(int kind, LocalBuilder gathered, List<LocalBuilder> values, bool more)
    {
        Type type = TypeOf(kind);
        foreach (LocalBuilder[] some in values.Distinct().Chunk(4))
        {
            if (more)
                _il.Load(gathered);
            foreach (LocalBuilder value in some)
                _il.Load(value);
            _il.Load(Bias(kind));
            _il.Call(typeof(FloatGlue).GetMethod(more ? "GatherMore" : "Gather", [.. Enumerable.Repeat(type, some.Length + (more ? 2 : 1))])!);
            _il.Store(gathered);
            more = true;
        }
    }

    /// <summary>The test: when it fails and the second look at each operation finds one that was not routine, control leaves before the first.</summary>
    /// <param name="facts">What will be taken for known: numbers of the stretch among that are made sure of.</param>
    private void EndStretch(VectorFacts facts)
    {
        FloatStretch stretch = _stretch!;
        for (int i = 0; i < 16; i++)
        {
            if (facts[i] != 0)
                Ensure(i);
        }
        GatherValues();
        if (stretch.Gathered is { } gathered)
        {
            Label exit = FloatExit(), unusual = _il.Label(), done = _il.Label();
            _il.Load(gathered);
            _il.Call(Glue("IsMedium", stretch.Kind));
            _il.Branch(OpCodes.Brfalse, unusual);
            _il.Mark(done);
            _stubs.Enqueue(() => EmitSecondLook(stretch, unusual, exit, done));
            _il.Release(gathered);
        }
        foreach ((_, LocalBuilder before) in stretch.Saved)
            _il.Release(before);
        foreach (LocalBuilder local in stretch.Rented)
            _il.Release(local);
        _stretch = null;
    }

    private void EmitSecondLook(FloatStretch stretch, Label unusual, Label exit, Label done)
    {
        _il.Mark(unusual);
        foreach ((string look, LocalBuilder[] looked) in stretch.Looks)
        {
            foreach (LocalBuilder value in looked)
                _il.Load(value);
            _il.Call(Glue(look, stretch.Kind));
            _il.Branch(OpCodes.Brfalse, exit);
        }
        foreach (LocalBuilder value in stretch.Near)
        {
            _il.Load(value);
            _il.Call(Glue("Near", stretch.Kind));
            _il.Branch(OpCodes.Brfalse, exit);
        }
        _il.Branch(OpCodes.Br, done);
    }

    /// <summary>After an instruction: what is known about vector registers now.</summary>
    private void FollowFacts()
    {
        if (_hasFloats)
            _at = _at with { Facts = FloatFlow.After(_instruction, _at.Facts, _carries) };
    }
}
