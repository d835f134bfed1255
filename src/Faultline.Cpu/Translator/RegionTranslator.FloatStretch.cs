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

    /// <summary>Begins or continues a stretch with the current operation, unless it would be the only one.</summary>
    private bool JoinsStretch(int kind)
    {
        if (_stretch is null && IsFollowedBy(kind))
        {
            CheckPrecise(FloatExit());
            _stretch = new FloatStretch(kind, _instruction.Decoded.IP, _at.Pending);
        }
        return _stretch is not null;
    }

    /// <summary>Whether another operation of the kind follows before anything that ends a stretch.</summary>
    private bool IsFollowedBy(int kind)
    {
        for (int i = _index + 1; i < _block.Instructions.Count; i++)
        {
            RegionInstruction next = _block.Instructions[i];
            if (KindOf(next) is not 0 and int other)
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
        int kind = KindOf(_instruction);
        if (kind == 0 && IsVectorMove(_instruction))
            SaveOverwritten();
        else if (kind != _stretch.Kind)
            EndStretch();
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
    /// <param name="first">The number of the first operand.</param>
    /// <param name="operands">The operands in rented locals; released at the end of the stretch.</param>
    /// <param name="result">The result likewise.</param>
    /// <param name="look">The glue's method for the second look.</param>
    /// <param name="looked">What that looks at.</param>
    private void AddToStretch(int first, LocalBuilder[] operands, LocalBuilder result, string look, LocalBuilder[] looked)
    {
        FloatStretch stretch = _stretch!;
        Gather(first, operands, result);
        stretch.Looks.Add((look, looked));
        SaveOverwritten();
        _il.Load(result);
        PopFloat(stretch.Kind);
        MarkRoutine(_instruction.Op.Op0, stretch.Kind);
        if (stretch.Looks.Count >= MaxLooks || !IsFollowedBy(stretch.Kind))
            EndStretch();
    }

    /// <summary>Adds the operands that are not known to be routine, and the result if there is one, to what is tested at the end.</summary>
    private void Gather(int first, LocalBuilder[] operands, LocalBuilder? result)
    {
        FloatStretch stretch = _stretch!;
        Type type = TypeOf(stretch.Kind);
        List<LocalBuilder> values = [.. operands.Where((_, i) => !IsRoutine(first + i, stretch.Kind))];
        stretch.Rented.AddRange(operands);
        if (result is not null)
        {
            values.Add(result);
            stretch.Rented.Add(result);
        }
        if (values.Count == 0)
            return;
        if (stretch.Gathered is null)
            stretch.Gathered = _il.Rent(type);
        else
            values.Insert(0, stretch.Gathered);
        foreach (LocalBuilder value in values)
            _il.Load(value);
        string name = values[0] == stretch.Gathered ? "GatherMore" : "Gather";
        _il.Load(Bias(stretch.Kind));
        _il.Call(typeof(FloatGlue).GetMethod(name, [.. Enumerable.Repeat(type, values.Count + 1)])!);
        _il.Store(stretch.Gathered);
    }

    /// <summary>The test: when it fails and the second look at each operation finds one that was not routine, control leaves before the first.</summary>
    private void EndStretch()
    {
        FloatStretch stretch = _stretch!;
        Label exit = FloatExit(), unusual = _il.RareLabel(), done = _il.Label();
        _il.Load(stretch.Gathered!);
        _il.Call(Glue("IsMedium", stretch.Kind));
        _il.Branch(OpCodes.Brfalse, unusual);
        _il.Mark(done);
        _stubs.Enqueue(() =>
        {
            _il.Mark(unusual);
            foreach ((string look, LocalBuilder[] looked) in stretch.Looks)
            {
                foreach (LocalBuilder value in looked)
                    _il.Load(value);
                _il.Call(Glue(look, stretch.Kind));
                _il.Branch(OpCodes.Brfalse, exit);
            }
            _il.Branch(OpCodes.Br, done);
        });
        foreach ((_, LocalBuilder before) in stretch.Saved)
            _il.Release(before);
        foreach (LocalBuilder local in stretch.Rented)
            _il.Release(local);
        _il.Release(stretch.Gathered!);
        _stretch = null;
    }
}
