using Faultline.Elf;
using Faultline.Elf.Dynamic;
using Faultline.Elf.Headers;
using Faultline.Elf.Relocations;
using Faultline.Explain.Findings;

namespace Faultline.Explain.Images.Segments;

/// <summary>What is wrong with a linked file's relocations: those into segments that may not be written, and those that no load address of our times fits.</summary>
internal static class RelocationFindings
{
    private const int MostEvidence = 8;
    private const int MostRead = 1 << 22;
    private const ulong DF_TEXTREL = 4;

    /// <summary>The findings of a program or a shared library.</summary>
    public static IEnumerable<Finding> Of(ImageFile image)
    {
        ElfFile file = image.Elf;
        ProgramHeader[] loads = [.. file.ProgramHeaders.ToArray().Where(header => header.p_type == SegmentType.PT_LOAD)];
        List<Evidence> text = [];
        List<Evidence> narrow = [];
        int texts = 0, narrows = 0, read = 0;
        ProgramHeader? last = null;
        ReadOnlySpan<SectionHeader> sections = file.Sections.Headers;
        List<int> tables = [];
        for (int i = 1; i < sections.Length; i++)
        {
            if (sections[i].sh_type is SectionType.SHT_RELA or SectionType.SHT_REL && (sections[i].sh_flags & SectionFlags.SHF_ALLOC) != 0)
                tables.Add(i);
        }
        foreach (int index in tables)
        {
            if (ElfRelocationTable.Read(file, index) is not { } table)
                continue;
            foreach (ElfRelocation relocation in table.Entries())
            {
                if (read++ == MostRead)
                    break;
                // Relocations are sorted by place, more or less.
                if (last is not { } segment || relocation.Offset - segment.p_vaddr >= segment.p_memsz)
                    last = Find(loads, relocation.Offset);
                if (last is { } found && (found.p_flags & SegmentFlags.PF_W) == 0 && relocation.Type != RelocationType.R_X86_64_NONE)
                {
                    if (texts++ < MostEvidence)
                        text.Add(At(image, relocation, $"{CheckedName(relocation.Type)} into a segment that may not be written"));
                }
                bool isNarrow = file.Header.e_type == ElfType.ET_DYN && RelocationKind.Of(relocation.Type) is { Width: 1 or 2 or 4 };
                if (isNarrow && narrows++ < MostEvidence)
                    narrow.Add(At(image, relocation, CheckedName(relocation.Type)));
            }
        }
        bool isMarked = file.Dynamic.TryGet(DynamicTag.DT_TEXTREL, out _) || (file.Dynamic.TryGet(DynamicTag.DT_FLAGS, out ulong flags) && (flags & DF_TEXTREL) != 0);
        if (texts > 0 || isMarked)
        {
            yield return new Finding
            {
                Id = "text-relocations",
                Title = "Code has to be changed to be loaded",
                Observed = texts > 0 ? $"{texts} relocations change segments that may not be written{(isMarked ? "" : ", and DT_TEXTREL does not say so")}." : "DT_TEXTREL or DF_TEXTREL is set.",
                Cause = "It was linked of code that is not position independent. The dynamic linker has to make code writable, every process gets a copy of it, and systems that "
                    + $"forbid that (SELinux's execmod) refuse the file.{(texts > 0 && !isMarked ? " Without DT_TEXTREL the dynamic linker writes into a page that it may not write." : "")}",
                Confidence = Confidence.Certain,
                Evidence = text,
                WhatToDo = ["compile everything with -fPIC (or -fPIE); -Wl,-z,text makes the linker refuse"],
            };
        }
        if (narrows > 0)
        {
            yield return new Finding
            {
                Id = "relocation-range",
                Title = "Relocations are narrower than the addresses it is loaded at",
                Observed = $"{narrows} relocations of a position-independent file have fields of 32 bits or less.",
                Cause = "Linux loads position-independent files above 4 GiB (programs at 0x555555554000 and up, libraries below 0x800000000000), so an absolute address does not fit, and a relative one "
                    + "only when its target is within 2 GiB. The dynamic linker stops with an error, or the value is cut.",
                Confidence = Confidence.Certain,
                Evidence = narrow,
                WhatToDo = ["compile with -fPIC (or -fPIE), so that addresses are computed relative to RIP or read from the GOT"],
            };
        }
    }

    private static ProgramHeader? Find(ProgramHeader[] loads, ulong address)
    {
        foreach (ProgramHeader load in loads)
        {
            if (address - load.p_vaddr < load.p_memsz)
                return load;
        }
        return null;
    }

    private static string CheckedName(RelocationType type) => Objects.CheckedRelocation.NameOf(type);

    private static Evidence At(ImageFile image, in ElfRelocation relocation, string text) => new()
    {
        Text = text,
        Address = relocation.Offset,
        File = image.Name,
        FileOffset = image.Elf.TryGetFileOffset(relocation.Offset, out ulong offset, out _) ? offset : null,
    };
}
