using System.Numerics;
using Faultline.Elf;
using Faultline.Elf.Headers;
using Faultline.Elf.Layout;
using Faultline.Explain.Findings;

namespace Faultline.Explain.Images.Segments;

/// <summary>What is wrong with a program's headers, and what loaders would do to it.</summary>
internal static class SegmentFindings
{
    /// <summary>The finding that is no fault of the file's.</summary>
    public const string SharedId = "segments-share-host-page";

    private const int MostEvidence = 8;

    /// <summary>All findings of a file: what is destroyed first.</summary>
    public static IReadOnlyList<Finding> Of(ImageFile image, ElfImageLayout? layout)
    {
        List<Finding> findings = [];
        if (layout is not null)
        {
            foreach (ulong size in LoadPolicy.HostPageSizes)
                AddDamage(findings, image, layout, size);
            AddOverlaps(findings, image, layout);
        }
        AddHeaders(findings, image, layout is not null);
        AddRights(findings, image);
        AddTls(findings, image);
        findings.AddRange(RelocationFindings.Of(image));
        if (layout is not null)
            AddSharedPages(findings, image, layout);
        return findings;
    }

    /// <summary>What a plan does to bytes of segments: with pages of 4 KiB Linux's own, else that of a loader that goes by p_align alone.</summary>
    private static void AddDamage(List<Finding> findings, ImageFile image, ElfImageLayout layout, ulong size)
    {
        bool isLinux = size == ElfPage.Size;
        LoadPolicy policy = new(isLinux ? LoadPolicyKind.Linux : LoadPolicyKind.HostPage, size);
        LoadDamage[] damages = [.. new LoadHistory(image.Elf, layout, policy).FindDamage().Where(damage => damage.Differing > 0)];
        if (damages.Length == 0)
            return;
        LoadDamage first = damages[0];
        findings.Add(new Finding
        {
            Id = isLinux ? "segments-destroy-each-other" : "widening-destroys-bytes",
            Title = isLinux ? "Loading one segment destroys bytes of another" : $"With pages of {size / 1024} KiB a loader that widens segments destroys bytes",
            Observed = $"0x{first.From:x} to 0x{first.To:x} of {LoadText.Describe(first.Segment)} are covered when segment {first.Step.SegmentIndex} is "
                + $"{(isLinux ? "mapped" : $"widened from 0x{first.Step.End:x} down to 0x{first.Step.Address:x}")}: {first.Differing} bytes get other values.",
            Cause = isLinux
                ? "The segments are closer than a page, and the later one's mapping replaces the whole page. No loader can keep both."
                : $"p_align of segment {first.Step.SegmentIndex} is a multiple of {size / 1024} KiB, so a loader that goes by it alone maps the segment from the start of the host's page, where "
                    + "another one ends. With 4 KiB pages the file loads right.",
            Confidence = Confidence.Certain,
            Evidence = [.. damages.Take(MostEvidence).SelectMany(damage => (Evidence[])
            [
                new Evidence
                {
                    Text = $"segment {damage.Segment.Index}{(damage.Sections.Count > 0 ? $" ({string.Join(", ", damage.Sections)})" : "")} has",
                    Address = damage.FirstDifference,
                    File = image.Name,
                    FileOffset = damage.FileOffset,
                    Bytes = damage.Before,
                },
                new Evidence { Text = $"afterwards there are, up to 0x{damage.To:x}", Address = damage.FirstDifference, Bytes = damage.After },
            ])],
            WhatToDo = isLinux
                ? ["link without -N and without a linker script that packs segments"]
                :
                [
                    "in the loader, widen a segment only where that meets no other one (the policy host-page-unless-overlap), or never (guest-page)",
                    $"or link with segments apart: -Wl,-z,separate-code -Wl,-z,max-page-size=0x{size:x}",
                ],
        });
    }

