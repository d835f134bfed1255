using Iced.Intel;

namespace Faultline.Explain.Decode.Instructions;

/// <summary>Disassembles x86 instruction bytes and names the parts of each encoding (Intel SDM vol. 2A, chapter 2).</summary>
internal static class InstructionDecoder
{
    private const int MaxInstructions = 64;

    /// <summary>Decodes the bytes of a request.</summary>
    public static DecodeOutcome Decode(DecodeRequest request)
    {
        int bits = 64;
        if (request.Bits is { } mode && (!int.TryParse(mode, out bits) || bits is not (16 or 32 or 64)))
            return DecodeOutcome.Fail($"--bits {ValueText.Shown(mode)}: there are 16, 32, 64");
        ulong address = 0;
        if (request.Address is { } at && !ValueText.TryHexadecimal(at, out address, out string wrong))
            return DecodeOutcome.Fail($"--at: {wrong}");
        return ValueText.TryBytes(request.Words, out byte[] bytes, out string error) ? Decode(bytes, bits, address) : DecodeOutcome.Fail(error);
    }

    private static Decoded Decode(byte[] bytes, int bits, ulong address)
    {
        List<Decoded> parts = [];
        List<string> notes = [];
        ByteArrayCodeReader reader = new(bytes);
        Decoder decoder = Decoder.Create(bits, reader, address, DecoderOptions.None);
        int position = 0;
        while (position < bytes.Length && parts.Count < MaxInstructions)
        {
            decoder.Decode(out Instruction instruction);
            int length = Math.Min(instruction.Length, bytes.Length - position);
            parts.Add(instruction.IsInvalid
                ? Invalid(bytes.AsSpan(position, length), decoder.LastError)
                : Explain(instruction, decoder.GetConstantOffsets(instruction), bytes.AsSpan(position, length), bits));
            // Where the bytes end inside an instruction, nothing follows.
            if (instruction.IsInvalid && decoder.LastError == DecoderError.NoMoreBytes)
                break;
            position += Math.Max(1, length);
        }
        if (parts.Count == MaxInstructions && position < bytes.Length)
            notes.Add($"Only the first {MaxInstructions} instructions are shown.");
        if (bytes.Length >= 2 && bytes[0] == 0 && bytes[1] == 0)
            notes.Add("Zeros decode as ADD to memory: what a jump into empty memory executes.");
        return new Decoded
        {
            Title = $"{parts.Count} instruction{(parts.Count == 1 ? "" : "s")}, {bits}-bit mode",
            Source = "Intel SDM vol. 2; decoded by Iced",
            Parts = parts,
            Notes = notes,
        };
    }

    private static Decoded Invalid(ReadOnlySpan<byte> bytes, DecoderError error) => new()
    {
        Title = $"{Hex(bytes)}: {(error == DecoderError.NoMoreBytes ? "the bytes end inside an instruction" : "no instruction: #UD")}",
    };

    private static Decoded Explain(in Instruction instruction, ConstantOffsets constants, ReadOnlySpan<byte> bytes, int bits)
    {
        List<DecodedField> fields = [];
        int at = 0;
        for (; at < bytes.Length; at++)
        {
            if (LegacyPrefix(bytes[at]) is { } prefix)
                fields.Add(new(Hex(bytes.Slice(at, 1)), "prefix", "", prefix));
            else if (IsRex(bytes, at, bits) && at + 1 < bytes.Length && (IsRex(bytes, at + 1, bits) || LegacyPrefix(bytes[at + 1]) is not null))
                fields.Add(new(Hex(bytes.Slice(at, 1)), "REX", "", "ignored: another prefix follows it"));
            else
                break;
        }
        OpCodeInfo code = instruction.Code.ToOpCode();
        at = code.Encoding == EncodingKind.Legacy ? LegacyOpcode(code, bytes, bits, at, fields) : VectorOpcode(code, bytes, at, fields);
        int end = bytes.Length;
        if (constants.HasDisplacement)
            end = Math.Min(end, constants.DisplacementOffset);
        if (constants.HasImmediate)
            end = Math.Min(end, constants.ImmediateOffset);
        // Two kinds of last byte that are no immediate: 3DNow!'s opcode, and a register in the upper half.
        bool hasRegisterByte = !constants.HasImmediate && Enumerable.Range(0, code.OpCount).Any(i => code.GetOpKind(i) is
            OpCodeOperandKind.xmm_is4 or OpCodeOperandKind.ymm_is4);
        if (code.Encoding == EncodingKind.D3NOW || hasRegisterByte)
            end = Math.Min(end, bytes.Length - 1);
        if (at < end)
        {
            byte modRm = bytes[at];
            fields.Add(new(Hex(bytes.Slice(at, 1)), "ModRM", "", $"mod {modRm >> 6}, reg {modRm >> 3 & 7}, rm {modRm & 7}{ModRmMeaning(modRm, bits)}"));
            at++;
        }
        if (at < end)
        {
            byte sib = bytes[at];
            fields.Add(new(Hex(bytes.Slice(at, 1)), "SIB", "", $"scale {1 << (sib >> 6)}, index {sib >> 3 & 7}{((sib >> 3 & 7) == 4 ? " (none, unless REX.X)" : "")}, base {sib & 7}"));
        }
        AddConstants(instruction, constants, bytes, fields);
        if (hasRegisterByte)
            fields.Add(new(Hex(bytes[^1..]), "is4", "", $"register {bytes[^1] >> 4}"));
        if (code.Encoding == EncodingKind.D3NOW)
            fields.Add(new(Hex(bytes[^1..]), "opcode", "", "3DNow!: the opcode comes last"));
        NasmFormatter formatter = new();
        formatter.Options.HexPrefix = "0x";
        formatter.Options.HexSuffix = null;
        formatter.Options.UppercaseHex = false;
        formatter.Options.SpaceAfterOperandSeparator = true;
        StringOutput output = new();
        formatter.Format(instruction, output);
        return new Decoded
        {
            Title = $"{instruction.IP:x}: {Hex(bytes)}  {output.ToStringAndReset()}",
            Fields = fields,
            Notes = Notes(instruction, code),
        };
    }

