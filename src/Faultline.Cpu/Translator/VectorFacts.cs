namespace Faultline.Cpu.Translator;

/// <summary>
/// What is known about the vector registers: a byte for each, with a bit for each kind of operand (see RegionTranslator.Float.cs) that it would be a routine one of.
/// </summary>
/// <param name="Bits">The bytes, register 0 in the lowest.</param>
internal readonly record struct VectorFacts(UInt128 Bits)
{
    /// <summary>The low element, a double.</summary>
    public const byte Sd = 1;

    /// <summary>The low element, of single precision.</summary>
    public const byte Ss = 2;

    /// <summary>Two doubles.</summary>
    public const byte Pd = 4;

    /// <summary>Four of single precision.</summary>
    public const byte Ps = 8;

    /// <summary>Four doubles.</summary>
    public const byte Pd256 = 16;

    /// <summary>Eight of single precision.</summary>
    public const byte Ps256 = 32;

    /// <summary>Every kind in bits 0 to 127.</summary>
    public const byte Low = Sd | Ss | Pd | Ps;

    /// <summary>Every kind.</summary>
    public const byte All = Low | Pd256 | Ps256;

    /// <summary>Nothing.</summary>
    public static readonly VectorFacts None;

    /// <summary>Whether nothing is known.</summary>
    public bool IsNone => Bits == 0;

    /// <summary>What is known about a register.</summary>
    public byte this[int number] => (byte)(Bits >> (8 * number));

    /// <summary>The bit of a kind.</summary>
    public static byte Of(int kind) => (byte)(1 << (kind - 1));

    /// <summary>The bits of a kind and of those with fewer of its elements.</summary>
    public static byte UpTo(int kind) => kind switch
    {
        1 => Sd,
        2 => Ss,
        3 => Pd | Sd,
        4 => Ps | Ss,
        5 => Pd256 | Pd | Sd,
        _ => Ps256 | Ps | Ss,
    };

    /// <summary>The same with others about one register.</summary>
    public VectorFacts With(int number, int kinds) => new((Bits & ~((UInt128)0xff << (8 * number))) | (UInt128)(byte)kinds << (8 * number));

    /// <summary>What both know.</summary>
    public static VectorFacts operator &(VectorFacts a, VectorFacts b) => new(a.Bits & b.Bits);

    /// <summary>What either knows.</summary>
    public static VectorFacts operator |(VectorFacts a, VectorFacts b) => new(a.Bits | b.Bits);

    /// <summary>What is known here and not there.</summary>
    public VectorFacts Except(VectorFacts other) => new(Bits & ~other.Bits);
}