    private static void AddOverlaps(List<Finding> findings, ImageFile image, ElfImageLayout layout)
    {
        List<Evidence> overlaps = [];
        List<Evidence> disorder = [];
        ReadOnlySpan<LoadSegment> segments = layout.Segments;
        for (int i = 1; i < segments.Length; i++)
        {
            if (segments[i].Address < segments[i - 1].Address && disorder.Count < MostEvidence)
                disorder.Add(Evidence.Of($"{LoadText.Describe(segments[i - 1])} comes before {LoadText.Describe(segments[i])}"));
            for (int j = 0; j < i && overlaps.Count < MostEvidence; j++)
            {
                if (segments[i].Address < segments[j].End && segments[j].Address < segments[i].End)
                    overlaps.Add(Evidence.Of($"{LoadText.Describe(segments[j])} and {LoadText.Describe(segments[i])}"));
            }
        }
        if (overlaps.Count > 0)
        {
            findings.Add(Make("segments-overlap", "PT_LOAD segments overlap", $"{overlaps.Count} pairs of segments want the same addresses.",
                "Linux maps them in the order of the file, so the later one wins; other loaders may refuse the file.", overlaps));
        }
        if (disorder.Count > 0)
        {
            findings.Add(Make("segments-out-of-order", "PT_LOAD segments are not in ascending order", $"{image.Name} has PT_LOAD entries whose addresses go down.",
                "The ELF specification wants ascending p_vaddr. Linux takes any order for ET_EXEC, but places position-independent files by the first entry; other loaders compute wrong sizes.", disorder));
        }
    }

    private static void AddHeaders(List<Finding> findings, ImageFile image, bool isLoadable)
    {
        List<Evidence> misaligned = [];
        List<Evidence> truncated = [];
        ulong length = (ulong)Math.Max(0, image.Elf.Source.Length);
        bool hasHeaders = image.Elf.FindSegment(SegmentType.PT_PHDR) is var table && table < 0;
        for (int i = 0; i < image.Elf.ProgramHeaders.Length; i++)
        {
            ref readonly ProgramHeader header = ref image.Elf.ProgramHeaders[i];
            if (header.p_filesz != 0 && (header.p_offset > length || header.p_filesz > length - header.p_offset) && truncated.Count < MostEvidence)
                truncated.Add(Evidence.Of($"program header {i} ({header.p_type}): 0x{header.p_filesz:x} bytes from offset 0x{header.p_offset:x}"));
            if (header.p_type != SegmentType.PT_LOAD)
                continue;
            if (!hasHeaders)
                hasHeaders = header.p_vaddr <= image.Elf.ProgramHeaders[table].p_vaddr && image.Elf.ProgramHeaders[table].p_vaddr - header.p_vaddr < header.p_memsz;
            if (header.p_align > 1 && !BitOperations.IsPow2(header.p_align))
                misaligned.Add(Evidence.Of($"program header {i}: p_align 0x{header.p_align:x} is no power of two"));
            else if (header.p_align > 1 && ((header.p_vaddr - header.p_offset) & (header.p_align - 1)) != 0 && header.p_filesz != 0)
                misaligned.Add(Evidence.Of($"program header {i}: address 0x{header.p_vaddr:x} and offset 0x{header.p_offset:x} differ modulo p_align 0x{header.p_align:x}"));
        }
        if (misaligned.Count > 0 && isLoadable)
        {
            findings.Add(Make("header-misaligned", "A segment's address and file offset do not fit its alignment", $"{misaligned.Count} PT_LOAD entries break p_vaddr = p_offset (mod p_align).",
                "Linux looks at the 4 KiB page alone and loads the file; a loader that maps in larger pages cannot map it from the file.", misaligned));
        }
        if (truncated.Count > 0)
        {
            findings.Add(Make("file-truncated", "Segments reach past the end of the file", $"{image.Name} has {length} bytes.",
                "The file was cut off, or its headers are of another file (as in files of debug information). Touching what is missing gives SIGBUS.", truncated));
        }
        if (!hasHeaders && isLoadable)
        {
            findings.Add(Make("headers-not-loaded", "PT_PHDR lies in no PT_LOAD", "The address that PT_PHDR gives is not loaded.",
                "The C library and the unwinder read the program headers in memory (AT_PHDR, dl_iterate_phdr).", []));
        }
    }

