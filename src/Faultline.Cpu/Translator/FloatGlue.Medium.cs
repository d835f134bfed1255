using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Faultline.Cpu.Translator;

// The first look at operands and results together: whether all are of medium size, magnitudes from 2^-511 to 2^513 (2^-63 to 2^65 for single precision).
// Then nothing but PE can follow. In the bits of the exponent that is the middle half of all values, which an addition of a multiple of the highest bits
// turns into one clear bit below the sign, so that a value costs an addition and an OR, and the test one instruction for all of them. What does not pass may still be
// routine (a zero, a number of extreme size): a second look, out of line, tells.
internal static partial class FloatGlue
{
    /// <summary>Clears <see cref="NotMedium"/> in the word with the exponent of a medium number, and the sign's bit as well when it is positive.</summary>
    private const uint ToMedium = 0xE0000000;

    private const uint NotMedium = 0x40000000;
    private const uint NotMediumOrNegative = 0xC0000000;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<uint> Range(Vector128<byte> a, Vector128<byte> bias) => a.AsUInt32() + bias.AsUInt32();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<uint> Range(Vector256<byte> a, Vector256<byte> bias) => a.AsUInt32() + bias.AsUInt32();

    /// <summary>What the other methods here take as the bias. In a local of the region, because the JIT would load it anew wherever it is used.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> Bias128() => Vector128.Create(ToMedium).AsByte();

    /// <inheritdoc cref="Bias128"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<byte> Bias256() => Vector256.Create(ToMedium).AsByte();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool AreClear(Vector128<uint> a, Vector128<uint> mask) => Sse41.IsSupported ? Sse41.TestZ(a, mask) : (a & mask) == Vector128<uint>.Zero;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool AreClear(Vector256<uint> a, Vector256<uint> mask) => Avx.IsSupported ? Avx.TestZ(a, mask) : (a & mask) == Vector256<uint>.Zero;

    /// <summary>Whether a result is of medium size.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Medium1Sd(Vector128<byte> r, Vector128<byte> bias) => (Range(r, bias).AsUInt64().ToScalar() & (ulong)NotMedium << 32) == 0;

    /// <summary>Whether an operand and the result are.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Medium2Sd(Vector128<byte> a, Vector128<byte> r, Vector128<byte> bias) => ((Range(a, bias) | Range(r, bias)).AsUInt64().ToScalar() & (ulong)NotMedium << 32) == 0;

    /// <summary>Whether two operands and the result are.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Medium3Sd(Vector128<byte> a, Vector128<byte> b, Vector128<byte> r, Vector128<byte> bias) => ((Range(a, bias) | Range(b, bias) | Range(r, bias)).AsUInt64().ToScalar() & (ulong)NotMedium << 32) == 0;

    /// <summary>Whether three operands and the result are.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Medium4Sd(Vector128<byte> a, Vector128<byte> b, Vector128<byte> c, Vector128<byte> r, Vector128<byte> bias) => ((Range(a, bias) | Range(b, bias) | Range(c, bias) | Range(r, bias)).AsUInt64().ToScalar() & (ulong)NotMedium << 32) == 0;

    /// <summary>Whether an operand is of medium size and positive.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool MediumPositiveSd(Vector128<byte> a, Vector128<byte> bias) => Range(a, bias).AsUInt64().ToScalar() >> 62 == 0;

    /// <summary>Whether a result is of medium size.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Medium1Ss(Vector128<byte> r, Vector128<byte> bias) => (Range(r, bias).ToScalar() & NotMedium) == 0;

    /// <summary>Whether an operand and the result are.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Medium2Ss(Vector128<byte> a, Vector128<byte> r, Vector128<byte> bias) => ((Range(a, bias) | Range(r, bias)).ToScalar() & NotMedium) == 0;

