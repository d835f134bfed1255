namespace Faultline.Explain.Reports;

/// <summary>A <c>Code:</c> line: bytes around an instruction pointer, not known to start where an instruction does.</summary>
internal sealed record CodeBytes
{
    /// <summary>
    /// The bytes in address order. Words (<see cref="UnitSize"/> 4) are stored little-endian. Empty when the kernel could not
    /// read any.
    /// </summary>
    public required ReadOnlyMemory<byte> Bytes { get; init; }

    /// <summary>The index in <see cref="Bytes"/> of the byte or word in <c>&lt;&gt;</c> or <c>()</c>; -1 when none is marked.</summary>
    public required int MarkedIndex { get; init; }

    /// <summary>Bytes per printed unit: 1 on x86, 4 where instructions are words.</summary>
    public int UnitSize { get; init; } = 1;

    /// <summary>What stands in place of the bytes: <c>Unable to access opcode bytes at 0xffffffffc02a3fdb.</c></summary>
    public string? Unreadable { get; init; }

    /// <summary>The line of the input, from 1.</summary>
    public required int Line { get; init; }
}
