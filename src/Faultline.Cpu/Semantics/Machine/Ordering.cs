using Faultline.Cpu.State;
using Faultline.Cpu.Table;

namespace Faultline.Cpu.Semantics.Machine;

/// <summary>Fences and instructions on cache lines (SDM vol. 2). The guest has no cache of its own, so a line is only asked for, as a load would.</summary>
internal static unsafe class Ordering
{
    /// <summary>MFENCE, and the weaker LFENCE and SFENCE for the sake of hosts whose memory is weaker than the guest's.</summary>
    public static void Fence(CpuState* s, Operation* op) => Interlocked.MemoryBarrier();

    /// <summary>CLFLUSH, CLFLUSHOPT and CLWB fault as a load of the byte does.</summary>
    public static void FlushLine(CpuState* s, Operation* op) => Operand.Load<byte>(s, op);
}
