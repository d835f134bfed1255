using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Faultline.Cpu.Semantics.Float;
using Faultline.Cpu.State;

namespace Faultline.Cpu.Semantics.Vector;

/// <summary>
/// Fused multiply-add on the low 32-bit element; the rest of the first operand stays. The digits of a name say which operands are factors and, last, which is
/// the addend.
/// </summary>
internal static unsafe class FmaSs
{
    /// <summary>VFMADD132SS.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> MulAdd132(CpuState* s, Vector128<byte> a, Vector128<byte> b, Vector128<byte> c) => Fused(s, a, a, c, b, false, false);

    /// <summary>VFMADD213SS.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> MulAdd213(CpuState* s, Vector128<byte> a, Vector128<byte> b, Vector128<byte> c) => Fused(s, a, b, a, c, false, false);

    /// <summary>VFMADD231SS.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> MulAdd231(CpuState* s, Vector128<byte> a, Vector128<byte> b, Vector128<byte> c) => Fused(s, a, b, c, a, false, false);

    /// <summary>VFMSUB132SS.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> MulSub132(CpuState* s, Vector128<byte> a, Vector128<byte> b, Vector128<byte> c) => Fused(s, a, a, c, b, false, true);

    /// <summary>VFMSUB213SS.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> MulSub213(CpuState* s, Vector128<byte> a, Vector128<byte> b, Vector128<byte> c) => Fused(s, a, b, a, c, false, true);

    /// <summary>VFMSUB231SS.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> MulSub231(CpuState* s, Vector128<byte> a, Vector128<byte> b, Vector128<byte> c) => Fused(s, a, b, c, a, false, true);

    /// <summary>VFNMADD132SS.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> NegMulAdd132(CpuState* s, Vector128<byte> a, Vector128<byte> b, Vector128<byte> c) => Fused(s, a, a, c, b, true, false);

    /// <summary>VFNMADD213SS.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> NegMulAdd213(CpuState* s, Vector128<byte> a, Vector128<byte> b, Vector128<byte> c) => Fused(s, a, b, a, c, true, false);

    /// <summary>VFNMADD231SS.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> NegMulAdd231(CpuState* s, Vector128<byte> a, Vector128<byte> b, Vector128<byte> c) => Fused(s, a, b, c, a, true, false);

    /// <summary>VFNMSUB132SS.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> NegMulSub132(CpuState* s, Vector128<byte> a, Vector128<byte> b, Vector128<byte> c) => Fused(s, a, a, c, b, true, true);

    /// <summary>VFNMSUB213SS.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> NegMulSub213(CpuState* s, Vector128<byte> a, Vector128<byte> b, Vector128<byte> c) => Fused(s, a, b, a, c, true, true);

    /// <summary>VFNMSUB231SS.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> NegMulSub231(CpuState* s, Vector128<byte> a, Vector128<byte> b, Vector128<byte> c) => Fused(s, a, b, c, a, true, true);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<byte> Fused(
        CpuState* s, Vector128<byte> rest, Vector128<byte> x, Vector128<byte> y, Vector128<byte> z, bool negateProduct, bool negateAddend)
    {
        if (!FloatControl.HasFused)
            return Slow(s, rest, x, y, z, negateProduct, negateAddend);
        float factor = FloatSs.Value(x), addend = FloatSs.Value(z);
        float result = MathF.FusedMultiplyAdd(negateProduct ? -factor : factor, FloatSs.Value(y), negateAddend ? -addend : addend);
        Vector128<float> r = rest.AsSingle().WithElement(0, result);
        if (!FloatControl.IsFast(s) || !FloatControl.IsOperand(FloatSs.Bits(z)) || !FloatControl.AreRoutine(FloatSs.Bits(x), FloatSs.Bits(y), FloatSs.Bits(result)))
            r = Slow(s, rest, x, y, z, negateProduct, negateAddend).AsSingle();
        return r.AsByte();
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Vector128<byte> Slow(
        CpuState* s, Vector128<byte> rest, Vector128<byte> x, Vector128<byte> y, Vector128<byte> z, bool negateProduct, bool negateAddend)
    {
        FloatContext c = FloatContext.FromMxcsr(s->Mxcsr);
        uint r = Float32.Fma(FloatSs.Bits(x), FloatSs.Bits(y), FloatSs.Bits(z), negateProduct, negateAddend, ref c);
        FloatControl.Finish(s, c);
        return FloatSs.Replace(rest, r);
    }
}