    /// <summary>Whether two operands and the result are.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Medium3Ss(Vector128<byte> a, Vector128<byte> b, Vector128<byte> r, Vector128<byte> bias) => ((Range(a, bias) | Range(b, bias) | Range(r, bias)).ToScalar() & NotMedium) == 0;

    /// <summary>Whether three operands and the result are.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Medium4Ss(Vector128<byte> a, Vector128<byte> b, Vector128<byte> c, Vector128<byte> r, Vector128<byte> bias) => ((Range(a, bias) | Range(b, bias) | Range(c, bias) | Range(r, bias)).ToScalar() & NotMedium) == 0;

    /// <summary>Whether an operand is of medium size and positive.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool MediumPositiveSs(Vector128<byte> a, Vector128<byte> bias) => Range(a, bias).ToScalar() >> 30 == 0;

    /// <summary>Whether a result is of medium size.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Medium1Pd(Vector128<byte> r, Vector128<byte> bias) => AreClear(Range(r, bias), Vector128.Create((ulong)NotMedium << 32).AsUInt32());

    /// <summary>Whether an operand and the result are.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Medium2Pd(Vector128<byte> a, Vector128<byte> r, Vector128<byte> bias) => AreClear(Range(a, bias) | Range(r, bias), Vector128.Create((ulong)NotMedium << 32).AsUInt32());

    /// <summary>Whether two operands and the result are.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Medium3Pd(Vector128<byte> a, Vector128<byte> b, Vector128<byte> r, Vector128<byte> bias) => AreClear(Range(a, bias) | Range(b, bias) | Range(r, bias), Vector128.Create((ulong)NotMedium << 32).AsUInt32());

    /// <summary>Whether three operands and the result are.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Medium4Pd(Vector128<byte> a, Vector128<byte> b, Vector128<byte> c, Vector128<byte> r, Vector128<byte> bias) => AreClear(Range(a, bias) | Range(b, bias) | Range(c, bias) | Range(r, bias), Vector128.Create((ulong)NotMedium << 32).AsUInt32());

    /// <summary>Whether an operand is of medium size and positive.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool MediumPositivePd(Vector128<byte> a, Vector128<byte> bias) => AreClear(Range(a, bias), Vector128.Create((ulong)NotMediumOrNegative << 32).AsUInt32());

    /// <summary>Whether a result is of medium size.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Medium1Ps(Vector128<byte> r, Vector128<byte> bias) => AreClear(Range(r, bias), Vector128.Create(NotMedium));

    /// <summary>Whether an operand and the result are.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Medium2Ps(Vector128<byte> a, Vector128<byte> r, Vector128<byte> bias) => AreClear(Range(a, bias) | Range(r, bias), Vector128.Create(NotMedium));

    /// <summary>Whether two operands and the result are.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Medium3Ps(Vector128<byte> a, Vector128<byte> b, Vector128<byte> r, Vector128<byte> bias) => AreClear(Range(a, bias) | Range(b, bias) | Range(r, bias), Vector128.Create(NotMedium));

    /// <summary>Whether three operands and the result are.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Medium4Ps(Vector128<byte> a, Vector128<byte> b, Vector128<byte> c, Vector128<byte> r, Vector128<byte> bias) => AreClear(Range(a, bias) | Range(b, bias) | Range(c, bias) | Range(r, bias), Vector128.Create(NotMedium));

    /// <summary>Whether an operand is of medium size and positive.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool MediumPositivePs(Vector128<byte> a, Vector128<byte> bias) => AreClear(Range(a, bias), Vector128.Create(NotMediumOrNegative));

    /// <summary>Whether a result is of medium size.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Medium1Pd256(Vector256<byte> r, Vector256<byte> bias) => AreClear(Range(r, bias), Vector256.Create((ulong)NotMedium << 32).AsUInt32());

    /// <summary>Whether an operand and the result are.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Medium2Pd256(Vector256<byte> a, Vector256<byte> r, Vector256<byte> bias) => AreClear(Range(a, bias) | Range(r, bias), Vector256.Create((ulong)NotMedium << 32).AsUInt32());

