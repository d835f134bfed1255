using Faultline.Cpu.State;
using Faultline.Cpu.Table;

namespace Faultline.Cpu.Semantics.Vector;

/// <summary>
/// AVX2 gathers (SDM vol. 2, VPGATHERDD): operand 0 takes the lanes at base + index * scale whose lane in the mask, operand 2, is negative. A lane's mask is
/// cleared as it arrives, so that after a fault the instruction continues where it was. Names end in the widths of index and lane, and the number of lanes.
/// </summary>
internal static unsafe class VectorGather
{
    public static void By32Lane32x4(CpuState* s, Operation* op) => Gather<int, uint>(s, op, 4, 16);

    public static void By32Lane32x8(CpuState* s, Operation* op) => Gather<int, uint>(s, op, 8, 32);

    public static void By32Lane64x2(CpuState* s, Operation* op) => Gather<int, ulong>(s, op, 2, 16);

    public static void By32Lane64x4(CpuState* s, Operation* op) => Gather<int, ulong>(s, op, 4, 32);

    public static void By64Lane32x2(CpuState* s, Operation* op) => Gather<long, uint>(s, op, 2, 8);

    public static void By64Lane32x4(CpuState* s, Operation* op) => Gather<long, uint>(s, op, 4, 16);

    public static void By64Lane64x2(CpuState* s, Operation* op) => Gather<long, ulong>(s, op, 2, 16);

    public static void By64Lane64x4(CpuState* s, Operation* op) => Gather<long, ulong>(s, op, 4, 32);

    private static void Gather<TIndex, TLane>(CpuState* s, Operation* op, int count, int width)
        where TIndex : unmanaged
        where TLane : unmanaged
    {
        TIndex* index = (TIndex*)((byte*)s + op->Index);
        TLane* mask = (TLane*)((byte*)s + op->Op2);
        TLane* result = (TLane*)((byte*)s + op->Op0);
        ulong start = *(ulong*)((byte*)s + op->Base) + op->Displacement;
        ulong segment = *(ulong*)((byte*)s + op->Segment);
        bool narrow = (op->Flags & OperationFlags.Address32) != 0;
        for (int i = 0; i < count; i++)
        {
            if (((sbyte*)(mask + i + 1))[-1] < 0)
            {
                long distance = sizeof(TIndex) == 4 ? *(int*)(index + i) : *(long*)(index + i);
                ulong offset = start + (ulong)(distance << op->Scale);
                result[i] = GuestAccess.Load<TLane>(s, (narrow ? (uint)offset : offset) + segment);
            }
            mask[i] = default;
        }
        new Span<byte>((byte*)result + width, CpuState.VectorStride - width).Clear();
        new Span<byte>((byte*)mask + width, CpuState.VectorStride - width).Clear();
    }
}
