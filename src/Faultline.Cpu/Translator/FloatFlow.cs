using System.Numerics;
using Faultline.Cpu.Table;
using Iced.Intel;

namespace Faultline.Cpu.Translator;

/// <summary>
/// Which vector registers hold what floating-point operations take without a look, through the blocks of a region: results that have been looked at, copies and arrangements of
/// them, zeros. At the heads of loops that is taken for granted of what the loop itself keeps so; where control comes from elsewhere it is looked at once, before the loop.
/// </summary>
internal sealed class FloatFlow
{
    private readonly IReadOnlyList<RegionBlock> _blocks;
    private readonly InstructionInfoFactory _information = new();
    private readonly Dictionary<RegionBlock, VectorFacts> _wanted = [];

    private FloatFlow(IReadOnlyList<RegionBlock> blocks) => _blocks = blocks;

    /// <summary>Works out what is known at the start of each block, and what of it anyone wants to know after each instruction.</summary>
    /// <param name="blocks">The blocks in the order of emission.</param>
    /// <param name="kindOf">The kind of an instruction's operands; 0 for no floating-point operation that is inline.</param>
    /// <param name="carries">Whether results are looked at for later operations: otherwise nothing is known where ways join.</param>
    public static void Find(IReadOnlyList<RegionBlock> blocks, Func<RegionInstruction, int> kindOf, bool carries)
    {
        foreach (RegionInstruction instruction in blocks.SelectMany(block => block.Instructions))
            instruction.FloatKind = kindOf(instruction);
        FloatFlow flow = new(blocks);
        foreach (RegionInstruction instruction in blocks.SelectMany(block => block.Instructions))
            instruction.WrittenVectors = flow.WrittenBy(instruction);
        if (!carries)
            return;
        flow.FindWanted();
        flow.FindKnown();
    }

    /// <summary>What is known after an instruction.</summary>
    /// <param name="instruction">The instruction.</param>
    /// <param name="before">What is known before it.</param>
    /// <param name="onlyWanted">Whether only what someone wants to know is; then results of floating-point operations are looked at for it.</param>
    public static VectorFacts After(RegionInstruction instruction, VectorFacts before, bool onlyWanted)
    {
        VectorFacts after = before;
        int given = 0;
        int? to = Destination(instruction);
        if (instruction.FloatKind is not 0 and int kind)
        {
            if (to is not { } result)
                return before;
            given = VectorFacts.UpTo(kind) | KeptAbove(instruction, kind, before[result]);
        }
        else if (to is not null)
        {
            foreach (Rule rule in RulesOf(instruction))
            {
                if ((rule.From1 < 0 || (before[rule.From1] & rule.Need) == rule.Need) && (rule.From2 < 0 || (before[rule.From2] & rule.Need) == rule.Need))
                    given |= rule.Give;
            }
        }
        for (uint written = instruction.WrittenVectors; written != 0; written &= written - 1)
            after = after.With(BitOperations.TrailingZeroCount(written), 0);
        if (to is { } number)
            after = after.With(number, given);
        return onlyWanted ? after & instruction.WantedAfter : after;
    }

    /// <summary>The registers whose values an instruction, not itself such an operation, hands on rearranged, with what it takes for that.</summary>
    public static IEnumerable<(int Number, byte Need)> HandedOn(RegionInstruction instruction)
    {
        foreach (Rule rule in RulesOf(instruction))
        {
            if (rule.From1 >= 0)
                yield return (rule.From1, rule.Need);
            if (rule.From2 >= 0)
                yield return (rule.From2, rule.Need);
        }
    }

    /// <summary>The register that an instruction copies whole, as far as 128 bits go; null when it does something else.</summary>
    public static int? CopiedBy(RegionInstruction instruction)
    {
        Instruction decoded = instruction.Decoded;
        return decoded.Mnemonic is Mnemonic.Movaps or Mnemonic.Movapd or Mnemonic.Movups or Mnemonic.Movupd or Mnemonic.Movdqa or Mnemonic.Movdqu
            or Mnemonic.Vmovaps or Mnemonic.Vmovapd or Mnemonic.Vmovups or Mnemonic.Vmovupd or Mnemonic.Vmovdqa or Mnemonic.Vmovdqu
            && instruction.Form.Width != InstructionForm.MmxWidth && decoded.Op0Kind == OpKind.Register ? Number(decoded, 1) : null;
    }

    private static int? Destination(RegionInstruction instruction) =>
        instruction.Decoded.OpCount > 0 && Number(instruction.Decoded, 0) is { } number && (instruction.WrittenVectors >> number & 1) != 0 ? number : null;

    private static int? Number(in Instruction decoded, int operand) =>
        operand < decoded.OpCount && decoded.GetOpKind(operand) == OpKind.Register ? RegionTranslator.VectorNumber(decoded.GetOpRegister(operand)) : null;

