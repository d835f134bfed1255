using Faultline.Elf.Headers;
using Faultline.Explain.Images;

namespace Faultline.Explain.Rules;

/// <summary>The PT_LOAD segments of a program, from what the input says or from the image itself.</summary>
/// <param name="Source">Where they come from, for a person.</param>
/// <param name="Segments">In the order of the headers.</param>
internal sealed record SegmentTable(string Source, IReadOnlyList<Segment> Segments)
{
    /// <summary>More segments than this no program has; the rest is ignored.</summary>
    private const int Most = 64;

    /// <summary>Page sizes of Linux hosts above 4 KiB.</summary>
    private static readonly ulong[] _pageSizes = [0x4000, 0x1_0000];

    /// <summary>The segments that the input gives; null when it gives none.</summary>
    public static SegmentTable? Find(ExplainContext context)
    {
        List<Segment> read = [.. SegmentStatements.Read(context.Text).Select(statement => statement.Whole).OfType<Segment>()];
        return read.Count > 0
            ? new SegmentTable("the input", read)
            : context.Images.Select(FromFile).FirstOrDefault(table => table is not null);
    }

    /// <summary>A code segment that holds an address in the same large page as the start of a later writable one.</summary>
    public (Segment Code, Segment Data, ulong PageSize)? Overlap(ulong address)
    {
        foreach (ulong size in _pageSizes)
        {
            foreach (Segment code in Segments)
            {
                if (!code.IsExecutable || address < code.Start || address >= code.End)
                    continue;
                foreach (Segment data in Segments)
                {
                    if (data.IsWritable && data.Start >= code.End && data.Start / size == address / size && data.Start / 4096 != (code.End - 1) / 4096)
                        return (code, data, size);
                }
            }
        }
        return null;
    }

    /// <summary>The segments of a program that was given as an image; null for modules and System.map.</summary>
    private static SegmentTable? FromFile(ISymbolSource image)
    {
        if (image is not ImageFile { IsRelocatable: false } file)
            return null;
        List<Segment> segments = [];
        foreach (ProgramHeader header in file.Elf.ProgramHeaders)
        {
            if (header.p_type == SegmentType.PT_LOAD && segments.Count < Most && header.p_memsz <= ulong.MaxValue - header.p_vaddr)
            {
                segments.Add(new Segment(header.p_vaddr, header.p_vaddr + header.p_memsz, header.p_flags.HasFlag(SegmentFlags.PF_W),
                    header.p_flags.HasFlag(SegmentFlags.PF_X), header.p_align, 0));
            }
        }
        return new SegmentTable(image.Name, segments);
    }
}
