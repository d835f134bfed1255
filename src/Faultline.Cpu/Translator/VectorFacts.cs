namespace Faultline.Cpu.Translator;

/// <summary>
/// What is known about the vector registers: a byte for each, with a bit for each kind of operand (see RegionTranslator.Float.cs) that it would be a routine one of.
/// </summary>
/// <param name="Lower">The bytes of registers 0 to 7, register 0 in the lowest.</param>
/// <param name="Upper">Those of registers 8 to 15.</param>
/// <remarks>Not a <see cref="UInt128"/>: a method that touches one, or an object that holds one, is not compiled ahead of time (docs/decisions/start-up.md).</remarks>
internal readonly record struct VectorFacts(ulong Lower, ulong Upper)
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
    public bool IsNone => (Lower | Upper) == 0;

    /// <summary>What is known about a register.</summary>
    public byte this[int number] => (byte)((number < 8 ? Lower : Upper) >> (8 * (number & 7)));

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
    public VectorFacts With(int number, int kinds)
    {
        return number < 8 ? this with { Lower = Change(Lower) } : this with { Upper = Change(Upper) };

        ulong Change(ulong bytes) => (bytes & ~(0xffUL << (8 * (number & 7)))) | (ulong)(byte)kinds << (8 * (number & 7));
    }

    /// <summary>What both know.</summary>
    public static VectorFacts operator &(VectorFacts a, VectorFacts b) => new(a.Lower & b.Lower, a.Upper & b.Upper);

    /// <summary>What either knows.</summary>
    public static VectorFacts operator |(VectorFacts a, VectorFacts b) => new(a.Lower | b.Lower, a.Upper | b.Upper);

    /// <summary>What is known here and not there.</summary>
    public VectorFacts Except(VectorFacts other) => new(Lower & ~other.Lower, Upper & ~other.Upper);
}