    /// <summary>Whether two operands and the result are.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Medium3Pd256(Vector256<byte> a, Vector256<byte> b, Vector256<byte> r, Vector256<byte> bias) => AreClear(Range(a, bias) | Range(b, bias) | Range(r, bias), Vector256.Create((ulong)NotMedium << 32).AsUInt32());

    /// <summary>Whether three operands and the result are.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Medium4Pd256(Vector256<byte> a, Vector256<byte> b, Vector256<byte> c, Vector256<byte> r, Vector256<byte> bias) => AreClear(Range(a, bias) | Range(b, bias) | Range(c, bias) | Range(r, bias), Vector256.Create((ulong)NotMedium << 32).AsUInt32());

    /// <summary>Whether an operand is of medium size and positive.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool MediumPositivePd256(Vector256<byte> a, Vector256<byte> bias) => AreClear(Range(a, bias), Vector256.Create((ulong)NotMediumOrNegative << 32).AsUInt32());

    /// <summary>Whether a result is of medium size.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Medium1Ps256(Vector256<byte> r, Vector256<byte> bias) => AreClear(Range(r, bias), Vector256.Create(NotMedium));

    /// <summary>Whether an operand and the result are.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Medium2Ps256(Vector256<byte> a, Vector256<byte> r, Vector256<byte> bias) => AreClear(Range(a, bias) | Range(r, bias), Vector256.Create(NotMedium));

    /// <summary>Whether two operands and the result are.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Medium3Ps256(Vector256<byte> a, Vector256<byte> b, Vector256<byte> r, Vector256<byte> bias) => AreClear(Range(a, bias) | Range(b, bias) | Range(r, bias), Vector256.Create(NotMedium));

    /// <summary>Whether three operands and the result are.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Medium4Ps256(Vector256<byte> a, Vector256<byte> b, Vector256<byte> c, Vector256<byte> r, Vector256<byte> bias) => AreClear(Range(a, bias) | Range(b, bias) | Range(c, bias) | Range(r, bias), Vector256.Create(NotMedium));

    /// <summary>Whether an operand is of medium size and positive.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool MediumPositivePs256(Vector256<byte> a, Vector256<byte> bias) => AreClear(Range(a, bias), Vector256.Create(NotMediumOrNegative));

    /// <summary>Begins to gather what <c>IsMedium</c> tests.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> Gather(Vector128<byte> r, Vector128<byte> bias) => Range(r, bias).AsByte();

    /// <summary>Gathers more.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> GatherMore(Vector128<byte> gathered, Vector128<byte> r, Vector128<byte> bias) => gathered | Range(r, bias).AsByte();

    /// <summary>Begins to gather what <c>IsMedium</c> tests.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> Gather(Vector128<byte> a, Vector128<byte> r, Vector128<byte> bias) => (Range(a, bias) | Range(r, bias)).AsByte();

    /// <summary>Gathers more.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> GatherMore(Vector128<byte> gathered, Vector128<byte> a, Vector128<byte> r, Vector128<byte> bias) => gathered | (Range(a, bias) | Range(r, bias)).AsByte();

    /// <summary>Begins to gather what <c>IsMedium</c> tests.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> Gather(Vector128<byte> a, Vector128<byte> b, Vector128<byte> r, Vector128<byte> bias) => (Range(a, bias) | Range(b, bias) | Range(r, bias)).AsByte();

    /// <summary>Gathers more.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> GatherMore(Vector128<byte> gathered, Vector128<byte> a, Vector128<byte> b, Vector128<byte> r, Vector128<byte> bias) => gathered | (Range(a, bias) | Range(b, bias) | Range(r, bias)).AsByte();