    private static int LegacyOpcode(OpCodeInfo code, ReadOnlySpan<byte> bytes, int bits, int at, List<DecodedField> fields)
    {
        if (IsRex(bytes, at, bits))
        {
            byte rex = bytes[at];
            string[] names = ["B: extends rm, base or opcode register", "X: extends index", "R: extends reg", "W: 64-bit operands"];
            string set = string.Join("; ", Enumerable.Range(0, 4).Reverse().Where(bit => (rex >> bit & 1) != 0).Select(bit => names[bit]));
            fields.Add(new(Hex(bytes.Slice(at, 1)), "REX", "", set.Length == 0 ? "no bits: SPL, BPL, SIL, DIL instead of AH to BH" : set));
            at++;
        }
        int escape = code.Table switch
        {
            OpCodeTableKind.T0F => 1,
            OpCodeTableKind.T0F38 or OpCodeTableKind.T0F3A => 2,
            _ => 0,
        };
        // A form of two opcode bytes has its second where ModRM stands in others: 0f 01 d0.
        int length = code.Encoding == EncodingKind.D3NOW ? 2 : Math.Min(escape + code.OpCodeLength, bytes.Length - at);
        fields.Add(new(Hex(bytes.Slice(at, length)), "opcode", "", $"{code.ToInstructionString()} ({code.ToOpCodeString()})"));
        return at + length;
    }

    private static int VectorOpcode(OpCodeInfo code, ReadOnlySpan<byte> bytes, int at, List<DecodedField> fields)
    {
        if (code.Encoding == EncodingKind.D3NOW)
        {
            fields.Add(new(Hex(bytes.Slice(at, Math.Min(2, bytes.Length - at))), "escape", "", "3DNow!"));
            return Math.Min(at + 2, bytes.Length);
        }
        int prefix = code.Encoding switch
        {
            EncodingKind.VEX => bytes[at] == 0xc5 ? 2 : 3,
            EncodingKind.XOP => 3,
            _ => 4,
        };
        prefix = Math.Min(prefix, bytes.Length - at);
        fields.Add(new(Hex(bytes.Slice(at, prefix)), $"{code.Encoding}", "", "prefix: map, operand width, vector length, and inverted register bits"));
        at += prefix;
        int length = Math.Min(code.OpCodeLength, bytes.Length - at);
        fields.Add(new(Hex(bytes.Slice(at, length)), "opcode", "", $"{code.ToInstructionString()} ({code.ToOpCodeString()})"));
        return at + length;
    }

