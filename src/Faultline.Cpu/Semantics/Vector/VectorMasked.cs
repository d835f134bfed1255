using System.Runtime.Intrinsics;
using Faultline.Cpu.State;
using Faultline.Cpu.Table;
using V = System.Runtime.Intrinsics.Vector128<byte>;

namespace Faultline.Cpu.Semantics.Vector;

/// <summary>MASKMOVDQU and MASKMOVQ: stores of the bytes whose mask byte is negative, at DS:RDI. Bytes not selected cannot fault.</summary>
internal static unsafe class VectorMasked
{
    private const int Rdi = 7;

    /// <summary>MASKMOVDQU: operand 1 is the data, operand 2 the mask.</summary>
    public static void Store128(CpuState* s, Operation* op) => Store(s, op, Operand.Register<V>(s, op->Op1), Operand.Register<V>(s, op->Op2));

    /// <summary>MASKMOVQ.</summary>
    public static void Store64(CpuState* s, Operation* op)
    {
        MmxState.Check(s);
        Store(s, op, MmxState.Read(s, op->Op1), MmxState.Read(s, op->Op2));
        MmxState.Enter(s);
    }

    private static void Store(CpuState* s, Operation* op, V data, V mask)
    {
        ulong address = ((op->Flags & OperationFlags.Address32) != 0 ? (uint)s->Gpr[Rdi] : s->Gpr[Rdi]) + Operand.Register<ulong>(s, op->Segment);
        uint selected = mask.ExtractMostSignificantBits();
        for (int i = 0; i < 16; i++)
        {
            if ((selected & (1u << i)) != 0)
                GuestAccess.EnsureWritable(s, address + (ulong)i, 1);
        }
        for (int i = 0; i < 16; i++)
        {
            if ((selected & (1u << i)) != 0)
                GuestAccess.Store(s, address + (ulong)i, data[i]);
        }
    }
}
