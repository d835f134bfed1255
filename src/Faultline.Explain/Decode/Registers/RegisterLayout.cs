namespace Faultline.Explain.Decode.Registers;

/// <summary>The table of a register or of a word that reads like one. Bits that no field names are reserved.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Width">Its bits.</param>
/// <param name="Source">Where the manual describes it.</param>
/// <param name="Fields">The rows, from the lowest bit.</param>
internal sealed record RegisterLayout(string Name, int Width, string Source, IReadOnlyList<BitField> Fields)
{
    /// <summary>What a value as a whole says: combinations that mean or forbid something. Null for nothing.</summary>
    public Func<ulong, IEnumerable<string>>? Remarks { get; init; }

    /// <summary>Takes a value apart.</summary>
    public Decoded Decode(ulong value)
    {
        List<DecodedField> fields = [];
        List<string> clear = [];
        List<string> notes = [];
        ulong known = 0;
        foreach (BitField field in Fields)
        {
            known |= field.Mask;
            ulong part = field.Of(value);
            switch (field.Kind)
            {
                case BitFieldKind.Flag when part == 0:
                case BitFieldKind.Inverted when part != 0:
                    clear.Add(field.Name);
                    break;
                case BitFieldKind.One:
                    if (part == 0)
                        notes.Add($"Bit {field.Low} is always one in the register and is zero here.");
                    break;
                case BitFieldKind.Software when part == 0:
                    break;
                default:
                    fields.Add(Show(field, value, part));
                    break;
            }
        }
        if (Width < 64 && value >> Width != 0)
            notes.Add($"The value has bits past the {Width} that there are: 0x{value >> Width << Width:x}.");
        ulong reserved = value & ~known & (Width == 64 ? ulong.MaxValue : (1UL << Width) - 1);
        if (reserved != 0)
            notes.Add($"Reserved bits are set: {BitList(reserved)}.");
        if (Remarks is not null)
            notes.AddRange(Remarks(value));
        return new Decoded
        {
            Title = $"{Name} = {Hex(value)}",
            Source = Source,
            Fields = fields,
            Clear = clear,
            Notes = notes,
        };
    }

    /// <summary>Bit numbers of a mask, the highest first, at most eight.</summary>
    public static string BitList(ulong mask)
    {
        List<int> bits = [];
        for (int bit = 63; bit >= 0; bit--)
        {
            if ((mask >> bit & 1) != 0)
                bits.Add(bit);
        }
        return string.Join(", ", bits.Take(8)) + (bits.Count > 8 ? $" and {bits.Count - 8} more" : "");
    }

    private string Hex(ulong value) => Width <= 16 ? $"0x{value:x4}" : Width <= 32 ? $"0x{value:x8}" : $"0x{value:x16}";

    private static DecodedField Show(BitField field, ulong register, ulong part) => field.Kind switch
    {
        BitFieldKind.Address => new(field.Place, field.Name, $"0x{register & field.Mask:x}", field.Meaning),
        BitFieldKind.Number when part < (ulong)field.Values.Count => new(field.Place, field.Name, $"{part}", $"{field.Meaning}: {field.Values[(int)part]}"),
        BitFieldKind.Number or BitFieldKind.Software => new(field.Place, field.Name, part < 10 ? $"{part}" : $"0x{part:x}", field.Meaning),
        _ => new(field.Place, field.Name, $"{part}", field.Meaning),
    };
}
