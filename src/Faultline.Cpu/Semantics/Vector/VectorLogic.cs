using System.Runtime.Intrinsics;
using Faultline.Cpu.State;
using V = System.Runtime.Intrinsics.Vector128<byte>;

namespace Faultline.Cpu.Semantics.Vector;

/// <summary>Bitwise instructions; PS, PD and integer forms mean the same.</summary>
internal static unsafe class VectorLogic
{
    /// <summary>PAND, ANDPS, ANDPD.</summary>
    public static V And(CpuState* s, V a, V b) => a & b;

    /// <summary>PANDN, ANDNPS, ANDNPD: the first operand is the one inverted.</summary>
    public static V AndNot(CpuState* s, V a, V b) => ~a & b;

    /// <summary>POR, ORPS, ORPD.</summary>
    public static V Or(CpuState* s, V a, V b) => a | b;

    /// <summary>PXOR, XORPS, XORPD.</summary>
    public static V Xor(CpuState* s, V a, V b) => a ^ b;

    /// <summary>PTEST: ZF when a AND b is zero, CF when NOT a AND b is; the other status flags clear.</summary>
    public static void Test(CpuState* s, V a, V b) =>
        Flags.SetStatus(s, ((a & b) == V.Zero ? Rflags.ZF : 0) | ((~a & b) == V.Zero ? Rflags.CF : 0));

    /// <summary>VTESTPS: PTEST of the lanes' sign bits alone.</summary>
    public static void TestSingles(CpuState* s, V a, V b) => Test(s, a, b & Vector128.Create(0x80000000).AsByte());

    /// <summary>VTESTPD.</summary>
    public static void TestDoubles(CpuState* s, V a, V b) => Test(s, a, b & Vector128.Create(0x8000000000000000).AsByte());
}
