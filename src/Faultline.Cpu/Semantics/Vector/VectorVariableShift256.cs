using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Faultline.Cpu.State;
using V = System.Runtime.Intrinsics.Vector256<byte>;

namespace Faultline.Cpu.Semantics.Vector;

/// <summary>256-bit <see cref="VectorVariableShift"/>.</summary>
internal static unsafe class VectorVariableShift256
{
    /// <summary>VPSLLVD.</summary>
    public static V Left32(CpuState* s, V a, V counts)
    {
        if (Avx2.IsSupported)
            return Avx2.ShiftLeftLogicalVariable(a.AsUInt32(), counts.AsUInt32()).AsByte();
        Vector256<uint> result = a.AsUInt32();
        for (int i = 0; i < Vector256<uint>.Count; i++)
            result = result.WithElement(i, counts.AsUInt32()[i] > 31 ? 0 : result[i] << (int)counts.AsUInt32()[i]);
        return result.AsByte();
    }

    /// <summary>VPSLLVQ.</summary>
    public static V Left64(CpuState* s, V a, V counts)
    {
        if (Avx2.IsSupported)
            return Avx2.ShiftLeftLogicalVariable(a.AsUInt64(), counts.AsUInt64()).AsByte();
        Vector256<ulong> result = a.AsUInt64();
        for (int i = 0; i < Vector256<ulong>.Count; i++)
            result = result.WithElement(i, counts.AsUInt64()[i] > 63 ? 0 : result[i] << (int)counts.AsUInt64()[i]);
        return result.AsByte();
    }

    /// <summary>VPSRLVD.</summary>
    public static V Right32(CpuState* s, V a, V counts)
    {
        if (Avx2.IsSupported)
            return Avx2.ShiftRightLogicalVariable(a.AsUInt32(), counts.AsUInt32()).AsByte();
        Vector256<uint> result = a.AsUInt32();
        for (int i = 0; i < Vector256<uint>.Count; i++)
            result = result.WithElement(i, counts.AsUInt32()[i] > 31 ? 0 : result[i] >> (int)counts.AsUInt32()[i]);
        return result.AsByte();
    }

    /// <summary>VPSRLVQ.</summary>
    public static V Right64(CpuState* s, V a, V counts)
    {
        if (Avx2.IsSupported)
            return Avx2.ShiftRightLogicalVariable(a.AsUInt64(), counts.AsUInt64()).AsByte();
        Vector256<ulong> result = a.AsUInt64();
        for (int i = 0; i < Vector256<ulong>.Count; i++)
            result = result.WithElement(i, counts.AsUInt64()[i] > 63 ? 0 : result[i] >> (int)counts.AsUInt64()[i]);
        return result.AsByte();
    }

    /// <summary>VPSRAVD.</summary>
    public static V Arithmetic32(CpuState* s, V a, V counts)
    {
        if (Avx2.IsSupported)
            return Avx2.ShiftRightArithmeticVariable(a.AsInt32(), counts.AsUInt32()).AsByte();
        Vector256<int> result = a.AsInt32();
        for (int i = 0; i < Vector256<int>.Count; i++)
            result = result.WithElement(i, result[i] >> (int)Math.Min(counts.AsUInt32()[i], 31));
        return result.AsByte();
    }
}
