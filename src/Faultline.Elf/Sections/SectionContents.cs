using System.Buffers.Binary;
using System.IO.Compression;
using Faultline.Elf.Headers;
using Faultline.Elf.Sources;

namespace Faultline.Elf.Sections;

/// <summary>Contents of sections as bytes to read, decompressed where the file has them compressed (gABI "Section Compression").</summary>
internal static class SectionContents
{
    /// <summary>Most bytes that one compressed section may unfold to; the largest of a kernel's debug sections has about 200 MB.</summary>
    public const long LargestDecompressed = 1L << 30;

    private const int HeaderSize = 24;
    private const uint ELFCOMPRESS_ZLIB = 1;
    private const uint ELFCOMPRESS_ZSTD = 2;

    /// <summary>Opens a section.</summary>
    /// <param name="file">The file.</param>
    /// <param name="index">Index of the section.</param>
    /// <param name="problem">Why its contents cannot be read, or what is missing of them; empty when all is well.</param>
    /// <returns>The contents, or null with <paramref name="problem"/> set.</returns>
    public static IElfSource? Open(ElfFile file, int index, out string problem)
    {
        problem = string.Empty;
        if ((uint)index >= (uint)file.Sections.Headers.Length)
        {
            problem = $"there is no section {index}";
            return null;
        }

        ref readonly SectionHeader header = ref file.Sections.Headers[index];
        if (header.sh_type == SectionType.SHT_NOBITS)
        {
            problem = "the section takes no space in the file (a separate debug file has no code, and a stripped one no debug sections)";
            return null;
        }

        if (!file.Source.Contains(header.sh_offset, header.sh_size))
        {
            problem = $"truncated: it ends at {Hex.End(header.sh_offset, header.sh_size)} but the file has {file.Source.Length} bytes";
        }

        SliceSource raw = new(file.Source, header.sh_offset, header.sh_size);
        return (header.sh_flags & SectionFlags.SHF_COMPRESSED) == 0 ? raw : Decompress(raw, ref problem);
    }

    private static ChunkedSource? Decompress(SliceSource raw, ref string problem)
    {
        // Elf64_Chdr: ch_type, ch_reserved, ch_size, ch_addralign.
        Span<byte> header = stackalloc byte[HeaderSize];
        if (!raw.TryReadExactly(0, header))
        {
            problem = $"compressed, but shorter than the {HeaderSize} bytes of its header";
            return null;
        }

        uint type = BinaryPrimitives.ReadUInt32LittleEndian(header);
        ulong size = BinaryPrimitives.ReadUInt64LittleEndian(header[8..]);
        if (type != ELFCOMPRESS_ZLIB)
        {
            problem = type == ELFCOMPRESS_ZSTD
                ? "compressed with zstd, which is not supported; 'objcopy --decompress-debug-sections FILE OUT' makes a copy that can be read"
                : $"compressed in a way that is not known (ch_type {type})";
            return null;
        }

        try
        {
            using ZLibStream stream = new(new SourceStream(raw, HeaderSize), CompressionMode.Decompress);
            ChunkedSource result = ChunkedSource.ReadAll(stream, (long)Math.Min(size, (ulong)LargestDecompressed));
            if ((ulong)result.Length != size)
            {
                problem = $"compressed: {result.Length} bytes were unfolded where {size} were promised";
            }

            return result;
        }
        catch (Exception e) when (e is InvalidDataException or IOException)
        {
            problem = $"compressed, and damaged: {e.Message.TrimEnd('.')}";
            return null;
        }
    }
}
