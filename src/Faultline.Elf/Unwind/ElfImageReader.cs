using Faultline.Elf.Sources;

namespace Faultline.Elf.Unwind;

/// <summary>An image at its link-time addresses, read from the file: the file-backed parts of its PT_LOADs, without relocation.</summary>
internal sealed class ElfImageReader : IMemoryReader
{
    private readonly ElfFile _file;

    /// <summary>Reads <paramref name="file"/>, which must stay open.</summary>
    public ElfImageReader(ElfFile file)
    {
        _file = file;
    }

    /// <inheritdoc/>
    public int Read(ulong address, Span<byte> buffer)
    {
        ulong length = (ulong)Math.Max(0, _file.Source.Length);
        if (!_file.TryGetFileOffset(address, out ulong offset, out ulong available) || offset >= length)
        {
            return 0;
        }

        int count = (int)Math.Min(Math.Min(available, length - offset), (ulong)buffer.Length);
        return _file.Source.TryReadExactly(offset, buffer[..count]) ? count : 0;
    }
}
