using Iced.Intel;

namespace Faultline.Cpu.Tests.Differential;

/// <summary>One case: instructions at an address, and everything they start from.</summary>
internal sealed class DiffCase
{
    /// <summary>Where it comes from, for reproduction: form (or block), seed and number.</summary>
    public required string Name { get; init; }

    /// <summary>The instructions, decoded from <see cref="Bytes"/>.</summary>
    public List<Instruction> Instructions { get; } = [];

    /// <summary>The encoded instructions.</summary>
    public List<byte> Bytes { get; } = [];

    /// <summary>Addresses of instructions without which the case might not end.</summary>
    public HashSet<ulong> Skeleton { get; } = [];

    /// <summary>Address of the first instruction.</summary>
    public ulong Rip { get; set; }

    /// <summary>Registers before.</summary>
    public MachineState Initial;

    /// <summary>The data region before.</summary>
    public byte[] Data { get; } = new byte[Scratch.DataSize];
}
