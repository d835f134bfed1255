using System.Runtime.Intrinsics;
using Faultline.Cpu.State;

namespace Faultline.Cpu.Semantics.Vector;

/// <summary>
/// Dot products. Products, sums of neighbours and their sum are three stages, each rounded and each able to raise (SDM vol. 2, DPPS). The upper half of the
/// immediate selects factors, an unselected product being +0; the lower half selects result elements.
/// </summary>
internal static unsafe class FloatDot
{
    /// <summary>DPPS.</summary>
    public static Vector128<byte> Dpps(CpuState* s, Vector128<byte> a, Vector128<byte> b, byte control)
    {
        Vector128<byte> selected = Mask32(control >> 4);
        Vector128<byte> products = FloatPs.Mul(s, a & selected, b & selected);
        Vector128<byte> sums = FloatPs.HorizontalAdd(s, products, products);
        return FloatPs.HorizontalAdd(s, sums, sums) & Mask32(control);
    }

    /// <summary>VDPPS: the two halves apart, but each stage's flags together.</summary>
    public static Vector256<byte> Dpps256(CpuState* s, Vector256<byte> a, Vector256<byte> b, byte control)
    {
        Vector128<byte> half = Mask32(control >> 4), result = Mask32(control);
        Vector256<byte> selected = Vector256.Create(half, half);
        Vector256<byte> products = FloatPs256.Mul(s, a & selected, b & selected);
        Vector256<byte> sums = FloatPs256.HorizontalAdd(s, products, products);
        return FloatPs256.HorizontalAdd(s, sums, sums) & Vector256.Create(result, result);
    }

    /// <summary>DPPD.</summary>
    public static Vector128<byte> Dppd(CpuState* s, Vector128<byte> a, Vector128<byte> b, byte control)
    {
        Vector128<byte> selected = Mask64(control >> 4);
        Vector128<byte> products = FloatPd.Mul(s, a & selected, b & selected);
        return FloatPd.HorizontalAdd(s, products, products) & Mask64(control);
    }

    private static Vector128<byte> Mask32(int bits) => Vector128.Create(-(bits & 1), -(bits >> 1 & 1), -(bits >> 2 & 1), -(bits >> 3 & 1)).AsByte();

    private static Vector128<byte> Mask64(int bits) => Vector128.Create(-(long)(bits & 1), -(long)(bits >> 1 & 1)).AsByte();
}
