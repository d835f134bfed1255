using Faultline.Elf.Sources;
using Faultline.Linux.Vfs;

namespace Faultline.Linux.Loader;

/// <summary>An open file as the ELF reader reads it. The file stays the caller's.</summary>
internal sealed class FileElfSource(OpenFile file, long length) : IElfSource
{
    /// <inheritdoc/>
    public long Length { get; } = length;

    /// <inheritdoc/>
    public int Read(long offset, Span<byte> buffer) => (int)file.ReadAt(buffer, offset);
}
