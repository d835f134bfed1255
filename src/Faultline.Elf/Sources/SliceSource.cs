namespace Faultline.Elf.Sources;

/// <summary>Part of a file as a file of its own, such as the contents of a section.</summary>
internal sealed class SliceSource : IElfSource
{
    private readonly IElfSource _whole;
    private readonly long _start;

    /// <summary>The part from <paramref name="offset"/> on, shortened to what the file has.</summary>
    public SliceSource(IElfSource whole, ulong offset, ulong length)
    {
        _whole = whole;
        ulong available = (ulong)Math.Max(0, whole.Length);
        _start = (long)Math.Min(offset, available);
        Length = (long)Math.Min(length, available - (ulong)_start);
    }

    /// <inheritdoc/>
    public long Length { get; }

    /// <inheritdoc/>
    public int Read(long offset, Span<byte> buffer)
    {
        if (offset < 0 || offset >= Length)
        {
            return 0;
        }

        return _whole.Read(_start + offset, buffer[..(int)Math.Min(buffer.Length, Length - offset)]);
    }
}