    private static void AddRights(List<Finding> findings, ImageFile image)
    {
        for (int i = 0; i < image.Elf.ProgramHeaders.Length; i++)
        {
            ref readonly ProgramHeader header = ref image.Elf.ProgramHeaders[i];
            const SegmentFlags WX = SegmentFlags.PF_W | SegmentFlags.PF_X;
            if (header.p_type == SegmentType.PT_LOAD && (header.p_flags & WX) == WX)
            {
                findings.Add(Make("segment-writable-and-executable", $"Segment {i} is writable and executable",
                    $"0x{header.p_vaddr:x} to {Hex.End(header.p_vaddr, header.p_memsz)} may be written and executed.",
                    "Whoever can write there can run code. Linkers make such segments for -N, for assembly without section flags, and for code that patches itself.", []));
            }
            if (header.p_type == SegmentType.PT_GNU_STACK && (header.p_flags & SegmentFlags.PF_X) != 0)
            {
                findings.Add(Make("stack-executable", "The stack is executable", "PT_GNU_STACK has PF_X.",
                    "One object without a .note.GNU-stack section is enough (assembly, mostly); nested functions in C need it. Linux and the C library make the stack of every thread executable.",
                    [], "find the object: ld --warn-execstack", "assembly: .section .note.GNU-stack,\"\",@progbits"));
            }
        }
    }

    private static void AddTls(List<Finding> findings, ImageFile image)
    {
        List<Evidence> odd = [];
        int count = 0;
        for (int i = 0; i < image.Elf.ProgramHeaders.Length; i++)
        {
            ProgramHeader tls = image.Elf.ProgramHeaders[i];
            if (tls.p_type != SegmentType.PT_TLS)
                continue;
            if (++count == 2)
                odd.Add(Evidence.Of($"program header {i} is a second PT_TLS: there may be one"));
            if (tls.p_filesz > tls.p_memsz)
                odd.Add(Evidence.Of($"0x{tls.p_filesz:x} bytes in the file but 0x{tls.p_memsz:x} in memory"));
            if (tls.p_align > 1 && !BitOperations.IsPow2(tls.p_align))
                odd.Add(Evidence.Of($"p_align 0x{tls.p_align:x} is no power of two"));
            else if (tls.p_align > ElfPage.Size)
                odd.Add(Evidence.Of($"p_align 0x{tls.p_align:x} is more than a page"));
            else if (tls.p_align > 1 && (tls.p_vaddr & (tls.p_align - 1)) != 0)
                odd.Add(Evidence.Of($"address 0x{tls.p_vaddr:x} is not aligned to p_align 0x{tls.p_align:x}: C libraries differ in where they then put the block"));
            if (tls.p_filesz != 0 && tls.p_filesz <= tls.p_memsz && !Array.Exists(image.Elf.ProgramHeaders.ToArray(), load => load.p_type == SegmentType.PT_LOAD
                && tls.p_vaddr >= load.p_vaddr && tls.p_vaddr - load.p_vaddr <= load.p_filesz && tls.p_filesz <= load.p_filesz - (tls.p_vaddr - load.p_vaddr)))
            {
                odd.Add(Evidence.Of($"its image at 0x{tls.p_vaddr:x}, 0x{tls.p_filesz:x} bytes, lies in no PT_LOAD"));
            }
        }
        if (odd.Count > 0)
        {
            findings.Add(Make("tls-odd", "The thread-local segment is odd", $"PT_TLS: {odd[0].Text}.",
                "The C library copies this image for every thread and computes offsets from its alignment.", odd));
        }
    }

    private static void AddSharedPages(List<Finding> findings, ImageFile image, ElfImageLayout layout)
    {
        List<Evidence> evidence = [];
        int count = 0;
        foreach (ulong size in LoadPolicy.HostPageSizes)
        {
            foreach (SharedPage page in SharedPage.Find(layout, size).Where(page => page.HasMixedRights))
            {
                count++;
                if (evidence.Count < MostEvidence)
                {
                    evidence.Add(Evidence.Of($"{size / 1024} KiB, 0x{page.Address:x}: segments {string.Join(", ", page.Segments.Select(s => $"{s.Index} ({LoadText.Rights(s.Protection)})"))}; "
                        + $"together {LoadText.Rights(page.Rights)}"));
                }
            }
        }
        if (count == 0)
            return;
        findings.Add(Make(SharedId, "Segments with different rights share pages of hosts with larger pages", $"{image.Name} has {count} such pages (of 4, 16 or 64 KiB).",
            "A page of a host has one protection. On such hosts a loader has to give the page the rights of all its segments, and to load each without touching the others. It is how x86-64 "
            + "programs are linked, and no fault of the file's.", evidence));
    }

    private static Finding Make(string id, string title, string observed, string cause, IReadOnlyList<Evidence> evidence, params string[] whatToDo) => new()
    {
        Id = id,
        Title = title,
        Observed = observed,
        Cause = cause,
        Confidence = Confidence.Certain,
        Evidence = evidence,
        WhatToDo = whatToDo,
    };
}
