using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using static Faultline.Cpu.Semantics.Vector.FloatControl;

namespace Faultline.Cpu.Translator;

// All elements of 128 or 256 bits.
internal static partial class FloatGlue
{
    /// <summary>ADD of all elements.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> AddPd(Vector128<byte> a, Vector128<byte> b) => (a.AsDouble() + b.AsDouble()).AsByte();

    /// <summary>SUB of all elements.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> SubPd(Vector128<byte> a, Vector128<byte> b) => (a.AsDouble() - b.AsDouble()).AsByte();

    /// <summary>MUL of all elements.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> MulPd(Vector128<byte> a, Vector128<byte> b) => (a.AsDouble() * b.AsDouble()).AsByte();

    /// <summary>DIV of all elements.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> DivPd(Vector128<byte> a, Vector128<byte> b) => (a.AsDouble() / b.AsDouble()).AsByte();

    /// <summary>Square roots.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> SqrtPd(Vector128<byte> b) => Vector128.Sqrt(b.AsDouble()).AsByte();

    /// <summary>Whether all are positive normal numbers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool PositivePd(Vector128<byte> b) => ArePositive(b.AsDouble());

    /// <summary>Whether a sum or difference was routine or cancelled out to zero, which is exact.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool SumOrZeroPd(Vector128<byte> a, Vector128<byte> b, Vector128<byte> r) => IsLeast(Vector128.Min(Vector128.Min(Operand(a.AsDouble()), Operand(b.AsDouble())), Result(r.AsDouble()) | Zeros(r.AsDouble()).AsUInt32()));

    /// <summary>Whether a product or quotient was routine or is zero because a factor or the dividend is.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool ProductOrZeroPd(Vector128<byte> a, Vector128<byte> b, Vector128<byte> r) => IsLeast(Vector128.Min(Vector128.Min(Operand(a.AsDouble()), Operand(b.AsDouble())), Result(r.AsDouble()) | (Zeros(r.AsDouble()) & (Zeros(a.AsDouble()) | Zeros(b.AsDouble()))).AsUInt32()));

    /// <summary>Whether a fused multiplication and addition was routine or is zero because the addend and a factor are.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool FusedOrZeroPd(Vector128<byte> a, Vector128<byte> b, Vector128<byte> c, Vector128<byte> r) =>
        IsLeast(Vector128.Min(Vector128.Min(Operand(a.AsDouble()), Operand(b.AsDouble())), Vector128.Min(Operand(c.AsDouble()), Result(r.AsDouble()) | (Zeros(r.AsDouble()) & Zeros(c.AsDouble()) & (Zeros(a.AsDouble()) | Zeros(b.AsDouble()))).AsUInt32())));

    /// <summary>x * y + z with one rounding; the factor and the addend may be negated.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> FusedPd(Vector128<byte> rest, Vector128<byte> factor, Vector128<byte> other, Vector128<byte> addend, bool negateProduct, bool negateAddend)
    {
        Vector128<double> x = negateProduct ? -factor.AsDouble() : factor.AsDouble(), z = negateAddend ? -addend.AsDouble() : addend.AsDouble();
        return Vector128.FusedMultiplyAdd(x, other.AsDouble(), z).AsByte();
    }

    /// <summary>ADD of all elements.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> AddPs(Vector128<byte> a, Vector128<byte> b) => (a.AsSingle() + b.AsSingle()).AsByte();

    /// <summary>SUB of all elements.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> SubPs(Vector128<byte> a, Vector128<byte> b) => (a.AsSingle() - b.AsSingle()).AsByte();

    /// <summary>MUL of all elements.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> MulPs(Vector128<byte> a, Vector128<byte> b) => (a.AsSingle() * b.AsSingle()).AsByte();

    /// <summary>DIV of all elements.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> DivPs(Vector128<byte> a, Vector128<byte> b) => (a.AsSingle() / b.AsSingle()).AsByte();

    /// <summary>Square roots.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> SqrtPs(Vector128<byte> b) => Vector128.Sqrt(b.AsSingle()).AsByte();

    /// <summary>Whether all are positive normal numbers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool PositivePs(Vector128<byte> b) => ArePositive(b.AsSingle());

