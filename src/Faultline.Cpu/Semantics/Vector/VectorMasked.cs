using System.Runtime.Intrinsics;
using Faultline.Cpu.State;
using Faultline.Cpu.Table;
using V = System.Runtime.Intrinsics.Vector128<byte>;

namespace Faultline.Cpu.Semantics.Vector;

/// <summary>
/// MASKMOVDQU and MASKMOVQ: stores of the bytes whose mask byte is negative, at DS:RDI. Whether bytes not selected can fault is the processor's choice (AMD
/// APM vol. 4, MASKMOVDQU); as on Zen 4 they do.
/// </summary>
internal static unsafe class VectorMasked
{
    private const int Rdi = 7;

    /// <summary>MASKMOVDQU: operand 1 is the data, operand 2 the mask.</summary>
    public static void Store128(CpuState* s, Operation* op) => Store(s, op, Operand.Register<V>(s, op->Op1), Operand.Register<V>(s, op->Op2), 16);

    /// <summary>MASKMOVQ.</summary>
    public static void Store64(CpuState* s, Operation* op)
    {
        MmxState.Check(s);
        // Before the store, as Zen 4 does: a page fault leaves the x87 in MMX state.
        MmxState.Enter(s);
        Store(s, op, MmxState.Read(s, op->Op1), MmxState.Read(s, op->Op2), 8);
    }

    private static void Store(CpuState* s, Operation* op, V data, V mask, int size)
    {
        ulong address = ((op->Flags & OperationFlags.Address32) != 0 ? (uint)s->Gpr[Rdi] : s->Gpr[Rdi]) + Operand.Register<ulong>(s, op->Segment);
        GuestAccess.EnsureWritable(s, address, size);
        uint selected = mask.ExtractMostSignificantBits();
        for (int i = 0; i < 16; i++)
        {
            if ((selected & (1u << i)) != 0)
                GuestAccess.Store(s, address + (ulong)i, data[i]);
        }
    }
}