    private static void AddConstants(in Instruction instruction, ConstantOffsets constants, ReadOnlySpan<byte> bytes, List<DecodedField> fields)
    {
        if (constants.HasDisplacement && constants.DisplacementOffset + constants.DisplacementSize <= bytes.Length)
        {
            ReadOnlySpan<byte> part = bytes.Slice(constants.DisplacementOffset, constants.DisplacementSize);
            string meaning = instruction.IsIPRelativeMemoryOperand
                ? $"displacement from the next instruction: 0x{instruction.IPRelativeMemoryAddress:x}"
                : $"displacement {Signed(Little(part), part.Length)}";
            fields.Add(new(Hex(part), $"disp{8 * part.Length}", "", meaning));
        }
        if (constants.HasImmediate && constants.ImmediateOffset + constants.ImmediateSize <= bytes.Length)
        {
            ReadOnlySpan<byte> part = bytes.Slice(constants.ImmediateOffset, constants.ImmediateSize);
            bool isBranch = instruction.Op0Kind is OpKind.NearBranch16 or OpKind.NearBranch32 or OpKind.NearBranch64;
            fields.Add(isBranch
                ? new(Hex(part), $"rel{8 * part.Length}", "", $"distance from the next instruction: to 0x{instruction.NearBranchTarget:x}")
                : new(Hex(part), $"imm{8 * part.Length}", "", $"immediate 0x{Little(part):x}"));
        }
        if (constants.HasImmediate2 && constants.ImmediateOffset2 + constants.ImmediateSize2 <= bytes.Length)
        {
            ReadOnlySpan<byte> part = bytes.Slice(constants.ImmediateOffset2, constants.ImmediateSize2);
            fields.Add(new(Hex(part), $"imm{8 * part.Length}", "", $"second immediate 0x{Little(part):x}"));
        }
    }

    private static List<string> Notes(in Instruction instruction, OpCodeInfo code)
    {
        List<string> notes = [];
        if (instruction.Mnemonic == Mnemonic.Ud2)
            notes.Add("Raises #UD on purpose: BUG(), WARN() and failed kCFI checks in Linux.");
        else if (instruction.Mnemonic == Mnemonic.Int3)
            notes.Add("A breakpoint; compilers and Linux also fill gaps and forbidden paths with it.");
        else if (instruction.Mnemonic is Mnemonic.Endbr64 or Mnemonic.Endbr32)
            notes.Add("Where indirect branches may land under indirect-branch tracking.");
        if (code.FeaturesOf() is { Length: > 0 } features)
            notes.Add($"Needs {features}.");
        if (code.MustBeCpl0)
            notes.Add("Only in ring 0; elsewhere it raises #GP.");
        return notes;
    }

    private static string FeaturesOf(this OpCodeInfo code)
    {
        string features = string.Join(", ", code.Code.CpuidFeatures());
        return features is "INTEL8086" or "INTEL8086_ONLY" or "INTEL186" or "INTEL286" or "INTEL386" or "INTEL486" or "X64" or "MULTIBYTENOP" or "CMOV" ? "" : features;
    }

    private static string ModRmMeaning(byte modRm, int bits) => (modRm >> 6, modRm & 7) switch
    {
        (3, _) => ": registers",
        (_, 4) when bits != 16 => ": memory, SIB follows",
        (0, 5) when bits == 64 => ": memory, relative to RIP",
        (0, 5) when bits == 32 => ": memory, absolute",
        _ => ": memory",
    };

    private static bool IsRex(ReadOnlySpan<byte> bytes, int at, int bits) => bits == 64 && at < bytes.Length && (bytes[at] & 0xf0) == 0x40;

    private static string? LegacyPrefix(byte value) => value switch
    {
        0xf0 => "LOCK",
        0xf2 => "REPNE, or part of the opcode",
        0xf3 => "REP, or part of the opcode",
        0x66 => "operand size, or part of the opcode",
        0x67 => "address size",
        0x2e => "CS segment; NOTRACK before indirect branches",
        0x36 => "SS segment",
        0x3e => "DS segment; NOTRACK before indirect branches",
        0x26 => "ES segment",
        0x64 => "FS segment",
        0x65 => "GS segment",
        _ => null,
    };

    private static ulong Little(ReadOnlySpan<byte> bytes)
    {
        ulong value = 0;
        for (int i = Math.Min(8, bytes.Length) - 1; i >= 0; i--)
            value = (value << 8) | bytes[i];
        return value;
    }

    private static string Signed(ulong value, int size)
    {
        long signed = (long)(value << (64 - (8 * size))) >> (64 - (8 * size));
        return signed < 0 ? $"-0x{(ulong)-signed:x}" : $"0x{signed:x}";
    }

    private static string Hex(ReadOnlySpan<byte> bytes)
    {
        string digits = Convert.ToHexStringLower(bytes);
        return string.Join(' ', Enumerable.Range(0, bytes.Length).Select(i => digits.Substring(2 * i, 2)));
    }
}
