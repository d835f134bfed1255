using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Faultline.Cpu.Semantics.Float;
using Faultline.Cpu.State;

namespace Faultline.Cpu.Semantics.Vector;

/// <summary>
/// Fused multiply-add on the low 64-bit element; the rest of the first operand stays. The digits of a name say which operands are factors and, last, which is
/// the addend.
/// </summary>
internal static unsafe class FmaSd
{
    /// <summary>VFMADD132SD.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> MulAdd132(CpuState* s, Vector128<byte> a, Vector128<byte> b, Vector128<byte> c) => Fused(s, a, a, c, b, false, false);

    /// <summary>VFMADD213SD.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> MulAdd213(CpuState* s, Vector128<byte> a, Vector128<byte> b, Vector128<byte> c) => Fused(s, a, b, a, c, false, false);

    /// <summary>VFMADD231SD.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> MulAdd231(CpuState* s, Vector128<byte> a, Vector128<byte> b, Vector128<byte> c) => Fused(s, a, b, c, a, false, false);

    /// <summary>VFMSUB132SD.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> MulSub132(CpuState* s, Vector128<byte> a, Vector128<byte> b, Vector128<byte> c) => Fused(s, a, a, c, b, false, true);

    /// <summary>VFMSUB213SD.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> MulSub213(CpuState* s, Vector128<byte> a, Vector128<byte> b, Vector128<byte> c) => Fused(s, a, b, a, c, false, true);

    /// <summary>VFMSUB231SD.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> MulSub231(CpuState* s, Vector128<byte> a, Vector128<byte> b, Vector128<byte> c) => Fused(s, a, b, c, a, false, true);

    /// <summary>VFNMADD132SD.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> NegMulAdd132(CpuState* s, Vector128<byte> a, Vector128<byte> b, Vector128<byte> c) => Fused(s, a, a, c, b, true, false);

    /// <summary>VFNMADD213SD.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> NegMulAdd213(CpuState* s, Vector128<byte> a, Vector128<byte> b, Vector128<byte> c) => Fused(s, a, b, a, c, true, false);

    /// <summary>VFNMADD231SD.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> NegMulAdd231(CpuState* s, Vector128<byte> a, Vector128<byte> b, Vector128<byte> c) => Fused(s, a, b, c, a, true, false);

    /// <summary>VFNMSUB132SD.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> NegMulSub132(CpuState* s, Vector128<byte> a, Vector128<byte> b, Vector128<byte> c) => Fused(s, a, a, c, b, true, true);

    /// <summary>VFNMSUB213SD.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> NegMulSub213(CpuState* s, Vector128<byte> a, Vector128<byte> b, Vector128<byte> c) => Fused(s, a, b, a, c, true, true);

    /// <summary>VFNMSUB231SD.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> NegMulSub231(CpuState* s, Vector128<byte> a, Vector128<byte> b, Vector128<byte> c) => Fused(s, a, b, c, a, true, true);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<byte> Fused(
        CpuState* s, Vector128<byte> rest, Vector128<byte> x, Vector128<byte> y, Vector128<byte> z, bool negateProduct, bool negateAddend)
    {
        if (!FloatControl.HasFused)
            return Slow(s, rest, x, y, z, negateProduct, negateAddend);
        double factor = FloatSd.Value(x), addend = FloatSd.Value(z);
        double result = Math.FusedMultiplyAdd(negateProduct ? -factor : factor, FloatSd.Value(y), negateAddend ? -addend : addend);
        Vector128<double> r = rest.AsDouble().WithElement(0, result);
        if (!FloatControl.IsFast(s) || !FloatControl.IsOperand(FloatSd.Bits(z)) || !FloatControl.AreRoutine(FloatSd.Bits(x), FloatSd.Bits(y), FloatSd.Bits(result)))
            r = Slow(s, rest, x, y, z, negateProduct, negateAddend).AsDouble();
        return r.AsByte();
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Vector128<byte> Slow(
        CpuState* s, Vector128<byte> rest, Vector128<byte> x, Vector128<byte> y, Vector128<byte> z, bool negateProduct, bool negateAddend)
    {
        FloatContext c = FloatContext.FromMxcsr(s->Mxcsr);
        ulong r = Float64.Fma(FloatSd.Bits(x), FloatSd.Bits(y), FloatSd.Bits(z), negateProduct, negateAddend, ref c);
        FloatControl.Finish(s, c);
        return FloatSd.Replace(rest, r);
    }
}