    /// <summary>Whether a sum or difference was routine or cancelled out to zero, which is exact.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool SumOrZeroPs(Vector128<byte> a, Vector128<byte> b, Vector128<byte> r) => IsLeastFloat(Vector128.Min(Vector128.Min(Operand(a.AsSingle()), Operand(b.AsSingle())), Result(r.AsSingle()) | Zeros(r.AsSingle()).AsUInt32()));

    /// <summary>Whether a product or quotient was routine or is zero because a factor or the dividend is.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool ProductOrZeroPs(Vector128<byte> a, Vector128<byte> b, Vector128<byte> r) => IsLeastFloat(Vector128.Min(Vector128.Min(Operand(a.AsSingle()), Operand(b.AsSingle())), Result(r.AsSingle()) | (Zeros(r.AsSingle()) & (Zeros(a.AsSingle()) | Zeros(b.AsSingle()))).AsUInt32()));

    /// <summary>Whether a fused multiplication and addition was routine or is zero because the addend and a factor are.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool FusedOrZeroPs(Vector128<byte> a, Vector128<byte> b, Vector128<byte> c, Vector128<byte> r) =>
        IsLeastFloat(Vector128.Min(Vector128.Min(Operand(a.AsSingle()), Operand(b.AsSingle())), Vector128.Min(Operand(c.AsSingle()), Result(r.AsSingle()) | (Zeros(r.AsSingle()) & Zeros(c.AsSingle()) & (Zeros(a.AsSingle()) | Zeros(b.AsSingle()))))));

    /// <summary>x * y + z with one rounding; the factor and the addend may be negated.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> FusedPs(Vector128<byte> rest, Vector128<byte> factor, Vector128<byte> other, Vector128<byte> addend, bool negateProduct, bool negateAddend)
    {
        Vector128<float> x = negateProduct ? -factor.AsSingle() : factor.AsSingle(), z = negateAddend ? -addend.AsSingle() : addend.AsSingle();
        return Vector128.FusedMultiplyAdd(x, other.AsSingle(), z).AsByte();
    }

    /// <summary>ADD of all elements.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<byte> AddPd256(Vector256<byte> a, Vector256<byte> b) => (a.AsDouble() + b.AsDouble()).AsByte();

    /// <summary>SUB of all elements.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<byte> SubPd256(Vector256<byte> a, Vector256<byte> b) => (a.AsDouble() - b.AsDouble()).AsByte();

    /// <summary>MUL of all elements.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<byte> MulPd256(Vector256<byte> a, Vector256<byte> b) => (a.AsDouble() * b.AsDouble()).AsByte();

    /// <summary>DIV of all elements.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<byte> DivPd256(Vector256<byte> a, Vector256<byte> b) => (a.AsDouble() / b.AsDouble()).AsByte();

    /// <summary>Square roots.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<byte> SqrtPd256(Vector256<byte> b) => Vector256.Sqrt(b.AsDouble()).AsByte();

    /// <summary>Whether all are positive normal numbers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool PositivePd256(Vector256<byte> b) => ArePositive(b.AsDouble());

    /// <summary>Whether a sum or difference was routine or cancelled out to zero, which is exact.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool SumOrZeroPd256(Vector256<byte> a, Vector256<byte> b, Vector256<byte> r) => IsLeast(Vector256.Min(Vector256.Min(Operand(a.AsDouble()), Operand(b.AsDouble())), Result(r.AsDouble()) | Zeros(r.AsDouble()).AsUInt32()));

    /// <summary>Whether a product or quotient was routine or is zero because a factor or the dividend is.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool ProductOrZeroPd256(Vector256<byte> a, Vector256<byte> b, Vector256<byte> r) => IsLeast(Vector256.Min(Vector256.Min(Operand(a.AsDouble()), Operand(b.AsDouble())), Result(r.AsDouble()) | (Zeros(r.AsDouble()) & (Zeros(a.AsDouble()) | Zeros(b.AsDouble()))).AsUInt32()));

