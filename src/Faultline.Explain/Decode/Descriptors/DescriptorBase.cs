namespace Faultline.Explain.Decode.Descriptors;

/// <summary>
/// The base of a 64-bit system descriptor from its four parts, and what C makes of them when the third is shifted as a signed int
/// (C17 6.3.1.1, integer promotions; 6.3.1.3, conversion of a negative int to an unsigned type).
/// </summary>
internal readonly record struct DescriptorBase(ushort Base0, byte Base1, byte Base2, uint Base3)
{
    /// <summary>The base.</summary>
    public ulong Value => ((ulong)Base3 << 32) | Low;

    /// <summary>
    /// What <c>((uint64_t)base3 &lt;&lt; 32) | (base0 | base1 &lt;&lt; 16 | base2 &lt;&lt; 24)</c> yields with an int of 32 bits: the bracket is an int,
    /// and its sign fills the upper half before the OR.
    /// </summary>
    public ulong SignExtended
    {
        get
        {
            // Spelled out: in one expression, C#'s compiler refuses what C's lets pass.
            ulong converted = (ulong)(int)Low;
            return ((ulong)Base3 << 32) | converted;
        }
    }

    /// <summary>Whether the two differ.</summary>
    public bool SignMatters => Value != SignExtended;

    private uint Low => Base0 | ((uint)Base1 << 16) | ((uint)Base2 << 24);

    /// <summary>Reads the parts from the 16 bytes of a descriptor.</summary>
    public static DescriptorBase Of(ulong low, ulong high) =>
        new((ushort)(low >> 16), (byte)(low >> 32), (byte)(low >> 56), (uint)high);

    /// <summary>Decodes the four parts given one by one.</summary>
    public static DecodeOutcome Decode(DecodeRequest request)
    {
        const string Parts = "base0 (16 bits), base1 and base2 (8 bits each), base3 (32 bits)";
        string[] words = [.. request.Words.SelectMany(word => word.Split([' ', ','], StringSplitOptions.RemoveEmptyEntries))];
        if (words.Length != 4)
            return DecodeOutcome.Fail($"a base has four parts, {Parts}; {words.Length} given");
        Span<ulong> values = stackalloc ulong[4];
        ReadOnlySpan<ulong> limits = [ushort.MaxValue, byte.MaxValue, byte.MaxValue, uint.MaxValue];
        for (int i = 0; i < 4; i++)
        {
            string word = words[i].StartsWith($"base{i}=", StringComparison.OrdinalIgnoreCase) ? words[i][6..] : words[i];
            if (!ValueText.TryHexadecimal(word, out values[i], out string error))
                return DecodeOutcome.Fail($"base{i}: {error}");
            if (values[i] > limits[i])
                return DecodeOutcome.Fail($"base{i} is at most 0x{limits[i]:x}: {Parts}");
        }
        return new DescriptorBase((ushort)values[0], (byte)values[1], (byte)values[2], (uint)values[3]).Describe();
    }

    /// <summary>The base beside what the sign-extending expression gives.</summary>
    public Decoded Describe()
    {
        List<string> notes = [.. Promotion()];
        if (CanonicalAddress.Complain("The base", Value) is { } complaint)
            notes.Add(complaint);
        return new Decoded
        {
            Title = $"descriptor base = 0x{Value:x16}",
            Source = "Intel SDM vol. 3A, section 8.2.3 (figure 8-4)",
            Fields =
            [
                new("15:0", "base0", $"0x{Base0:x4}", "bits 15:0 of the base"),
                new("23:16", "base1", $"0x{Base1:x2}", "bits 23:16"),
                new("31:24", "base2", $"0x{Base2:x2}", "bits 31:24"),
                new("63:32", "base3", $"0x{Base3:x8}", "bits 63:32"),
                new("", "base", $"0x{Value:x16}", "base3:base2:base1:base0"),
                new("", "sign-extended", $"0x{SignExtended:x16}", SignMatters ? "what `base2 << 24` as a signed int makes of it: WRONG" : "what `base2 << 24` as a signed int makes of it: the same"),
            ],
            Notes = notes,
        };
    }

    /// <summary>What the promotion to int does to these parts, step by step.</summary>
    public IEnumerable<string> Promotion()
    {
        if (Base2 < 0x80)
        {
            yield return $"base2 is 0x{Base2:x2}: its top bit is clear, so `base2 << 24` is not negative and even the careless expression is right.";
            yield break;
        }
        uint shifted = (uint)Base2 << 24;
        yield return $"base2 has 8 bits, so C promotes it to int before it shifts: `base2 << 24` is the int 0x{shifted:x8}, which is negative ({(int)shifted}).";
        yield return $"Joined with the lower parts it is the int 0x{Low:x8}; to meet a 64-bit operand it is converted to 0x{(ulong)(int)Low:x16}.";
        yield return SignMatters
            ? $"The upper half of that is all ones, and OR with ones gives ones: base3 (0x{Base3:x8}) is lost and the base becomes 0x{SignExtended:x16}."
            : "The upper half of that is all ones, and so is base3: here the mistake does not show.";
        yield return "Cure: convert each part to uint64_t before it is shifted.";
    }
}
