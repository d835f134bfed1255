using Microsoft.Win32.SafeHandles;

namespace Faultline.Elf.Sources;

/// <summary>A file of the host, read by position; nothing of it is kept in memory. Close it when done.</summary>
/// <remarks>What has no positions (a pipe, a terminal) or no length (files of /proc) is read whole.</remarks>
internal sealed class HostFileElfSource : IElfSource, IDisposable
{
    private const int EIO = 5;

    /// <summary>Bytes that are kept of something that must be read whole; a kernel without debug information has some 50 MB.</summary>
    private const int MostWhole = 256 << 20;

    private readonly SafeFileHandle _handle;

    private HostFileElfSource(SafeFileHandle handle)
    {
        _handle = handle;
        Length = RandomAccess.GetLength(handle);
    }

    /// <inheritdoc/>
    public long Length { get; }

    /// <summary>Opens a file for reading.</summary>
    /// <param name="path">The file.</param>
    /// <param name="problem">Why it cannot be opened, without its name; empty when it was.</param>
    /// <returns>The file, which is <see cref="IDisposable"/> if it is kept open, or null.</returns>
    public static IElfSource? Open(string path, out string problem)
    {
        try
        {
            problem = string.Empty;
            SafeFileHandle handle = File.OpenHandle(path);
            using FileStream stream = new(handle, FileAccess.Read, bufferSize: 0);
            if (!stream.CanSeek || stream.Length == 0)
                return ReadWhole(stream, out problem);
            return new HostFileElfSource(File.OpenHandle(path));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException or ArgumentException)
        {
            problem = e switch
            {
                FileNotFoundException or DirectoryNotFoundException => "there is no such file",
                UnauthorizedAccessException when Directory.Exists(path) => "it is a folder",
                UnauthorizedAccessException => "it may not be read",
                _ => e.Message.TrimEnd('.'),
            };
            return null;
        }
    }

    /// <inheritdoc/>
    public int Read(long offset, Span<byte> buffer)
    {
        try
        {
            return RandomAccess.Read(_handle, buffer, offset);
        }
        catch (IOException)
        {
            // A disk error, or a file system that went away: the reader's terms for it.
            return -EIO;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _handle.Dispose();

    private static MemoryElfSource? ReadWhole(Stream stream, out string problem)
    {
        using MemoryStream bytes = new();
        byte[] buffer = new byte[1 << 16];
        int count;
        while ((count = stream.Read(buffer)) > 0)
        {
            if (bytes.Length + count > MostWhole)
            {
                problem = $"it cannot be read by position, and it is longer than {MostWhole >> 20} MiB";
                return null;
            }
            bytes.Write(buffer, 0, count);
        }
        problem = string.Empty;
        return new MemoryElfSource(bytes.GetBuffer().AsMemory(0, (int)bytes.Length));
    }
}