    /// <summary>Begins to gather what <c>IsMedium</c> tests.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> Gather(Vector128<byte> a, Vector128<byte> b, Vector128<byte> c, Vector128<byte> r, Vector128<byte> bias) => (Range(a, bias) | Range(b, bias) | Range(c, bias) | Range(r, bias)).AsByte();

    /// <summary>Gathers more.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> GatherMore(Vector128<byte> gathered, Vector128<byte> a, Vector128<byte> b, Vector128<byte> c, Vector128<byte> r, Vector128<byte> bias) => gathered | (Range(a, bias) | Range(b, bias) | Range(c, bias) | Range(r, bias)).AsByte();

    /// <summary>Begins to gather what <c>IsMedium</c> tests.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<byte> Gather(Vector256<byte> r, Vector256<byte> bias) => Range(r, bias).AsByte();

    /// <summary>Gathers more.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<byte> GatherMore(Vector256<byte> gathered, Vector256<byte> r, Vector256<byte> bias) => gathered | Range(r, bias).AsByte();

    /// <summary>Begins to gather what <c>IsMedium</c> tests.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<byte> Gather(Vector256<byte> a, Vector256<byte> r, Vector256<byte> bias) => (Range(a, bias) | Range(r, bias)).AsByte();

    /// <summary>Gathers more.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<byte> GatherMore(Vector256<byte> gathered, Vector256<byte> a, Vector256<byte> r, Vector256<byte> bias) => gathered | (Range(a, bias) | Range(r, bias)).AsByte();

    /// <summary>Begins to gather what <c>IsMedium</c> tests.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<byte> Gather(Vector256<byte> a, Vector256<byte> b, Vector256<byte> r, Vector256<byte> bias) => (Range(a, bias) | Range(b, bias) | Range(r, bias)).AsByte();

    /// <summary>Gathers more.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<byte> GatherMore(Vector256<byte> gathered, Vector256<byte> a, Vector256<byte> b, Vector256<byte> r, Vector256<byte> bias) => gathered | (Range(a, bias) | Range(b, bias) | Range(r, bias)).AsByte();

    /// <summary>Begins to gather what <c>IsMedium</c> tests.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<byte> Gather(Vector256<byte> a, Vector256<byte> b, Vector256<byte> c, Vector256<byte> r, Vector256<byte> bias) => (Range(a, bias) | Range(b, bias) | Range(c, bias) | Range(r, bias)).AsByte();

    /// <summary>Gathers more.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<byte> GatherMore(Vector256<byte> gathered, Vector256<byte> a, Vector256<byte> b, Vector256<byte> c, Vector256<byte> r, Vector256<byte> bias) => gathered | (Range(a, bias) | Range(b, bias) | Range(c, bias) | Range(r, bias)).AsByte();

    /// <summary>Whether all that was gathered is of medium size.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool IsMediumSd(Vector128<byte> gathered) => (gathered.AsUInt64().ToScalar() & (ulong)NotMedium << 32) == 0;

    /// <summary>Whether all that was gathered is of medium size.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool IsMediumSs(Vector128<byte> gathered) => (gathered.AsUInt32().ToScalar() & NotMedium) == 0;

    /// <summary>Whether all that was gathered is of medium size.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool IsMediumPd(Vector128<byte> gathered) => AreClear(gathered.AsUInt32(), Vector128.Create((ulong)NotMedium << 32).AsUInt32());

    /// <summary>Whether all that was gathered is of medium size.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool IsMediumPs(Vector128<byte> gathered) => AreClear(gathered.AsUInt32(), Vector128.Create(NotMedium));

    /// <summary>Whether all that was gathered is of medium size.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool IsMediumPd256(Vector256<byte> gathered) => AreClear(gathered.AsUInt32(), Vector256.Create((ulong)NotMedium << 32).AsUInt32());

    /// <summary>Whether all that was gathered is of medium size.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool IsMediumPs256(Vector256<byte> gathered) => AreClear(gathered.AsUInt32(), Vector256.Create(NotMedium));
}
