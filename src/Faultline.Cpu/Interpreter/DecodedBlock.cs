using Faultline.Cpu.Table;

namespace Faultline.Cpu.Interpreter;

/// <summary>A block of a file's code as it was decoded, before anything was linked to it: see <see cref="DecodedBlocks"/>. Never changed.</summary>
internal sealed class DecodedBlock
{
    /// <summary>The bytes it was decoded from, those that were only looked at included.</summary>
    public required byte[] Text { get; init; }

    /// <summary>The operations.</summary>
    public required Operation[] Operations { get; init; }

    /// <summary>An older one of the same address, from other bytes; or null.</summary>
    public DecodedBlock? Older { get; init; }

    /// <summary>How many there are of this address, this one included.</summary>
    public int Versions { get; init; } = 1;
}
