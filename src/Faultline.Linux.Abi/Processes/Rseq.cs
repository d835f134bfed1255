using System.Runtime.InteropServices;

namespace Faultline.Linux.Abi.Processes;

/// <summary><c>struct rseq</c> of the first ABI, 32 bytes; aligned to 32.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct Rseq
{
    /// <summary>Processor at the start of a sequence; 0 when not registered.</summary>
    public uint cpu_id_start;

    /// <summary>Processor now; RSEQ_CPU_ID_UNINITIALIZED (-1) before registration.</summary>
    public uint cpu_id;

    /// <summary>Address of the critical section descriptor, or 0.</summary>
    public ulong rseq_cs;

    /// <summary>Zero.</summary>
    public uint flags;

    /// <summary>NUMA node.</summary>
    public uint node_id;

    /// <summary>Concurrency id in the address space.</summary>
    public uint mm_cid;

    /// <summary>End of the fields.</summary>
    public uint end;
}
