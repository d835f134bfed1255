using Faultline.Cpu.Table;

namespace Faultline.Cpu.Interpreter;

/// <summary>A slot of the table that indirect branches look their target up in.</summary>
internal unsafe struct BlockEntry
{
    /// <summary>log2 of the number of slots: 64 Ki slots, 1 MiB of address space, touched where used.</summary>
    public const int Bits = 16;

    /// <summary>Guest address; valid when <see cref="First"/> is not null.</summary>
    public ulong Rip;

    /// <summary>First operation of the block there.</summary>
    public Operation* First;

    /// <summary>Slot of an address.</summary>
    public static uint Slot(ulong rip) => (uint)((rip ^ (rip >> Bits)) & ((1 << Bits) - 1));
}
