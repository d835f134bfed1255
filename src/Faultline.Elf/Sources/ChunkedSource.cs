namespace Faultline.Elf.Sources;

/// <summary>Bytes in memory in pieces of 1 MiB, so that a large section needs no single large array and its size need not be known beforehand.</summary>
internal sealed class ChunkedSource : IElfSource
{
    private const int ChunkBits = 20;
    private const int ChunkSize = 1 << ChunkBits;

    private readonly List<byte[]> _chunks = [];

    /// <inheritdoc/>
    public long Length { get; private set; }

    /// <summary>Everything that a stream gives, up to a limit.</summary>
    /// <param name="stream">The stream; its exceptions pass through.</param>
    /// <param name="limit">Most bytes to keep.</param>
    public static ChunkedSource ReadAll(Stream stream, long limit)
    {
        ChunkedSource result = new();
        byte[] buffer = new byte[(int)Math.Clamp(limit, 1, ChunkSize)];
        while (result.Length < limit)
        {
            int wanted = (int)Math.Min(buffer.Length, limit - result.Length);
            int used = stream.ReadAtLeast(buffer.AsSpan(0, wanted), wanted, throwOnEndOfStream: false);
            result._chunks.Add(buffer.AsSpan(0, used).ToArray());
            result.Length += used;
            if (used < ChunkSize)
            {
                break;
            }
        }

        return result;
    }

    /// <inheritdoc/>
    public int Read(long offset, Span<byte> buffer)
    {
        int done = 0;
        while (done < buffer.Length && offset >= 0 && offset < Length)
        {
            ReadOnlySpan<byte> chunk = _chunks[(int)(offset >> ChunkBits)].AsSpan((int)(offset & (ChunkSize - 1)));
            int count = Math.Min(chunk.Length, buffer.Length - done);
            chunk[..count].CopyTo(buffer[done..]);
            done += count;
            offset += count;
        }

        return done;
    }
}
