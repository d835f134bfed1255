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
