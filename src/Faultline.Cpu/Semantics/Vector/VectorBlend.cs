using System.Runtime.Intrinsics;
using Faultline.Cpu.State;
using Faultline.Cpu.Table;
using V = System.Runtime.Intrinsics.Vector128<byte>;

namespace Faultline.Cpu.Semantics.Vector;

/// <summary>Choosing lanes of two operands, and single lanes in and out.</summary>
internal static unsafe class VectorBlend
{
    /// <summary>PBLENDVB: the second operand where the mask's lane is negative.</summary>
    public static V Variable8(CpuState* s, V a, V b, V mask) => Vector128.ConditionalSelect((mask.AsSByte() >> 7).AsByte(), b, a);

    /// <summary>BLENDVPS.</summary>
    public static V Variable32(CpuState* s, V a, V b, V mask) => Vector128.ConditionalSelect((mask.AsInt32() >> 31).AsByte(), b, a);

    /// <summary>BLENDVPD.</summary>
    public static V Variable64(CpuState* s, V a, V b, V mask) => Vector128.ConditionalSelect((mask.AsInt64() >> 63).AsByte(), b, a);

    /// <summary>PBLENDW: the second operand where the immediate's bit is set.</summary>
    public static V Immediate16(CpuState* s, V a, V b, byte bits)
    {
        Vector128<ushort> lane = Vector128.Create((ushort)1, 2, 4, 8, 16, 32, 64, 128);
        return Vector128.ConditionalSelect(Vector128.Equals(Vector128.Create((ushort)bits) & lane, lane).AsByte(), b, a);
    }

    /// <summary>BLENDPS.</summary>
    public static V Immediate32(CpuState* s, V a, V b, byte bits)
    {
        Vector128<uint> lane = Vector128.Create(1u, 2, 4, 8);
        return Vector128.ConditionalSelect(Vector128.Equals(Vector128.Create((uint)bits) & lane, lane).AsByte(), b, a);
    }

    /// <summary>BLENDPD.</summary>
    public static V Immediate64(CpuState* s, V a, V b, byte bits)
    {
        Vector128<ulong> lane = Vector128.Create(1UL, 2);
        return Vector128.ConditionalSelect(Vector128.Equals(Vector128.Create((ulong)bits) & lane, lane).AsByte(), b, a);
    }

    /// <summary>PINSRB.</summary>
    public static V Insert8(CpuState* s, V a, ulong b, byte lane) => a.WithElement(lane & 15, (byte)b);

    /// <summary>PINSRW.</summary>
    public static V Insert16(CpuState* s, V a, ulong b, byte lane) => a.AsUInt16().WithElement(lane & 7, (ushort)b).AsByte();

    /// <summary>PINSRD.</summary>
    public static V Insert32(CpuState* s, V a, ulong b, byte lane) => a.AsUInt32().WithElement(lane & 3, (uint)b).AsByte();

    /// <summary>PINSRQ.</summary>
    public static V Insert64(CpuState* s, V a, ulong b, byte lane) => a.AsUInt64().WithElement(lane & 1, b).AsByte();

    /// <summary>PEXTRB.</summary>
    public static ulong Extract8(CpuState* s, V a, byte lane) => a[lane & 15];

    /// <summary>PEXTRW.</summary>
    public static ulong Extract16(CpuState* s, V a, byte lane) => a.AsUInt16()[lane & 7];

    /// <summary>PEXTRD, EXTRACTPS.</summary>
    public static ulong Extract32(CpuState* s, V a, byte lane) => a.AsUInt32()[lane & 3];

    /// <summary>PEXTRQ.</summary>
    public static ulong Extract64(CpuState* s, V a, byte lane) => a.AsUInt64()[lane & 1];

    /// <summary>INSERTPS. The immediate's lane of the source means nothing when that is memory, so the body looks for itself.</summary>
    public static void InsertSingle(CpuState* s, Operation* op)
    {
        uint value = (op->Flags & OperationFlags.Memory1) != 0 ? Operand.Load<uint>(s, op) : SourceLane(s, op, op->Op1);
        Operand.SetRegister(s, op->Op0, InsertSingle(s, op, op->Op0, value));
    }

    /// <summary>VINSERTPS.</summary>
    public static void VexInsertSingle(CpuState* s, Operation* op)
    {
        uint value = (op->Flags & OperationFlags.Memory2) != 0 ? Operand.Load<uint>(s, op) : SourceLane(s, op, op->Op2);
        Operand.SetVector(s, op->Op0, InsertSingle(s, op, op->Op1, value));
    }

    private static uint SourceLane(CpuState* s, Operation* op, ushort source) => Operand.Register<Vector128<uint>>(s, source)[(int)(op->Immediate >> 6) & 3];

    private static Vector128<uint> InsertSingle(CpuState* s, Operation* op, ushort into, uint value)
    {
        int control = (int)op->Immediate;
        Vector128<uint> lane = Vector128.Create(1u, 2, 4, 8);
        Vector128<uint> cleared = Vector128.Equals(Vector128.Create((uint)control) & lane, lane);
        return Operand.Register<Vector128<uint>>(s, into).WithElement((control >> 4) & 3, value) & ~cleared;
    }
}
