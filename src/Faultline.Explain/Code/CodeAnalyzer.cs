using Faultline.Cpu.Text;
using Iced.Intel;

namespace Faultline.Explain.Code;

/// <summary>
/// Finds where the instructions of a <c>Code:</c> line start. The line starts anywhere, and x86 code decodes from anywhere; but decoding from a wrong byte
/// falls into step after a few instructions. So every start within the longest instruction is tried, the readings that come together are counted, and what
/// else is known weighs in: the function's own start, where the window has it, and where the branches among the bytes go.
/// </summary>
internal static class CodeAnalyzer
{
    /// <summary>The longest x86 instruction, in bytes: one of as many consecutive starts is right.</summary>
    private const int LongestInstruction = 15;

    /// <summary>What a branch into the window weighs against one start that agrees.</summary>
    private const int BranchWeight = 3;

    /// <summary>Finds the instructions of a window.</summary>
    public static CodeAnalysis Analyze(CodeWindow window)
    {
        DecodedInstruction atRip = DecodeAt(window, window.Marker);
        List<Reading> readings = [];
        int? known = KnownStart(window);
        if (known is { } certain)
            readings.AddRange(Read(window, certain) is { } reading ? [reading] : []);
        bool isKnown = readings.Count > 0;
        if (!isKnown)
        {
            for (int start = 0; start <= Math.Min(LongestInstruction - 1, window.Marker - 1); start++)
            {
                if (Read(window, start) is { } reading)
                    readings.Add(reading);
            }
        }
        if (readings.Count == 0)
        {
            return new CodeAnalysis
            {
                Window = window,
                Verdict = CodeVerdict.Unknown,
                Instructions = Onward(window, window.Marker),
                TrustedFrom = window.Marker,
                AtRip = atRip,
                Notes = window.Marker == 0 ? [] : ["no start before RIP decodes without an error: only what follows RIP is shown"],
            };
        }

        List<Group> groups = [.. readings.GroupBy(r => r.Last.Index).Select(g => new Group(window, [.. g])).OrderByDescending(g => g.Score)];
        return Judge(window, atRip, groups, readings.Count, isKnown ? known : null);
    }

    private static CodeAnalysis Judge(CodeWindow window, DecodedInstruction atRip, List<Group> groups, int tried, int? known)
    {
        Group best = groups[0];
        // A processor stops where an instruction starts: the other reading needs better evidence than this one.
        Group? hit = groups.Find(g => g.Hits);
        CodeVerdict verdict;
        if (best.Hits)
        {
            bool isRivalled = groups.Any(g => !g.Hits && g.Votes * 2 >= best.Votes && g.Confirmed.Count >= best.Confirmed.Count && g.Refuted == 0);
            verdict = isRivalled && known is null ? CodeVerdict.Ambiguous : CodeVerdict.AtInstruction;
        }
        else if (known is not null || best.Confirmed.Count > 0 && best.Refuted == 0 && (hit is null || hit.Votes * 4 <= best.Votes))
        {
            verdict = CodeVerdict.InsideInstruction;
        }
        else
        {
            verdict = hit is null && best.Votes * 4 >= tried * 3 && best.Refuted == 0 && atRip.IsBad
                ? CodeVerdict.InsideInstruction
                : CodeVerdict.Ambiguous;
        }

        Group shown = verdict == CodeVerdict.Ambiguous && hit is not null ? hit : best;
        List<string> notes = [];
        if (known is { } start)
            notes.Add($"decoded from {window.Place(start)}, where an instruction is known to start");
        else if (verdict == CodeVerdict.Ambiguous)
            notes.Add(Doubt(best, hit, tried));
        else if (shown.Votes < tried)
            notes.Add($"{shown.Votes} of {tried} starting points agree; the others decode to something else");
        if (shown.From > 0 && known is null)
            notes.Add($"the first {shown.From} bytes are left out: they decode differently from different starting points");
        if (shown.Confirmed.Count > 0)
            notes.Add("confirmed by branches to " + string.Join(", ", shown.Confirmed.Distinct().Order().Select(window.Place)));
        if (verdict == CodeVerdict.InsideInstruction)
            notes.Add($"RIP is byte {window.Marker - shown.Last.Index + 1} of the {shown.Last.Length} of {Text(window, shown.Last)}, not where an instruction starts");
        return new CodeAnalysis
        {
            Window = window,
            Verdict = verdict,
            Instructions = [.. shown.Readings[0].Instructions.Where(i => i.Index >= shown.From), .. shown.After],
            TrustedFrom = shown.From,
            Straddled = verdict == CodeVerdict.InsideInstruction ? shown.Last : null,
            AtRip = atRip,
            Tried = tried,
            Agreeing = shown.Votes,
            Confirmed = shown.Confirmed,
            Notes = notes,
        };
    }

