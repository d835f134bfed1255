namespace Faultline.Elf.Layout;

/// <summary>
/// The mappings that turn a layout into memory, in order. A layout says what the file asks for; a plan is one policy of doing it.
/// </summary>
internal static class LoadPlan
{
    /// <summary>
    /// Linux's policy with 4 KiB pages (elf_load in fs/binfmt_elf.c).
    /// </summary>
    /// <remarks>
    /// Three things are easy to get wrong. The rest of the last file page is zeroed to the end of the page, not to the end of the segment,
    /// and only when the segment both has such a tail and is writable: in a read-only one the kernel's write fails and is ignored, so the
    /// file's own bytes stay visible. Whole pages past it are readable and writable whatever p_flags says, and executable with PF_X. And a
    /// later segment replaces the pages of an earlier one.
    /// </remarks>
    public static List<LoadStep> ForLinux(ElfImageLayout layout)
    {
        List<LoadStep> steps = new(layout.Segments.Length * 2);
        foreach (ref readonly LoadSegment segment in layout.Segments)
        {
            if (segment.FileSize != 0)
            {
                steps.Add(new LoadStep(
                    LoadStepKind.MapFile, segment.PageStart, segment.MappedLength, segment.PageOffset, segment.Protection, segment.Index));
            }

            if (segment.MemorySize > segment.FileSize)
            {
                AddZeros(steps, segment);
            }
        }

        return steps;
    }

    private static void AddZeros(List<LoadStep> steps, in LoadSegment segment)
    {
        ulong start = segment.FileSize == 0 ? segment.PageStart : segment.FileEnd;
        ulong tail = ElfPage.Align(start) - start;
        if (tail != 0 && (segment.Protection & LoadProtection.PROT_WRITE) != 0)
        {
            steps.Add(new LoadStep(LoadStepKind.ZeroFill, start, tail, 0, segment.Protection, segment.Index));
        }

        ulong first = ElfPage.Align(start);
        ulong end = ElfPage.Align(segment.End);
        if (end > first)
        {
            LoadProtection protection = LoadProtection.PROT_READ | LoadProtection.PROT_WRITE | (segment.Protection & LoadProtection.PROT_EXEC);
            steps.Add(new LoadStep(LoadStepKind.MapZero, first, end - first, 0, protection, segment.Index));
        }
    }
}
