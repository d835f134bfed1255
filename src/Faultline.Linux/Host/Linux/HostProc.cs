namespace Faultline.Linux.Host.Linux;

/// <summary>
/// Reads files of the host's procfs, with the C library's own calls: the runtime's files are a dozen types that a run needs for nothing else.
/// </summary>
internal static unsafe class HostProc
{
    /// <summary>Bytes of arguments or environment that a kernel passes to a program at most, and then some.</summary>
    private const int MaxLength = 0x100_0000;

    /// <summary>Reads what there is of a small file.</summary>
    /// <param name="path">Its path, with a NUL behind it.</param>
    /// <param name="buffer">Where it goes, as much as fits.</param>
    /// <returns>The part of the buffer that was filled; empty when the file cannot be read.</returns>
    public static Span<byte> Read(ReadOnlySpan<byte> path, Span<byte> buffer)
    {
        int handle;
        fixed (byte* p = path)
            handle = Libc.openat(Libc.AT_FDCWD, p, HostOpenFlags.CloseOnExec, 0);
        if (handle < 0)
            return [];
        int filled = 0;
        nint n;
        // A file of procfs may come in parts.
        do
        {
            fixed (byte* p = buffer[filled..])
                n = Libc.read(handle, p, (nuint)(buffer.Length - filled));
            filled += Math.Max((int)n, 0);
        }
        while (n > 0 && filled < buffer.Length);
        _ = Libc.close(handle);
        return buffer[..filled];
    }

    /// <summary>Reads a whole file, if it is no longer than a kernel's arguments and environment can be.</summary>
    /// <param name="path">Its path, with a NUL behind it.</param>
    /// <returns>Its bytes; empty when it cannot be read.</returns>
    public static ReadOnlySpan<byte> ReadAll(ReadOnlySpan<byte> path)
    {
        for (byte[] buffer = new byte[0x4000]; ; buffer = new byte[buffer.Length * 4])
        {
            Span<byte> text = Read(path, buffer);
            if (text.Length < buffer.Length || buffer.Length > MaxLength)
                return text;
        }
    }
}
