using Faultline.Cpu.Table;

namespace Faultline.Cpu.Interpreter;

/// <summary>A slot of the table that indirect branches look their target up in.</summary>
internal unsafe struct BlockEntry
{
    /// <summary>log2 of the number of slots: 64 Ki slots, 1 MiB of address space, touched where used.</summary>
    public const int Bits = 16;

    /// <summary>Guest address; <see cref="None"/> when there is no block.</summary>
    public ulong Rip;

    /// <summary>First operation of the block there.</summary>
    public Operation* First;

    /// <summary>No canonical address.</summary>
    public const ulong None = 1UL << 63;

    /// <summary>Slot of an address.</summary>
    public static uint Slot(ulong rip) => (uint)((rip ^ (rip >> Bits)) & ((1 << Bits) - 1));
}
