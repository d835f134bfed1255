using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Faultline.Cpu.Translator;

// The first look at operands and results together: whether all are of medium size, magnitudes from 2^-255 to 2^257 (2^-31 to 2^33 for single precision). In the bits of the exponent that
// is a quarter of all values in the middle, which an addition of a multiple of the highest bits turns into two clear bits below the sign, so that a value costs an addition and an OR, and
// the test one instruction for all of them. What does not pass may still be routine (a zero, a number of extreme size): a second look, out of line, tells.
internal static partial class FloatGlue
{
    /// <summary>Numbers are near when their magnitude is at least two to minus this and less than two to this.</summary>
    public const int NearDouble = 340;

    /// <summary>The same for single precision.</summary>
    public const int NearSingle = 40;

    /// <summary>Clears <see cref="NotMedium"/> in the word with the exponent of a medium number.</summary>
    private const uint ToMedium = 0xD0000000;

    private const uint NotMedium = 0x60000000;

    private const ulong LeastNear64 = (1023UL - NearDouble) << 53;
    private const ulong NearRange64 = (2UL * NearDouble) << 53;
    private const uint LeastNear32 = (127U - NearSingle) << 24;
    private const uint NearRange32 = (2U * NearSingle) << 24;

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
    public static bool IsMediumSd(Vector128<byte> gathered) => AreClear(gathered.AsUInt32(), Vector128.CreateScalar((ulong)NotMedium << 32).AsUInt32());

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

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool IsNear(ulong bits) => (bits << 1) - LeastNear64 < NearRange64 || bits << 1 == 0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool IsNear(uint bits) => (bits << 1) - LeastNear32 < NearRange32 || bits << 1 == 0;

    /// <summary>Whether all are zero or near.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool NearSd(Vector128<byte> a) => IsNear(a.AsUInt64().ToScalar());

    /// <summary>Whether all are zero or near.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool NearSs(Vector128<byte> a) => IsNear(a.AsUInt32().ToScalar());

    /// <summary>Whether all are zero or near.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool NearPd(Vector128<byte> a) => IsNear(a.AsUInt64().ToScalar()) && IsNear(a.AsUInt64().GetElement(1));

    /// <summary>Whether all are zero or near.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool NearPs(Vector128<byte> a) => Vector128.LessThanAll((a.AsUInt32() << 1) - Vector128.Create(LeastNear32) & ~Vector128.Equals(a.AsUInt32() << 1, Vector128<uint>.Zero), Vector128.Create(NearRange32));

    /// <summary>Whether all are zero or near.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool NearPd256(Vector256<byte> a) => NearPd(a.GetLower()) && NearPd(a.GetUpper());

    /// <summary>Whether all are zero or near.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool NearPs256(Vector256<byte> a) => NearPs(a.GetLower()) && NearPs(a.GetUpper());
}
