namespace Faultline.Explain.Decode.Registers;

/// <summary>A field of a register: one row of its table.</summary>
/// <param name="Name">Its name in the manual.</param>
/// <param name="High">Its highest bit.</param>
/// <param name="Low">Its lowest bit.</param>
/// <param name="Meaning">What a flag means when set; what a wider field holds.</param>
/// <param name="Kind">How it reads.</param>
internal sealed record BitField(string Name, int High, int Low, string Meaning, BitFieldKind Kind)
{
    /// <summary>A flag: one bit.</summary>
    public BitField(string name, int bit, string meaning)
        : this(name, bit, bit, meaning, BitFieldKind.Flag)
    {
    }

    /// <summary>A field of several bits whose values have names, or none.</summary>
    public BitField(string name, int high, int low, string meaning, params string[] values)
        : this(name, high, low, meaning, BitFieldKind.Number) => Values = values;

    /// <summary>What the values mean, from 0; empty for a plain number.</summary>
    public IReadOnlyList<string> Values { get; } = [];

    /// <summary>The field's bits where they stand.</summary>
    public ulong Mask => (High - Low == 63 ? ulong.MaxValue : (1UL << (High - Low + 1)) - 1) << Low;

    /// <summary>The field's value in a register, from its lowest bit.</summary>
    public ulong Of(ulong register) => (register & Mask) >> Low;

    /// <summary>The bits as manuals write them: <c>31</c>, <c>51:12</c>.</summary>
    public string Place => High == Low ? $"{Low}" : $"{High}:{Low}";

    /// <summary>An address whose low bits are implied: shown as it stands in the register.</summary>
    public static BitField Address(string name, int high, int low, string meaning) => new(name, high, low, meaning, BitFieldKind.Address);

    /// <summary>A bit that the processor keeps at one and that means nothing.</summary>
    public static BitField One(int bit) => new("1", bit, bit, "always one", BitFieldKind.One);

    /// <summary>A flag that is clear when what it names holds.</summary>
    public static BitField Inverted(string name, int bit, string meaning) => new(name, bit, bit, meaning, BitFieldKind.Inverted);

    /// <summary>Bits left to software, shown only when some are set.</summary>
    public static BitField Software(string name, int high, int low, string meaning) => new(name, high, low, meaning, BitFieldKind.Software);
}
