namespace Faultline.Elf.Sources;

/// <summary>An ELF file that is already in memory, such as a vDSO image.</summary>
internal sealed class MemoryElfSource : IElfSource
{
    private readonly ReadOnlyMemory<byte> _bytes;

    /// <summary>Wraps <paramref name="bytes"/> without copying them.</summary>
    public MemoryElfSource(ReadOnlyMemory<byte> bytes)
    {
        _bytes = bytes;
    }

    /// <inheritdoc/>
    public long Length => _bytes.Length;

    /// <inheritdoc/>
    public int Read(long offset, Span<byte> buffer)
    {
        if (offset < 0 || offset >= _bytes.Length)
        {
            return 0;
        }

        ReadOnlySpan<byte> rest = _bytes.Span[(int)offset..];
        int count = Math.Min(rest.Length, buffer.Length);
        rest[..count].CopyTo(buffer);
        return count;
    }
}
