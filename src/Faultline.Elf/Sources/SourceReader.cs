using Faultline.Elf.Unwind;

namespace Faultline.Elf.Sources;

/// <summary>A file as memory whose addresses are offsets in it, so that a cursor can walk it.</summary>
internal sealed class SourceReader(IElfSource source) : IMemoryReader
{
    /// <inheritdoc/>
    public int Read(ulong address, Span<byte> buffer)
    {
        ulong length = (ulong)Math.Max(0, source.Length);
        if (address >= length)
        {
            return 0;
        }

        int count = (int)Math.Min((ulong)buffer.Length, length - address);
        return source.TryReadExactly(address, buffer[..count]) ? count : 0;
    }
}
