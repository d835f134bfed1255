using System.Runtime.Intrinsics;
using Faultline.Cpu.State;
using Faultline.Cpu.Table;

namespace Faultline.Cpu.Semantics.Vector;

/// <summary>
/// VMASKMOVPS, VMASKMOVPD, VPMASKMOVD, VPMASKMOVQ: the lanes whose mask lane is negative. Lanes not selected read as zero, are not stored, and cannot fault.
/// Names end in lane width and number of lanes.
/// </summary>
internal static unsafe class VectorMaskedMove
{
    public static void Load32x4(CpuState* s, Operation* op) => Load<uint, Vector128<byte>>(s, op, Signs32(s, op) & 15);

    public static void Load32x8(CpuState* s, Operation* op) => Load<uint, Vector256<byte>>(s, op, Signs32(s, op));

    public static void Load64x2(CpuState* s, Operation* op) => Load<ulong, Vector128<byte>>(s, op, Signs64(s, op) & 3);

    public static void Load64x4(CpuState* s, Operation* op) => Load<ulong, Vector256<byte>>(s, op, Signs64(s, op));

    public static void Store32x4(CpuState* s, Operation* op) => Store<uint>(s, op, Signs32(s, op) & 15);

    public static void Store32x8(CpuState* s, Operation* op) => Store<uint>(s, op, Signs32(s, op));

    public static void Store64x2(CpuState* s, Operation* op) => Store<ulong>(s, op, Signs64(s, op) & 3);

    public static void Store64x4(CpuState* s, Operation* op) => Store<ulong>(s, op, Signs64(s, op));

    private static uint Signs32(CpuState* s, Operation* op) => Operand.Register<Vector256<uint>>(s, op->Op1).ExtractMostSignificantBits();

    private static uint Signs64(CpuState* s, Operation* op) => Operand.Register<Vector256<ulong>>(s, op->Op1).ExtractMostSignificantBits();

    private static void Load<TLane, TVector>(CpuState* s, Operation* op, uint selected)
        where TLane : unmanaged
        where TVector : unmanaged
    {
        ulong address = Operand.Address(s, op);
        TVector result = default;
        for (int i = 0; selected != 0; i++, selected >>= 1)
        {
            if ((selected & 1) != 0)
                ((TLane*)&result)[i] = GuestAccess.Load<TLane>(s, address + (ulong)(i * sizeof(TLane)));
        }
        Operand.SetVector(s, op->Op0, result);
    }

    private static void Store<TLane>(CpuState* s, Operation* op, uint selected)
        where TLane : unmanaged
    {
        ulong address = Operand.Address(s, op);
        // Nothing is stored unless all of it can be.
        for (int i = 0; selected >> i != 0; i++)
        {
            if ((selected & (1u << i)) != 0)
                GuestAccess.Modify<TLane>(s, address + (ulong)(i * sizeof(TLane)));
        }
        TLane* data = (TLane*)((byte*)s + op->Op2);
        for (int i = 0; selected >> i != 0; i++)
        {
            if ((selected & (1u << i)) != 0)
                GuestAccess.Store(s, address + (ulong)(i * sizeof(TLane)), data[i]);
        }
    }
}