    /// <summary>An instruction's text; relative targets by function and offset.</summary>
    public static string Text(CodeWindow window, in DecodedInstruction decoded)
    {
        if (decoded.IsCut)
            return "(cut off)";
        return decoded.IsBad ? "(bad)" : InstructionText.Of(decoded.Instruction, window.Function is null ? null : new FunctionNames(window));
    }

    /// <summary>The instruction that starts at an index.</summary>
    public static DecodedInstruction DecodeAt(CodeWindow window, int index)
    {
        Decoder decoder = Decoder.Create(64, new ByteArrayCodeReader(window.Bytes, index, window.Bytes.Length - index));
        decoder.IP = window.AddressOf(index);
        return Next(window, decoder, index);
    }

    private static DecodedInstruction Next(CodeWindow window, Decoder decoder, int index)
    {
        decoder.Decode(out Instruction instruction);
        bool isCut = instruction.IsInvalid && decoder.LastError == DecoderError.NoMoreBytes;
        int length = isCut ? window.Bytes.Length - index : Math.Clamp(instruction.Length, 1, window.Bytes.Length - index);
        return new DecodedInstruction(index, length, instruction, isCut);
    }

    /// <summary>The first place before RIP where an instruction is known to start: the function's own first byte, or what an image has.</summary>
    private static int? KnownStart(CodeWindow window)
    {
        int? known = window.FunctionStart;
        foreach (int start in window.KnownStarts)
        {
            if (start >= 0 && (known is null || start < known))
                known = start;
        }
        return known < window.Marker ? known : null;
    }

    /// <summary>Decodes from a start until RIP is reached or passed; null when that meets what is no instruction.</summary>
    private static Reading? Read(CodeWindow window, int start)
    {
        List<DecodedInstruction> instructions = [];
        Decoder decoder = Decoder.Create(64, new ByteArrayCodeReader(window.Bytes, start, window.Bytes.Length - start));
        decoder.IP = window.AddressOf(start);
        for (int index = start; index < window.Marker;)
        {
            DecodedInstruction next = Next(window, decoder, index);
            if (next.Instruction.IsInvalid)
                return null;
            instructions.Add(next);
            index = next.End;
        }
        return instructions.Count == 0 ? null : new Reading(instructions);
    }

    /// <summary>Decodes from an index to the end or to the first bytes that are no instruction.</summary>
    private static List<DecodedInstruction> Onward(CodeWindow window, int index)
    {
        List<DecodedInstruction> instructions = [];
        Decoder decoder = Decoder.Create(64, new ByteArrayCodeReader(window.Bytes, index, window.Bytes.Length - index));
        decoder.IP = window.AddressOf(index);
        while (index < window.Bytes.Length)
        {
            DecodedInstruction next = Next(window, decoder, index);
            instructions.Add(next);
            if (next.Instruction.IsInvalid)
                break;
            index = next.End;
        }
        return instructions;
    }

    private static string Doubt(Group best, Group? hit, int tried) => hit is null
        ? $"no starting point of {tried} leads to an instruction at RIP, and nothing else says where instructions start: before RIP is a guess"
        : $"ambiguous: {hit.Votes} of {tried} starting points lead to an instruction at RIP, {best.Votes} to one that has RIP inside";

    /// <summary>What decoding from one start gives up to RIP.</summary>
    private sealed record Reading(IReadOnlyList<DecodedInstruction> Instructions)
    {
        /// <summary>The last instruction that starts before RIP.</summary>
        public DecodedInstruction Last => Instructions[^1];
    }

