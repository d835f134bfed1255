using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Faultline.Cpu.State;
using V = System.Runtime.Intrinsics.Vector256<byte>;
using V128 = System.Runtime.Intrinsics.Vector128<byte>;

namespace Faultline.Cpu.Semantics.Vector;

/// <summary>256-bit <see cref="VectorVariableShift"/>.</summary>
internal static unsafe class VectorVariableShift256
{
    /// <summary>VPSLLVD.</summary>
    public static V Left32(CpuState* s, V a, V counts)
    {
        if (Avx2.IsSupported)
            return Avx2.ShiftLeftLogicalVariable(a.AsUInt32(), counts.AsUInt32()).AsByte();
        V128 low = VectorVariableShift.Left32(s, a.GetLower(), counts.GetLower());
        return Vector256.Create(low, VectorVariableShift.Left32(s, a.GetUpper(), counts.GetUpper()));
    }

    /// <summary>VPSLLVQ.</summary>
    public static V Left64(CpuState* s, V a, V counts)
    {
        if (Avx2.IsSupported)
            return Avx2.ShiftLeftLogicalVariable(a.AsUInt64(), counts.AsUInt64()).AsByte();
        V128 low = VectorVariableShift.Left64(s, a.GetLower(), counts.GetLower());
        return Vector256.Create(low, VectorVariableShift.Left64(s, a.GetUpper(), counts.GetUpper()));
    }

    /// <summary>VPSRLVD.</summary>
    public static V Right32(CpuState* s, V a, V counts)
    {
        if (Avx2.IsSupported)
            return Avx2.ShiftRightLogicalVariable(a.AsUInt32(), counts.AsUInt32()).AsByte();
        V128 low = VectorVariableShift.Right32(s, a.GetLower(), counts.GetLower());
        return Vector256.Create(low, VectorVariableShift.Right32(s, a.GetUpper(), counts.GetUpper()));
    }

    /// <summary>VPSRLVQ.</summary>
    public static V Right64(CpuState* s, V a, V counts)
    {
        if (Avx2.IsSupported)
            return Avx2.ShiftRightLogicalVariable(a.AsUInt64(), counts.AsUInt64()).AsByte();
        V128 low = VectorVariableShift.Right64(s, a.GetLower(), counts.GetLower());
        return Vector256.Create(low, VectorVariableShift.Right64(s, a.GetUpper(), counts.GetUpper()));
    }

    /// <summary>VPSRAVD.</summary>
    public static V Arithmetic32(CpuState* s, V a, V counts)
    {
        if (Avx2.IsSupported)
            return Avx2.ShiftRightArithmeticVariable(a.AsInt32(), counts.AsUInt32()).AsByte();
        V128 low = VectorVariableShift.Arithmetic32(s, a.GetLower(), counts.GetLower());
        return Vector256.Create(low, VectorVariableShift.Arithmetic32(s, a.GetUpper(), counts.GetUpper()));
    }
}