    /// <summary>What a result's register keeps above it, where legacy forms do not write.</summary>
    private static int KeptAbove(RegionInstruction instruction, int kind, byte before) => instruction.Form.Shape >= FormShape.VexUnary ? 0 : kind switch
    {
        1 => before & (VectorFacts.Pd | VectorFacts.Pd256),
        2 => before & (VectorFacts.Ps | VectorFacts.Ps256),
        3 => before & VectorFacts.Pd256,
        _ => before & VectorFacts.Ps256,
    };

    private uint WrittenBy(RegionInstruction instruction)
    {
        Instruction decoded = instruction.Decoded;
        // The decoder does not name what these load.
        if (decoded.Mnemonic is Mnemonic.Fxrstor or Mnemonic.Fxrstor64 or Mnemonic.Xrstor or Mnemonic.Xrstor64 or Mnemonic.Vzeroall or Mnemonic.Vzeroupper)
            return 0xffff;
        uint written = 0;
        foreach (UsedRegister used in _information.GetInfo(decoded).GetUsedRegisters())
        {
            if (RegionTranslator.IsWritten(used.Access) && RegionTranslator.VectorNumber(used.Register) is { } number)
                written |= 1u << number;
        }
        return written;
    }

    private void FindWanted()
    {
        for (bool changed = true; changed;)
        {
            changed = false;
            for (int i = _blocks.Count - 1; i >= 0; i--)
            {
                RegionBlock block = _blocks[i];
                VectorFacts wanted = block.Successors.Aggregate(VectorFacts.None, (all, next) => all | _wanted.GetValueOrDefault(next));
                for (int j = block.Instructions.Count - 1; j >= 0; j--)
                {
                    block.Instructions[j].WantedAfter = wanted;
                    wanted = Before(block.Instructions[j], wanted);
                }
                if (_wanted.GetValueOrDefault(block) == wanted)
                    continue;
                _wanted[block] = wanted;
                changed = true;
            }
        }
    }

    private static VectorFacts Before(RegionInstruction instruction, VectorFacts after)
    {
        VectorFacts before = after;
        int? to = Destination(instruction);
        for (uint written = instruction.WrittenVectors; written != 0; written &= written - 1)
            before = before.With(BitOperations.TrailingZeroCount(written), 0);
        if (instruction.FloatKind is not 0 and int kind)
        {
            if (to is { } result)
                before = before.With(result, KeptAbove(instruction, kind, after[result]));
            // The result of a root tells all about its operand.
            if (RegionTranslator.IsRoot(instruction))
                return before;
            for (int i = IsVex(instruction) && instruction.Form.Shape != FormShape.VexFma && to is not null ? 1 : 0; i < instruction.Decoded.OpCount; i++)
            {
                if (Number(instruction.Decoded, i) is { } operand)
                    before = before.With(operand, before[operand] | VectorFacts.Of(kind));
            }
        }
        else if (to is { } number && after[number] != 0)
        {
            foreach (Rule rule in RulesOf(instruction))
            {
                if ((rule.Give & after[number]) == 0)
                    continue;
                if (rule.From1 >= 0)
                    before = before.With(rule.From1, before[rule.From1] | rule.Need);
                if (rule.From2 >= 0)
                    before = before.With(rule.From2, before[rule.From2] | rule.Need);
            }
        }
        return before;
    }

    private static bool IsVex(RegionInstruction instruction) => instruction.Form.Shape >= FormShape.VexUnary;

    private void FindKnown()
    {
        Dictionary<RegionBlock, List<(RegionBlock From, bool Direct)>> from = _blocks.ToDictionary(block => block, _ => new List<(RegionBlock, bool)>());
        foreach (RegionBlock block in _blocks)
        {
            foreach (RegionBlock next in block.Successors)
                from[next].Add((block, !block.Indirect.Contains(next)));
        }
        HashSet<RegionBlock> heads = [.. _blocks.Where(block => from[block].Exists(edge => edge.From.Order >= block.Order))];
        foreach (RegionBlock head in heads)
            head.FactsBefore = _wanted.GetValueOrDefault(head);
        Dictionary<RegionBlock, VectorFacts> after = [];
        for (bool changed = true; changed;)
        {
            changed = false;
            foreach (RegionBlock block in _blocks)
            {
                if (!heads.Contains(block))
                    block.FactsBefore = block.IsEntry || from[block].Count == 0 ? VectorFacts.None : from[block].Select(edge => after[edge.From]).Aggregate((a, b) => a & b);
                VectorFacts known = block.FactsBefore;
                foreach (RegionInstruction instruction in block.Instructions)
                    known = After(instruction, known, onlyWanted: true);
                after[block] = known;
            }
            // No look is made on the shortest way back, which is that of the inner loop where two have the same head, nor where a computed branch goes.
            foreach (RegionBlock head in heads)
            {
                int nearest = from[head].Where(edge => edge.From.Order >= head.Order).Min(edge => edge.From.Order);
                VectorFacts kept = from[head].Where(edge => !edge.Direct || edge.From.Order == nearest).Aggregate(head.FactsBefore, (all, edge) => all & after[edge.From]);
                changed |= kept != head.FactsBefore;
                head.FactsBefore = kept;
            }
        }
    }

