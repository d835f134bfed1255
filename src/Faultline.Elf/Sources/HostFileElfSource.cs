using Microsoft.Win32.SafeHandles;

namespace Faultline.Elf.Sources;

/// <summary>A file of the host, read by position; nothing of it is kept in memory. Close it when done.</summary>
internal sealed class HostFileElfSource : IElfSource, IDisposable
{
    private const int EIO = 5;

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
    /// <returns>The file, or null.</returns>
    public static HostFileElfSource? Open(string path, out string problem)
    {
        try
        {
            problem = string.Empty;
            return new HostFileElfSource(File.OpenHandle(path));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException or ArgumentException)
        {
            problem = e switch
            {
                FileNotFoundException or DirectoryNotFoundException => "there is no such file",
                UnauthorizedAccessException when Directory.Exists(path) => "it is a folder",
                UnauthorizedAccessException => "it may not be read",
                NotSupportedException => "it is not a file that can be read by position",
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
}
