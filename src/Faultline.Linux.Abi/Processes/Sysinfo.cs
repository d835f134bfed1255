using System.Runtime.InteropServices;

namespace Faultline.Linux.Abi.Processes;

/// <summary><c>struct sysinfo</c>, 112 bytes.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct Sysinfo
{
    /// <summary>Seconds since boot.</summary>
    public long uptime;

    /// <summary>Load averages times 65536.</summary>
    public fixed ulong loads[3];

    /// <summary>Memory, in units of mem_unit.</summary>
    public ulong totalram;

    /// <summary>Free memory.</summary>
    public ulong freeram;

    /// <summary>Shared memory.</summary>
    public ulong sharedram;

    /// <summary>Buffers.</summary>
    public ulong bufferram;

    /// <summary>Swap.</summary>
    public ulong totalswap;

    /// <summary>Free swap.</summary>
    public ulong freeswap;

    /// <summary>Processes.</summary>
    public ushort procs;

    /// <summary>Zero.</summary>
    public ushort pad;

    private readonly uint _padding;

    /// <summary>Zero.</summary>
    public ulong totalhigh;

    /// <summary>Zero.</summary>
    public ulong freehigh;

    /// <summary>Bytes per unit.</summary>
    public uint mem_unit;

    private readonly uint _end;
}