    /// <summary>The rules by which what is known of a vector follows from others; none for instructions that make new numbers.</summary>
    private static IEnumerable<Rule> RulesOf(RegionInstruction instruction)
    {
        if (instruction.FloatKind != 0 || instruction.Form.Width == InstructionForm.MmxWidth)
            return [];
        Instruction decoded = instruction.Decoded;
        bool vex = IsVex(instruction), wide = vex && instruction.Form.Width == 32;
        int first = vex && decoded.OpCount > 2 ? 1 : 0, a = Number(decoded, first) ?? -1, b = Number(decoded, first + 1) ?? -1, source = Number(decoded, 1) ?? -1;
        switch (decoded.Mnemonic)
        {
            case Mnemonic.Pxor or Mnemonic.Xorps or Mnemonic.Xorpd or Mnemonic.Vpxor or Mnemonic.Vxorps or Mnemonic.Vxorpd when a >= 0 && a == b:
                return [new Rule(vex ? VectorFacts.All : VectorFacts.Low, -1, -1, 0)];
            case Mnemonic.Cvtsi2sd or Mnemonic.Vcvtsi2sd:
                return [new Rule(VectorFacts.Sd, -1, -1, 0)];
            case Mnemonic.Cvtdq2pd:
                return [new Rule(VectorFacts.Pd | VectorFacts.Sd, -1, -1, 0)];
            case Mnemonic.Cvtsi2ss or Mnemonic.Vcvtsi2ss when instruction.Form.Width == 4:
                return [new Rule(VectorFacts.Ss, -1, -1, 0)];
        }
        if (CopiedBy(instruction) is { } copied)
        {
            byte[] kinds = wide
                ? [VectorFacts.Sd, VectorFacts.Ss, VectorFacts.Pd, VectorFacts.Ps, VectorFacts.Pd256, VectorFacts.Ps256]
                : [VectorFacts.Sd, VectorFacts.Ss, VectorFacts.Pd, VectorFacts.Ps];
            return kinds.Select(kind => new Rule(kind, copied, -1, kind));
        }
        const byte Doubles = VectorFacts.Pd | VectorFacts.Sd, Singles = VectorFacts.Ps | VectorFacts.Ss;
        if (source < 0 || (first == 1 && b < 0))
            return [];
        return (decoded.Mnemonic, wide) switch
        {
            (Mnemonic.Movsd, _) => [new Rule(VectorFacts.Sd, source, -1, VectorFacts.Sd)],
            (Mnemonic.Movss, _) => [new Rule(VectorFacts.Ss, source, -1, VectorFacts.Ss)],
            (Mnemonic.Movddup or Mnemonic.Vmovddup, false) => [new Rule(Doubles, source, -1, VectorFacts.Sd)],
            (Mnemonic.Unpcklpd or Mnemonic.Vunpcklpd, false) => [new Rule(VectorFacts.Sd, a, -1, VectorFacts.Sd), new Rule(VectorFacts.Pd, a, b, VectorFacts.Sd)],
            (Mnemonic.Unpckhpd or Mnemonic.Vunpckhpd or Mnemonic.Shufpd or Mnemonic.Vshufpd, false) => [new Rule(Doubles, a, b, VectorFacts.Pd)],
            (Mnemonic.Unpcklps or Mnemonic.Vunpcklps or Mnemonic.Unpckhps or Mnemonic.Vunpckhps or Mnemonic.Shufps or Mnemonic.Vshufps, false) => [new Rule(Singles, a, b, VectorFacts.Ps)],
            (Mnemonic.Unpcklpd or Mnemonic.Vunpcklpd or Mnemonic.Vunpckhpd or Mnemonic.Vshufpd, true) => [new Rule(VectorFacts.Pd256 | Doubles, a, b, VectorFacts.Pd256)],
            (Mnemonic.Vunpcklps or Mnemonic.Vunpckhps or Mnemonic.Vshufps, true) => [new Rule(VectorFacts.Ps256 | Singles, a, b, VectorFacts.Ps256)],
            (Mnemonic.Movlhps, _) => [new Rule(VectorFacts.Sd, a, -1, VectorFacts.Sd), new Rule(VectorFacts.Pd, a, source, VectorFacts.Sd)],
            (Mnemonic.Pshufd, _) => [new Rule(Singles, source, -1, VectorFacts.Ps)],
            (Mnemonic.Vbroadcastsd, _) => [new Rule(VectorFacts.Pd256 | Doubles, source, -1, VectorFacts.Sd)],
            (Mnemonic.Vbroadcastss, _) => [new Rule(wide ? (byte)(VectorFacts.Ps256 | Singles) : Singles, source, -1, VectorFacts.Ss)],
            _ => [],
        };
    }

    /// <summary>A register is given kinds when one or two others have what is needed.</summary>
    /// <param name="Give">The kinds.</param>
    /// <param name="From1">A register; negative for none.</param>
    /// <param name="From2">Another one; negative for none.</param>
    /// <param name="Need">What they need to have.</param>
    private readonly record struct Rule(byte Give, int From1, int From2, byte Need);
}