    /// <summary>Whether a fused multiplication and addition was routine or is zero because the addend and a factor are.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool FusedOrZeroPd256(Vector256<byte> a, Vector256<byte> b, Vector256<byte> c, Vector256<byte> r) =>
        IsLeast(Vector256.Min(Vector256.Min(Operand(a.AsDouble()), Operand(b.AsDouble())), Vector256.Min(Operand(c.AsDouble()), Result(r.AsDouble()) | (Zeros(r.AsDouble()) & Zeros(c.AsDouble()) & (Zeros(a.AsDouble()) | Zeros(b.AsDouble()))).AsUInt32())));

    /// <summary>x * y + z with one rounding; the factor and the addend may be negated.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<byte> FusedPd256(Vector256<byte> rest, Vector256<byte> factor, Vector256<byte> other, Vector256<byte> addend, bool negateProduct, bool negateAddend)
    {
        Vector256<double> x = negateProduct ? -factor.AsDouble() : factor.AsDouble(), z = negateAddend ? -addend.AsDouble() : addend.AsDouble();
        return Vector256.FusedMultiplyAdd(x, other.AsDouble(), z).AsByte();
    }

    /// <summary>ADD of all elements.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<byte> AddPs256(Vector256<byte> a, Vector256<byte> b) => (a.AsSingle() + b.AsSingle()).AsByte();

    /// <summary>SUB of all elements.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<byte> SubPs256(Vector256<byte> a, Vector256<byte> b) => (a.AsSingle() - b.AsSingle()).AsByte();

    /// <summary>MUL of all elements.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<byte> MulPs256(Vector256<byte> a, Vector256<byte> b) => (a.AsSingle() * b.AsSingle()).AsByte();

    /// <summary>DIV of all elements.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<byte> DivPs256(Vector256<byte> a, Vector256<byte> b) => (a.AsSingle() / b.AsSingle()).AsByte();

    /// <summary>Square roots.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<byte> SqrtPs256(Vector256<byte> b) => Vector256.Sqrt(b.AsSingle()).AsByte();

    /// <summary>Whether all are positive normal numbers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool PositivePs256(Vector256<byte> b) => ArePositive(b.AsSingle());

    /// <summary>Whether a sum or difference was routine or cancelled out to zero, which is exact.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool SumOrZeroPs256(Vector256<byte> a, Vector256<byte> b, Vector256<byte> r) => IsLeastFloat(Vector256.Min(Vector256.Min(Operand(a.AsSingle()), Operand(b.AsSingle())), Result(r.AsSingle()) | Zeros(r.AsSingle()).AsUInt32()));

    /// <summary>Whether a product or quotient was routine or is zero because a factor or the dividend is.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool ProductOrZeroPs256(Vector256<byte> a, Vector256<byte> b, Vector256<byte> r) => IsLeastFloat(Vector256.Min(Vector256.Min(Operand(a.AsSingle()), Operand(b.AsSingle())), Result(r.AsSingle()) | (Zeros(r.AsSingle()) & (Zeros(a.AsSingle()) | Zeros(b.AsSingle()))).AsUInt32()));

    /// <summary>Whether a fused multiplication and addition was routine or is zero because the addend and a factor are.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool FusedOrZeroPs256(Vector256<byte> a, Vector256<byte> b, Vector256<byte> c, Vector256<byte> r) =>
        IsLeastFloat(Vector256.Min(Vector256.Min(Operand(a.AsSingle()), Operand(b.AsSingle())), Vector256.Min(Operand(c.AsSingle()), Result(r.AsSingle()) | (Zeros(r.AsSingle()) & Zeros(c.AsSingle()) & (Zeros(a.AsSingle()) | Zeros(b.AsSingle()))))));

    /// <summary>x * y + z with one rounding; the factor and the addend may be negated.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<byte> FusedPs256(Vector256<byte> rest, Vector256<byte> factor, Vector256<byte> other, Vector256<byte> addend, bool negateProduct, bool negateAddend)
    {
        Vector256<float> x = negateProduct ? -factor.AsSingle() : factor.AsSingle(), z = negateAddend ? -addend.AsSingle() : addend.AsSingle();
        return Vector256.FusedMultiplyAdd(x, other.AsSingle(), z).AsByte();
    }
}
