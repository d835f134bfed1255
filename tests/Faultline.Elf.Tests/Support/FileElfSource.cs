using Faultline.Elf.Sources;
using Microsoft.Win32.SafeHandles;

namespace Faultline.Elf.Tests.Support;

/// <summary>A file of the host that counts what is read from it.</summary>
internal sealed class FileElfSource : IElfSource, IDisposable
{
    private readonly SafeFileHandle _handle;

    public FileElfSource(string path)
    {
        _handle = File.OpenHandle(path);
        Length = RandomAccess.GetLength(_handle);
    }

    public long Length { get; }

    /// <summary>All bytes read so far.</summary>
    public long BytesRead { get; private set; }

    public int Read(long offset, Span<byte> buffer)
    {
        int count = RandomAccess.Read(_handle, buffer, offset);
        BytesRead += count;
        return count;
    }

    public void Dispose() => _handle.Dispose();
}
