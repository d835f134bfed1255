using Faultline.Cpu.Table;

namespace Faultline.Cpu.Interpreter;

/// <summary>A block of a file's code as it was decoded, before anything was linked to it: see <see cref="DecodedBlocks"/>. Only its heat changes.</summary>
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

    private long _heat;

    /// <summary>How often processors that have ended ran it: those of many short processes together find what is hot.</summary>
    public long Heat => Volatile.Read(ref _heat);

    /// <summary>A processor that ran it has ended.</summary>
    public void AddHeat(long executions) => Interlocked.Add(ref _heat, executions);

    /// <summary>It is being translated: no other processor need ask for that until it has become as hot again.</summary>
    public void Cool() => Volatile.Write(ref _heat, 0);
}
