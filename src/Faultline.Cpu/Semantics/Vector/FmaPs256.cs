using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Faultline.Cpu.Semantics.Float;
using Faultline.Cpu.State;

namespace Faultline.Cpu.Semantics.Vector;

/// <summary>
/// Fused multiply-add on eight 32-bit elements. The digits of a name say which operands are factors and, last, which is the addend; all forms are one
/// sum of product and addend, with the signs turned that the form asks for.
/// </summary>
internal static unsafe class FmaPs256
{
    private const uint SignBit = 1U << 31;

    /// <summary>The sign bits of all elements.</summary>
    private static Vector256<byte> All => Vector256.Create(SignBit).AsByte();

    /// <summary>Those of elements with even numbers, from which FMADDSUB subtracts.</summary>
    private static Vector256<byte> Even => Vector256.Create(SignBit, 0, SignBit, 0, SignBit, 0, SignBit, 0).AsByte();

    /// <summary>Those of elements with odd numbers, from which FMSUBADD subtracts.</summary>
    private static Vector256<byte> Odd => Vector256.Create(0, SignBit, 0, SignBit, 0, SignBit, 0, SignBit).AsByte();

    /// <summary>VFMADD132PS.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<byte> MulAdd132(CpuState* s, Vector256<byte> a, Vector256<byte> b, Vector256<byte> c) => Fused(s, a, c, b, default, default);

    /// <summary>VFMADD213PS.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<byte> MulAdd213(CpuState* s, Vector256<byte> a, Vector256<byte> b, Vector256<byte> c) => Fused(s, b, a, c, default, default);

    /// <summary>VFMADD231PS.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<byte> MulAdd231(CpuState* s, Vector256<byte> a, Vector256<byte> b, Vector256<byte> c) => Fused(s, b, c, a, default, default);

    /// <summary>VFMSUB132PS.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<byte> MulSub132(CpuState* s, Vector256<byte> a, Vector256<byte> b, Vector256<byte> c) => Fused(s, a, c, b, default, All);

    /// <summary>VFMSUB213PS.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<byte> MulSub213(CpuState* s, Vector256<byte> a, Vector256<byte> b, Vector256<byte> c) => Fused(s, b, a, c, default, All);

    /// <summary>VFMSUB231PS.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<byte> MulSub231(CpuState* s, Vector256<byte> a, Vector256<byte> b, Vector256<byte> c) => Fused(s, b, c, a, default, All);

    /// <summary>VFNMADD132PS.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<byte> NegMulAdd132(CpuState* s, Vector256<byte> a, Vector256<byte> b, Vector256<byte> c) => Fused(s, a, c, b, All, default);

    /// <summary>VFNMADD213PS.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<byte> NegMulAdd213(CpuState* s, Vector256<byte> a, Vector256<byte> b, Vector256<byte> c) => Fused(s, b, a, c, All, default);

    /// <summary>VFNMADD231PS.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<byte> NegMulAdd231(CpuState* s, Vector256<byte> a, Vector256<byte> b, Vector256<byte> c) => Fused(s, b, c, a, All, default);

    /// <summary>VFNMSUB132PS.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<byte> NegMulSub132(CpuState* s, Vector256<byte> a, Vector256<byte> b, Vector256<byte> c) => Fused(s, a, c, b, All, All);

    /// <summary>VFNMSUB213PS.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<byte> NegMulSub213(CpuState* s, Vector256<byte> a, Vector256<byte> b, Vector256<byte> c) => Fused(s, b, a, c, All, All);

    /// <summary>VFNMSUB231PS.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<byte> NegMulSub231(CpuState* s, Vector256<byte> a, Vector256<byte> b, Vector256<byte> c) => Fused(s, b, c, a, All, All);

    /// <summary>VFMADDSUB132PS.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<byte> MulAddSub132(CpuState* s, Vector256<byte> a, Vector256<byte> b, Vector256<byte> c) => Fused(s, a, c, b, default, Even);

    /// <summary>VFMADDSUB213PS.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<byte> MulAddSub213(CpuState* s, Vector256<byte> a, Vector256<byte> b, Vector256<byte> c) => Fused(s, b, a, c, default, Even);

    /// <summary>VFMADDSUB231PS.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<byte> MulAddSub231(CpuState* s, Vector256<byte> a, Vector256<byte> b, Vector256<byte> c) => Fused(s, b, c, a, default, Even);

    /// <summary>VFMSUBADD132PS.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<byte> MulSubAdd132(CpuState* s, Vector256<byte> a, Vector256<byte> b, Vector256<byte> c) => Fused(s, a, c, b, default, Odd);

    /// <summary>VFMSUBADD213PS.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<byte> MulSubAdd213(CpuState* s, Vector256<byte> a, Vector256<byte> b, Vector256<byte> c) => Fused(s, b, a, c, default, Odd);

    /// <summary>VFMSUBADD231PS.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<byte> MulSubAdd231(CpuState* s, Vector256<byte> a, Vector256<byte> b, Vector256<byte> c) => Fused(s, b, c, a, default, Odd);

    /// <summary>x * y + z, where <paramref name="product"/> and <paramref name="addend"/> have the sign bits to turn of x * y and z.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<byte> Fused(CpuState* s, Vector256<byte> x, Vector256<byte> y, Vector256<byte> z, Vector256<byte> product, Vector256<byte> addend)
    {
        if (!FloatControl.HasFused)
            return Software(s, x, y, z, product, addend);
        Vector256<float> r = Vector256.FusedMultiplyAdd((x ^ product).AsSingle(), y.AsSingle(), (z ^ addend).AsSingle());
        if (!FloatControl.IsFast(s) || !FloatControl.AreRoutine(x.AsSingle(), y.AsSingle(), z.AsSingle(), r))
            r = Slow(s, x, y, z, product, addend, r).AsSingle();
        return r.AsByte();
    }

    /// <summary>What is not routine. Zeros are exact where addend and factor are.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Vector256<byte> Slow(
        CpuState* s, Vector256<byte> x, Vector256<byte> y, Vector256<byte> z, Vector256<byte> product, Vector256<byte> addend, Vector256<float> r) =>
        FloatControl.IsFast(s) && FloatControl.AreRoutineOrZero(x.AsSingle(), y.AsSingle(), z.AsSingle(), r)
            ? r.AsByte()
            : Software(s, x, y, z, product, addend);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Vector256<byte> Software(CpuState* s, Vector256<byte> x, Vector256<byte> y, Vector256<byte> z, Vector256<byte> product, Vector256<byte> addend)
    {
        FloatContext c = FloatContext.FromMxcsr(s->Mxcsr);
        Vector256<byte> r = default;
        for (int i = 0; i < Vector256<uint>.Count; i++)
        {
            bool negateProduct = ((uint*)&product)[i] != 0, negateAddend = ((uint*)&addend)[i] != 0;
            ((uint*)&r)[i] = Float32.Fma(((uint*)&x)[i], ((uint*)&y)[i], ((uint*)&z)[i], negateProduct, negateAddend, ref c);
        }

        FloatControl.Finish(s, c);
        return r;
    }
}
