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
    private static Vector128<uint> Range(Vector128<byte> a) => a.AsUInt32() + Vector128.Create(ToMedium);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<uint> Range(Vector256<byte> a) => a.AsUInt32() + Vector256.Create(ToMedium);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool AreClear(Vector128<uint> a, Vector128<uint> mask) => Sse41.IsSupported ? Sse41.TestZ(a, mask) : (a & mask) == Vector128<uint>.Zero;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool AreClear(Vector256<uint> a, Vector256<uint> mask) => Avx.IsSupported ? Avx.TestZ(a, mask) : (a & mask) == Vector256<uint>.Zero;

    /// <summary>Whether a result is of medium size.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Medium1Sd(Vector128<byte> r) => AreClear(Range(r), Vector128.Create(0, NotMedium, 0, 0));

    /// <summary>Whether an operand and the result are.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Medium2Sd(Vector128<byte> a, Vector128<byte> r) => AreClear(Range(a) | Range(r), Vector128.Create(0, NotMedium, 0, 0));

    /// <summary>Whether two operands and the result are.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Medium3Sd(Vector128<byte> a, Vector128<byte> b, Vector128<byte> r) => AreClear(Range(a) | Range(b) | Range(r), Vector128.Create(0, NotMedium, 0, 0));

    /// <summary>Whether three operands and the result are.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Medium4Sd(Vector128<byte> a, Vector128<byte> b, Vector128<byte> c, Vector128<byte> r) => AreClear(Range(a) | Range(b) | Range(c) | Range(r), Vector128.Create(0, NotMedium, 0, 0));

    /// <summary>Whether an operand is of medium size and positive.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool MediumPositiveSd(Vector128<byte> a) => AreClear(Range(a), Vector128.Create(0, NotMediumOrNegative, 0, 0));

    /// <summary>Whether a result is of medium size.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Medium1Ss(Vector128<byte> r) => AreClear(Range(r), Vector128.CreateScalar(NotMedium));

    /// <summary>Whether an operand and the result are.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Medium2Ss(Vector128<byte> a, Vector128<byte> r) => AreClear(Range(a) | Range(r), Vector128.CreateScalar(NotMedium));

    /// <summary>Whether two operands and the result are.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Medium3Ss(Vector128<byte> a, Vector128<byte> b, Vector128<byte> r) => AreClear(Range(a) | Range(b) | Range(r), Vector128.CreateScalar(NotMedium));

    /// <summary>Whether three operands and the result are.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Medium4Ss(Vector128<byte> a, Vector128<byte> b, Vector128<byte> c, Vector128<byte> r) => AreClear(Range(a) | Range(b) | Range(c) | Range(r), Vector128.CreateScalar(NotMedium));

    /// <summary>Whether an operand is of medium size and positive.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool MediumPositiveSs(Vector128<byte> a) => AreClear(Range(a), Vector128.CreateScalar(NotMediumOrNegative));

    /// <summary>Whether a result is of medium size.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Medium1Pd(Vector128<byte> r) => AreClear(Range(r), Vector128.Create((ulong)NotMedium << 32).AsUInt32());

    /// <summary>Whether an operand and the result are.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Medium2Pd(Vector128<byte> a, Vector128<byte> r) => AreClear(Range(a) | Range(r), Vector128.Create((ulong)NotMedium << 32).AsUInt32());

    /// <summary>Whether two operands and the result are.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Medium3Pd(Vector128<byte> a, Vector128<byte> b, Vector128<byte> r) => AreClear(Range(a) | Range(b) | Range(r), Vector128.Create((ulong)NotMedium << 32).AsUInt32());

    /// <summary>Whether three operands and the result are.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Medium4Pd(Vector128<byte> a, Vector128<byte> b, Vector128<byte> c, Vector128<byte> r) => AreClear(Range(a) | Range(b) | Range(c) | Range(r), Vector128.Create((ulong)NotMedium << 32).AsUInt32());

    /// <summary>Whether an operand is of medium size and positive.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool MediumPositivePd(Vector128<byte> a) => AreClear(Range(a), Vector128.Create((ulong)NotMediumOrNegative << 32).AsUInt32());

    /// <summary>Whether a result is of medium size.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Medium1Ps(Vector128<byte> r) => AreClear(Range(r), Vector128.Create(NotMedium));

    /// <summary>Whether an operand and the result are.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Medium2Ps(Vector128<byte> a, Vector128<byte> r) => AreClear(Range(a) | Range(r), Vector128.Create(NotMedium));

    /// <summary>Whether two operands and the result are.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Medium3Ps(Vector128<byte> a, Vector128<byte> b, Vector128<byte> r) => AreClear(Range(a) | Range(b) | Range(r), Vector128.Create(NotMedium));

    /// <summary>Whether three operands and the result are.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Medium4Ps(Vector128<byte> a, Vector128<byte> b, Vector128<byte> c, Vector128<byte> r) => AreClear(Range(a) | Range(b) | Range(c) | Range(r), Vector128.Create(NotMedium));

    /// <summary>Whether an operand is of medium size and positive.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool MediumPositivePs(Vector128<byte> a) => AreClear(Range(a), Vector128.Create(NotMediumOrNegative));

    /// <summary>Whether a result is of medium size.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Medium1Pd256(Vector256<byte> r) => AreClear(Range(r), Vector256.Create((ulong)NotMedium << 32).AsUInt32());

    /// <summary>Whether an operand and the result are.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Medium2Pd256(Vector256<byte> a, Vector256<byte> r) => AreClear(Range(a) | Range(r), Vector256.Create((ulong)NotMedium << 32).AsUInt32());

    /// <summary>Whether two operands and the result are.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Medium3Pd256(Vector256<byte> a, Vector256<byte> b, Vector256<byte> r) => AreClear(Range(a) | Range(b) | Range(r), Vector256.Create((ulong)NotMedium << 32).AsUInt32());

    /// <summary>Whether three operands and the result are.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Medium4Pd256(Vector256<byte> a, Vector256<byte> b, Vector256<byte> c, Vector256<byte> r) => AreClear(Range(a) | Range(b) | Range(c) | Range(r), Vector256.Create((ulong)NotMedium << 32).AsUInt32());

    /// <summary>Whether an operand is of medium size and positive.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool MediumPositivePd256(Vector256<byte> a) => AreClear(Range(a), Vector256.Create((ulong)NotMediumOrNegative << 32).AsUInt32());

    /// <summary>Whether a result is of medium size.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Medium1Ps256(Vector256<byte> r) => AreClear(Range(r), Vector256.Create(NotMedium));

    /// <summary>Whether an operand and the result are.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Medium2Ps256(Vector256<byte> a, Vector256<byte> r) => AreClear(Range(a) | Range(r), Vector256.Create(NotMedium));

    /// <summary>Whether two operands and the result are.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Medium3Ps256(Vector256<byte> a, Vector256<byte> b, Vector256<byte> r) => AreClear(Range(a) | Range(b) | Range(r), Vector256.Create(NotMedium));

    /// <summary>Whether three operands and the result are.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Medium4Ps256(Vector256<byte> a, Vector256<byte> b, Vector256<byte> c, Vector256<byte> r) => AreClear(Range(a) | Range(b) | Range(c) | Range(r), Vector256.Create(NotMedium));

    /// <summary>Whether an operand is of medium size and positive.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool MediumPositivePs256(Vector256<byte> a) => AreClear(Range(a), Vector256.Create(NotMediumOrNegative));
}
