using Faultline.Cpu.Table;

namespace Faultline.Cpu.Interpreter;

/// <summary>A slot of the table that indirect branches look their target up in.</summary>
internal unsafe struct BlockEntry
{
    /// <summary>log2 of the number of slots: 64 Ki slots, 2 MiB of address space, touched where used.</summary>
    public const int Bits = 16;

    /// <summary>Guest address; <see cref="None"/> when there is no block.</summary>
    public ulong Rip;

    /// <summary>First operation of the block there.</summary>
    public Operation* First;

    /// <summary>
    /// Where translated code goes on, with <see cref="First"/> as the operation: the region that is entered there, or <see cref="Handlers.Profile.Resume"/>. It is here so that
    /// one cache line has all that a hand-over needs.
    /// </summary>
    public delegate*<State.CpuState*, Operation*, Operation*> Code;

    /// <summary>Which of the region's entries it is, for <see cref="State.CpuState.EntryIndex"/>.</summary>
    public ulong Index;

    /// <summary>No canonical address.</summary>
    public const ulong None = 1UL << 63;

    /// <summary>Slot of an address.</summary>
    public static uint Slot(ulong rip) => (uint)((rip ^ (rip >> Bits)) & ((1 << Bits) - 1));
}