    /// <summary>Readings that came together before RIP.</summary>
    private sealed class Group
    {
        public Group(CodeWindow window, List<Reading> readings)
        {
            Readings = [.. readings.OrderByDescending(r => r.Instructions.Count)];
            After = Onward(window, Math.Max(Last.End, window.Marker));
            From = Together(Readings);
            HashSet<int> starts = [.. Readings[0].Instructions.Where(i => i.Index >= From).Select(i => i.Index), .. After.Select(i => i.Index)];
            foreach (DecodedInstruction instruction in Readings[0].Instructions.Where(i => i.Index >= From).Concat(After))
            {
                if (instruction.Instruction.IsInvalid || Target(instruction.Instruction) is not { } target)
                    continue;
                long index = window.IndexOf(target);
                if (index < From || index >= window.Bytes.Length)
                    continue;
                if (starts.Contains((int)index))
                    Confirmed.Add((int)index);
                else
                    Refuted++;
            }
            int odd = Readings[0].Instructions.Count(i => i.Index >= From && IsOdd(i.Instruction));
            Score = Votes + BranchWeight * (Confirmed.Count - Refuted) - odd;
            Hits = Last.End == window.Marker;
        }

        /// <summary>The longest first.</summary>
        public IReadOnlyList<Reading> Readings { get; }

        public List<DecodedInstruction> After { get; }

        /// <summary>Index from which on all of them agree.</summary>
        public int From { get; }

        public List<int> Confirmed { get; } = [];

        public int Refuted { get; }

        public int Score { get; }

        public bool Hits { get; }

        public int Votes => Readings.Count;

        public DecodedInstruction Last => Readings[0].Last;

        private static int Together(IReadOnlyList<Reading> readings)
        {
            if (readings.Count == 1)
                return readings[0].Instructions[0].Index;
            HashSet<int> common = [.. readings[0].Instructions.Select(i => i.Index)];
            foreach (Reading reading in readings.Skip(1))
                common.IntersectWith(reading.Instructions.Select(i => i.Index));
            return common.Count == 0 ? readings[0].Last.Index : common.Min();
        }

        private static ulong? Target(in Instruction instruction) =>
            instruction.FlowControl is FlowControl.ConditionalBranch or FlowControl.UnconditionalBranch && instruction.Op0Kind == OpKind.NearBranch64
                ? instruction.NearBranchTarget
                : null;

        /// <summary>Instructions that compiled kernel code hardly has and that decoding from a wrong byte often gives.</summary>
        private static bool IsOdd(in Instruction instruction) => instruction.Code is Iced.Intel.Code.Add_rm8_r8 && instruction.MemoryBase == Register.RAX
            || instruction.Mnemonic is Mnemonic.Outsb or Mnemonic.Outsd or Mnemonic.Insb or Mnemonic.Insd or Mnemonic.In or Mnemonic.Out
                or Mnemonic.Enter or Mnemonic.Loop or Mnemonic.Loope or Mnemonic.Loopne or Mnemonic.Jrcxz or Mnemonic.Xlatb or Mnemonic.Retf
                or Mnemonic.Lodsb or Mnemonic.Lodsd or Mnemonic.Scasb or Mnemonic.Scasd or Mnemonic.Cmc or Mnemonic.Std;
    }

    /// <summary>Names addresses in and about the function.</summary>
    private sealed class FunctionNames(CodeWindow window) : ISymbolResolver
    {
        public bool TryGetSymbol(in Instruction instruction, int operand, int instructionOperand, ulong address, int addressSize, out SymbolResult symbol)
        {
            ulong function = unchecked(window.Base - (window.FunctionOffset ?? 0));
            bool isRelative = instruction.IsIPRelativeMemoryOperand || instruction.FlowControl is not FlowControl.Next;
            // With RIP known, far targets have true addresses, which say more than a large offset.
            bool isNear = unchecked(address - function) < (window.FunctionSize ?? 0x1000);
            symbol = isRelative && (isNear || window.Rip is null) ? new SymbolResult(function, window.Function!) : default;
            return isRelative && (isNear || window.Rip is null);
        }
    }
}
