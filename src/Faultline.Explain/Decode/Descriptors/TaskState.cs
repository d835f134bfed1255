using System.Buffers.Binary;

namespace Faultline.Explain.Decode.Descriptors;

/// <summary>The contents of a 64-bit TSS: 104 bytes, then the I/O permission bitmap (Intel SDM vol. 3A, section 8.7, figure 8-11).</summary>
internal static class TaskState
{
    private const int Size = 104, MapOffset = 102;

    private static readonly (int Offset, string Name, string Meaning)[] _pointers =
    [
        (4, "RSP0", "stack on entry to ring 0"), (12, "RSP1", "stack on entry to ring 1; Linux keeps a value of its own there"),
        (20, "RSP2", "stack on entry to ring 2; Linux keeps the user's stack pointer there during SYSCALL"),
        (36, "IST1", "interrupt stack 1; Linux: double fault"), (44, "IST2", "interrupt stack 2; Linux: NMI"), (52, "IST3", "interrupt stack 3; Linux: #DB"),
        (60, "IST4", "interrupt stack 4; Linux: machine check"), (68, "IST5", "interrupt stack 5; Linux: #VC (SEV-ES)"),
        (76, "IST6", "interrupt stack 6"), (84, "IST7", "interrupt stack 7"),
    ];

    /// <summary>Decodes the words of a request, or a hexadecimal dump in its text.</summary>
    public static DecodeOutcome Decode(DecodeRequest request)
    {
        byte[] bytes;
        string error;
        if (request.Text is { } text)
        {
            if (!HexDump.TryRead(text, out bytes, out error))
                return DecodeOutcome.Fail(error);
        }
        else if (!ValueText.TryStructure(request.Words, [Size], out bytes, out _, out error) && !ValueText.TryBytes(request.Words, out bytes, out _))
        {
            return DecodeOutcome.Fail($"{error}; a 64-bit TSS is 104 bytes: 13 words of 8, 26 of 4, or bytes");
        }
        return bytes.Length < Size ? DecodeOutcome.Fail($"a 64-bit TSS has 104 bytes, {bytes.Length} given") : Describe(bytes);
    }

    private static Decoded Describe(ReadOnlySpan<byte> tss)
    {
        List<DecodedField> fields = [];
        List<string> notes = [];
        foreach ((int offset, string name, string meaning) in _pointers)
        {
            ulong value = BinaryPrimitives.ReadUInt64LittleEndian(tss[offset..]);
            fields.Add(new($"+0x{offset:x2}", name, $"0x{value:x16}", meaning));
            if (CanonicalAddress.Complain(name, value) is { } complaint)
                notes.Add(complaint);
            if (value != 0 && (value & 15) != 0 && name is not ("RSP1" or "RSP2"))
                notes.Add($"{name} is not a multiple of 16: the processor aligns the frame below it, and the top bytes are lost.");
        }
        int map = BinaryPrimitives.ReadUInt16LittleEndian(tss[MapOffset..]);
        fields.Add(new($"+0x{MapOffset:x2}", "I/O map", $"0x{map:x4}", "offset of the I/O permission bitmap; at or past the limit there is none"));
        if (fields[0].Value.EndsWith("0000000000000000", StringComparison.Ordinal))
            notes.Add("RSP0 is zero: the first interrupt or exception from a program would push to the top of the address space and end in a double fault.");
        if (fields[3].Value.EndsWith("0000000000000000", StringComparison.Ordinal))
            notes.Add("IST1 is zero: were the double fault's gate to use it, a double fault would become a triple fault, which resets the machine.");
        if (map < Size)
            notes.Add("The I/O map would begin inside the TSS itself.");
        foreach ((int offset, int length) in (ReadOnlySpan<(int, int)>)[(0, 4), (28, 8), (92, 10)])
        {
            if (tss.Slice(offset, length).ContainsAnyExcept((byte)0))
                notes.Add($"Reserved bytes at +0x{offset:x2} are not zero: this may not be a 64-bit TSS, or the words are shifted.");
        }
        return new Decoded { Title = $"64-bit TSS, {tss.Length} bytes", Source = "Intel SDM vol. 3A, section 8.7; Linux: struct x86_hw_tss", Fields = fields, Notes = notes };
    }
}
