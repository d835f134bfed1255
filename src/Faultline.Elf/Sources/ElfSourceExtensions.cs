namespace Faultline.Elf.Sources;

/// <summary>Range checks and bounded reads that every parser here shares.</summary>
internal static class ElfSourceExtensions
{
    private const int StringChunk = 128;

    /// <summary>
    /// Fills <paramref name="buffer"/> completely from <paramref name="offset"/>. Offsets come from file headers, so any
    /// 64-bit value is legal here. False when the range is not inside the file or the host cannot read it.
    /// </summary>
    public static bool TryReadExactly(this IElfSource source, ulong offset, Span<byte> buffer)
    {
        if (!source.Contains(offset, (ulong)buffer.Length))
        {
            return false;
        }

        int done = 0;
        while (done < buffer.Length)
        {
            int count = source.Read((long)offset + done, buffer[done..]);
            if (count <= 0)
            {
                return false;
            }

            done += count;
        }

        return true;
    }

    /// <summary>Whether the file has all of <paramref name="size"/> bytes from <paramref name="offset"/> on.</summary>
    public static bool Contains(this IElfSource source, ulong offset, ulong size)
    {
        ulong length = (ulong)Math.Max(0, source.Length);
        return offset <= length && size <= length - offset;
    }

    /// <summary>
    /// Reads the NUL-terminated string at <paramref name="offset"/>, as UTF-8 with replacement of invalid bytes.
    /// </summary>
    /// <param name="source">The file.</param>
    /// <param name="offset">Where the string begins.</param>
    /// <param name="available">How many bytes the string table still has from there on.</param>
    /// <param name="limit">The longest string wanted, in bytes; a longer one is cut there.</param>
    /// <returns>The string, or null when no byte of it can be read.</returns>
    public static string? ReadString(this IElfSource source, ulong offset, ulong available, int limit = 4096)
    {
        ulong length = (ulong)Math.Max(0, source.Length);
        if (offset >= length)
        {
            return null;
        }

        int most = (int)Math.Min(Math.Min(available, length - offset), (ulong)limit);
        byte[] bytes = new byte[Math.Min(most, StringChunk)];
        int used = 0;
        while (used < most)
        {
            if (used == bytes.Length)
            {
                Array.Resize(ref bytes, Math.Min(most, bytes.Length * 2));
            }

            int count = source.Read((long)offset + used, bytes.AsSpan(used));
            if (count <= 0)
            {
                return used == 0 ? null : System.Text.Encoding.UTF8.GetString(bytes, 0, used);
            }

            int end = bytes.AsSpan(used, count).IndexOf((byte)0);
            if (end >= 0)
            {
                return System.Text.Encoding.UTF8.GetString(bytes, 0, used + end);
            }

            used += count;
        }

        return most == 0 ? null : System.Text.Encoding.UTF8.GetString(bytes, 0, used);
    }
}
