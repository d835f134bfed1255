using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using static Faultline.Cpu.Semantics.Vector.FloatControl;

namespace Faultline.Cpu.Translator;

// The low element; the rest of the first operand stays.
internal static partial class FloatGlue
{
    /// <summary>ADDSD.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> AddSd(Vector128<byte> a, Vector128<byte> b) => (Sse2.IsSupported ? Sse2.AddScalar(a.AsDouble(), b.AsDouble()) : a.AsDouble().WithElement(0, a.AsDouble().ToScalar() + b.AsDouble().ToScalar())).AsByte();

    /// <summary>SUBSD.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> SubSd(Vector128<byte> a, Vector128<byte> b) => (Sse2.IsSupported ? Sse2.SubtractScalar(a.AsDouble(), b.AsDouble()) : a.AsDouble().WithElement(0, a.AsDouble().ToScalar() - b.AsDouble().ToScalar())).AsByte();

    /// <summary>MULSD.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> MulSd(Vector128<byte> a, Vector128<byte> b) => (Sse2.IsSupported ? Sse2.MultiplyScalar(a.AsDouble(), b.AsDouble()) : a.AsDouble().WithElement(0, a.AsDouble().ToScalar() * b.AsDouble().ToScalar())).AsByte();

    /// <summary>DIVSD.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> DivSd(Vector128<byte> a, Vector128<byte> b) => (Sse2.IsSupported ? Sse2.DivideScalar(a.AsDouble(), b.AsDouble()) : a.AsDouble().WithElement(0, a.AsDouble().ToScalar() / b.AsDouble().ToScalar())).AsByte();

    /// <summary>The square root of the second, the rest of the first.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> SqrtSd(Vector128<byte> a, Vector128<byte> b) => a.AsDouble().WithElement(0, Math.Sqrt(b.AsDouble().ToScalar())).AsByte();

    /// <summary>Whether the second is a positive normal number.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool PositiveSd(Vector128<byte> b) => IsPositive(b.AsUInt64().ToScalar());

    /// <summary>Whether a sum or difference was routine or cancelled out to zero, which is exact.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool SumOrZeroSd(Vector128<byte> a, Vector128<byte> b, Vector128<byte> r) => IsLeastSd(Vector128.Min(Vector128.Min(Operand(a.AsDouble()), Operand(b.AsDouble())), Result(r.AsDouble()) | Zeros(r.AsDouble()).AsUInt32()));

    /// <summary>Whether a product or quotient was routine or is zero because a factor or the dividend is.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool ProductOrZeroSd(Vector128<byte> a, Vector128<byte> b, Vector128<byte> r) => IsLeastSd(Vector128.Min(Vector128.Min(Operand(a.AsDouble()), Operand(b.AsDouble())), Result(r.AsDouble()) | (Zeros(r.AsDouble()) & (Zeros(a.AsDouble()) | Zeros(b.AsDouble()))).AsUInt32()));

    /// <summary>Whether a fused multiplication and addition was routine or is zero because the addend and a factor are.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool FusedOrZeroSd(Vector128<byte> a, Vector128<byte> b, Vector128<byte> c, Vector128<byte> r) =>
        IsLeastSd(Vector128.Min(Vector128.Min(Operand(a.AsDouble()), Operand(b.AsDouble())), Vector128.Min(Operand(c.AsDouble()), Result(r.AsDouble()) | (Zeros(r.AsDouble()) & Zeros(c.AsDouble()) & (Zeros(a.AsDouble()) | Zeros(b.AsDouble()))).AsUInt32())));

    /// <summary>x * y + z with one rounding, the rest of the first; the factor and the addend may be negated.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> FusedSd(Vector128<byte> rest, Vector128<byte> factor, Vector128<byte> other, Vector128<byte> addend, bool negateProduct, bool negateAddend)
    {
        Vector128<double> x = negateProduct ? -factor.AsDouble() : factor.AsDouble(), y = other.AsDouble(), z = negateAddend ? -addend.AsDouble() : addend.AsDouble();
        return rest.AsDouble().WithElement(0, Fma.IsSupported ? Fma.MultiplyAddScalar(x, y, z).ToScalar() : Math.FusedMultiplyAdd(x.ToScalar(), y.ToScalar(), z.ToScalar())).AsByte();
    }

