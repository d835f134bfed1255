using System.Runtime.Intrinsics;
using Faultline.Cpu.State;
using V = System.Runtime.Intrinsics.Vector256<byte>;
using V128 = System.Runtime.Intrinsics.Vector128<byte>;

namespace Faultline.Cpu.Semantics.Vector;

/// <summary>AVX broadcasts: the lowest lane everywhere. Names end in the widths of lane and result.</summary>
internal static unsafe class VectorBroadcast
{
    /// <summary>VPBROADCASTB to an XMM register.</summary>
    public static V128 Lane8To128(CpuState* s, V128 a) => Vector128.Create(a.ToScalar());

    /// <summary>VPBROADCASTB to a YMM register.</summary>
    public static V Lane8To256(CpuState* s, V128 a) => Vector256.Create(a.ToScalar());

    /// <summary>VPBROADCASTW to an XMM register.</summary>
    public static V128 Lane16To128(CpuState* s, V128 a) => Vector128.Create(a.AsUInt16().ToScalar()).AsByte();

    /// <summary>VPBROADCASTW to a YMM register.</summary>
    public static V Lane16To256(CpuState* s, V128 a) => Vector256.Create(a.AsUInt16().ToScalar()).AsByte();

    /// <summary>VPBROADCASTD, VBROADCASTSS to an XMM register.</summary>
    public static V128 Lane32To128(CpuState* s, V128 a) => Vector128.Create(a.AsUInt32().ToScalar()).AsByte();

    /// <summary>VPBROADCASTD, VBROADCASTSS to a YMM register.</summary>
    public static V Lane32To256(CpuState* s, V128 a) => Vector256.Create(a.AsUInt32().ToScalar()).AsByte();

    /// <summary>VPBROADCASTQ, VBROADCASTSD to an XMM register.</summary>
    public static V128 Lane64To128(CpuState* s, V128 a) => Vector128.Create(a.AsUInt64().ToScalar()).AsByte();

    /// <summary>VPBROADCASTQ, VBROADCASTSD to a YMM register.</summary>
    public static V Lane64To256(CpuState* s, V128 a) => Vector256.Create(a.AsUInt64().ToScalar()).AsByte();

    /// <summary>VBROADCASTF128, VBROADCASTI128.</summary>
    public static V Halves(CpuState* s, V128 a) => Vector256.Create(a, a);
}
