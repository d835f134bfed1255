namespace Faultline.Cpu.Translator;

/// <summary>What is known about the size of numbers: each is zero, or from 2^Low to 2^High without its sign.</summary>
/// <param name="Low">Exponent of the smallest that is not zero.</param>
/// <param name="High">Exponent of the largest.</param>
/// <param name="NonZero">Whether none is zero.</param>
internal readonly record struct Magnitude(int Low, int High, bool NonZero)
{
    /// <summary>Whether the kind is one of single precision.</summary>
    private static bool IsSingle(int kind) => (kind & 1) == 0;

    /// <summary>What passes the first look (see <see cref="FloatGlue"/>).</summary>
    public static Magnitude Looked(int kind) => IsSingle(kind) ? new Magnitude(-31, 33, NonZero: true) : new Magnitude(-255, 257, NonZero: true);

    /// <summary>What regions that assume so carry round loops: zero or near enough to 1 that a product of two is normal, and even of three or a sum of products of two.</summary>
    public static Magnitude Near(int kind) => IsSingle(kind) ? new Magnitude(-FloatGlue.NearSingle, FloatGlue.NearSingle, NonZero: false) : new Magnitude(-FloatGlue.NearDouble, FloatGlue.NearDouble, NonZero: false);

    /// <summary>Zero or any normal number.</summary>
    public static Magnitude Normal(int kind) => IsSingle(kind) ? new Magnitude(-126, 128, NonZero: false) : new Magnitude(-1022, 1024, NonZero: false);

    /// <summary>Whether a result of exact value in here, rounded, is zero because the exact value is, or normal: then nothing but PE can have come of it.</summary>
    public bool IsRoutine(int kind) => IsSingle(kind) ? Low >= -126 && High <= 127 : Low >= -1022 && High <= 1023;

    /// <summary>Whether all of these numbers are among others.</summary>
    public bool IsWithin(Magnitude other) => Low >= other.Low && High <= other.High && (NonZero || !other.NonZero);

    /// <summary>A sum or difference: where it is not zero it is at least a unit in the last place of the smallest operand.</summary>
    public static Magnitude Sum(Magnitude a, Magnitude b, int kind) => new(Math.Min(a.Low, b.Low) - Fraction(kind), Math.Max(a.High, b.High) + 1, NonZero: false);

    /// <summary>A product.</summary>
    public static Magnitude Product(Magnitude a, Magnitude b) => new(a.Low + b.Low, a.High + b.High, a.NonZero && b.NonZero);

    /// <summary>A quotient by a divisor that is not zero.</summary>
    public static Magnitude Quotient(Magnitude a, Magnitude b) => new(a.Low - b.High, a.High - b.Low, a.NonZero);

    /// <summary>A product and a sum with it, rounded once.</summary>
    public static Magnitude Fused(Magnitude a, Magnitude b, Magnitude addend, int kind) =>
        new(Math.Min(a.Low + b.Low - 2 * Fraction(kind), addend.Low - Fraction(kind)), Math.Max(a.High + b.High, addend.High) + 1, NonZero: false);

    /// <summary>Bits behind the binary point.</summary>
    private static int Fraction(int kind) => IsSingle(kind) ? 23 : 52;
}
