using System.Text;
using Faultline.Elf;
using Faultline.Elf.Dynamic;
using Faultline.Elf.Headers;
using Faultline.Elf.Layout;

namespace Faultline.Explain.Images.Segments;

/// <summary>Looks at a program or a shared library as loaders do.</summary>
internal static class SegmentInspector
{
    /// <summary>Inspects a file; null for one that has no segments to load, such as an object or a core.</summary>
    /// <param name="image">The file.</param>
    /// <param name="policy">A plan to show; null for none.</param>
    /// <param name="address">A link-time address to tell the history of; null for none.</param>
    public static SegmentReport? Inspect(ImageFile image, LoadPolicy? policy, ulong? address)
    {
        ElfFile file = image.Elf;
        if (file.Header.e_type is not (ElfType.ET_EXEC or ElfType.ET_DYN) || file.FindSegment(SegmentType.PT_LOAD) < 0 || IsDebugFile(file))
            return null;
        ElfImageLayout? layout = ElfImageLayout.Create(file, ElfRole.Program, out ElfError error);
        ElfDynamicSection dynamic = file.Dynamic;
        LoadHistory? history = layout is not null && (policy is not null || address is not null) ? new LoadHistory(file, layout, policy ?? LoadPolicy.Default) : null;
        return new SegmentReport
        {
            Layout = layout,
            Refusal = layout is null ? error.Message : "",
            Interpreter = layout?.Interpreter is { } path ? Encoding.UTF8.GetString(path) : null,
            Needed = dynamic.GetNeeded(),
            SoName = dynamic.GetString(DynamicTag.DT_SONAME),
            RunPath = dynamic.GetString(DynamicTag.DT_RUNPATH) ?? dynamic.GetString(DynamicTag.DT_RPATH),
            SharedPages = layout is null ? [] : [.. LoadPolicy.HostPageSizes.Select(size => SharedPage.Find(layout, size))],
            History = history,
            Address = address is { } at ? history?.Explain(at) : null,
            Findings = SegmentFindings.Of(image, layout),
        };
    }

    /// <summary>A file of debug information alone keeps the headers of the program, whose contents it lacks.</summary>
    private static bool IsDebugFile(ElfFile file)
    {
        bool hasLoaded = false;
        ReadOnlySpan<SectionHeader> sections = file.Sections.Headers;
        for (int i = 1; i < sections.Length; i++)
        {
            bool isLoaded = (sections[i].sh_flags & SectionFlags.SHF_ALLOC) != 0;
            if (isLoaded && sections[i].sh_type is not (SectionType.SHT_NOBITS or SectionType.SHT_NOTE))
                return false;
            hasLoaded |= isLoaded;
        }
        return hasLoaded;
    }
}