    /// <summary>ADDSS.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> AddSs(Vector128<byte> a, Vector128<byte> b) => (Sse.IsSupported ? Sse.AddScalar(a.AsSingle(), b.AsSingle()) : a.AsSingle().WithElement(0, a.AsSingle().ToScalar() + b.AsSingle().ToScalar())).AsByte();

    /// <summary>SUBSS.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> SubSs(Vector128<byte> a, Vector128<byte> b) => (Sse.IsSupported ? Sse.SubtractScalar(a.AsSingle(), b.AsSingle()) : a.AsSingle().WithElement(0, a.AsSingle().ToScalar() - b.AsSingle().ToScalar())).AsByte();

    /// <summary>MULSS.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> MulSs(Vector128<byte> a, Vector128<byte> b) => (Sse.IsSupported ? Sse.MultiplyScalar(a.AsSingle(), b.AsSingle()) : a.AsSingle().WithElement(0, a.AsSingle().ToScalar() * b.AsSingle().ToScalar())).AsByte();

    /// <summary>DIVSS.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> DivSs(Vector128<byte> a, Vector128<byte> b) => (Sse.IsSupported ? Sse.DivideScalar(a.AsSingle(), b.AsSingle()) : a.AsSingle().WithElement(0, a.AsSingle().ToScalar() / b.AsSingle().ToScalar())).AsByte();

    /// <summary>The square root of the second, the rest of the first.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> SqrtSs(Vector128<byte> a, Vector128<byte> b) => a.AsSingle().WithElement(0, MathF.Sqrt(b.AsSingle().ToScalar())).AsByte();

    /// <summary>Whether the second is a positive normal number.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool PositiveSs(Vector128<byte> b) => IsPositive(b.AsUInt32().ToScalar());

    /// <summary>Whether a sum or difference was routine or cancelled out to zero, which is exact.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool SumOrZeroSs(Vector128<byte> a, Vector128<byte> b, Vector128<byte> r) => IsLeastSs(Vector128.Min(Vector128.Min(Operand(a.AsSingle()), Operand(b.AsSingle())), Result(r.AsSingle()) | Zeros(r.AsSingle()).AsUInt32()));

    /// <summary>Whether a product or quotient was routine or is zero because a factor or the dividend is.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool ProductOrZeroSs(Vector128<byte> a, Vector128<byte> b, Vector128<byte> r) => IsLeastSs(Vector128.Min(Vector128.Min(Operand(a.AsSingle()), Operand(b.AsSingle())), Result(r.AsSingle()) | (Zeros(r.AsSingle()) & (Zeros(a.AsSingle()) | Zeros(b.AsSingle()))).AsUInt32()));

    /// <summary>Whether a fused multiplication and addition was routine or is zero because the addend and a factor are.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool FusedOrZeroSs(Vector128<byte> a, Vector128<byte> b, Vector128<byte> c, Vector128<byte> r) =>
        IsLeastSs(Vector128.Min(Vector128.Min(Operand(a.AsSingle()), Operand(b.AsSingle())), Vector128.Min(Operand(c.AsSingle()), Result(r.AsSingle()) | (Zeros(r.AsSingle()) & Zeros(c.AsSingle()) & (Zeros(a.AsSingle()) | Zeros(b.AsSingle()))))));

    /// <summary>x * y + z with one rounding, the rest of the first; the factor and the addend may be negated.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> FusedSs(Vector128<byte> rest, Vector128<byte> factor, Vector128<byte> other, Vector128<byte> addend, bool negateProduct, bool negateAddend)
    {
        Vector128<float> x = negateProduct ? -factor.AsSingle() : factor.AsSingle(), y = other.AsSingle(), z = negateAddend ? -addend.AsSingle() : addend.AsSingle();
        return rest.AsSingle().WithElement(0, Fma.IsSupported ? Fma.MultiplyAddScalar(x, y, z).ToScalar() : MathF.FusedMultiplyAdd(x.ToScalar(), y.ToScalar(), z.ToScalar())).AsByte();
    }
}
