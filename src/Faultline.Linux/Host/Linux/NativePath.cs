using System.Text;

namespace Faultline.Linux.Host.Linux;

/// <summary>
/// Encodes the kernel's path strings (one char per byte) as NUL-terminated bytes in a caller's buffer of <see cref="Size"/> bytes.
/// </summary>
internal static unsafe class NativePath
{
    /// <summary>PATH_MAX: the longest path a host takes, its NUL included.</summary>
    public const int Size = 4096;

    /// <summary>Encodes a path.</summary>
    /// <returns>False when it is too long (ENAMETOOLONG) or holds a NUL.</returns>
    public static bool TryEncode(string path, byte* buffer)
    {
        if (path.Length >= Size || path.Contains('\0', StringComparison.Ordinal))
            return false;
        KernelText.Write(path, new Span<byte>(buffer, Size));
        buffer[path.Length] = 0;
        return true;
    }

    /// <summary>The string of some bytes.</summary>
    public static string Decode(byte* bytes, int length) => Encoding.Latin1.GetString(bytes, length);

    /// <summary>Writes "/proc/self/fd/N", the host's name for what is behind a handle.</summary>
    public static void WriteHandlePath(int handle, byte* buffer)
    {
        ReadOnlySpan<byte> prefix = "/proc/self/fd/"u8;
        prefix.CopyTo(new Span<byte>(buffer, prefix.Length));
        _ = handle.TryFormat(new Span<byte>(buffer + prefix.Length, 16), out int written);
        buffer[prefix.Length + written] = 0;
    }

    /// <summary>Turns a path in the host's own text (UTF-16 of UTF-8 bytes) into the kernel's form.</summary>
    public static string FromHostText(string text) => Encoding.Latin1.GetString(Encoding.UTF8.GetBytes(text));

    /// <summary>The reverse of <see cref="FromHostText"/>, for messages.</summary>
    public static string ToHostText(string path) => Encoding.UTF8.GetString(KernelText.ToBytes(path));
}
