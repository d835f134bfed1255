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
    public static List<LoadStep> ForLinux(ElfImageLayout layout) => Create(layout.Segments, LoadPolicy.Default);

    /// <summary>The plan of any policy.</summary>
    public static List<LoadStep> Create(ElfImageLayout layout, LoadPolicy policy) => Create(layout.Segments, policy);

    /// <summary>The plan of any policy over segments in the order of the file.</summary>
    /// <remarks>
    /// The other policies differ from Linux's in two ways: where a segment starts, and that every tail is cleared, because a loader in user
    /// space writes before it protects.
    /// </remarks>
    public static List<LoadStep> Create(ReadOnlySpan<LoadSegment> segments, LoadPolicy policy)
    {
        List<LoadStep> steps = new(segments.Length * 2);
        for (int i = 0; i < segments.Length; i++)
        {
            ref readonly LoadSegment segment = ref segments[i];
            if (segment.FileSize != 0)
            {
                AddWidening(steps, segments, i, policy);
                steps.Add(new LoadStep(
                    LoadStepKind.MapFile, segment.PageStart, segment.MappedLength, segment.PageOffset, segment.Protection, segment.Index));
            }

            if (segment.MemorySize > segment.FileSize)
            {
                AddZeros(steps, segment, policy.Kind != LoadPolicyKind.Linux);
            }
        }

        return steps;
    }

    /// <summary>Whether a policy that goes by p_align takes a segment for one that can be mapped in the host's pages.</summary>
    public static bool IsEligible(in LoadSegment segment, ulong hostPageSize)
    {
        ulong before = segment.Address & (hostPageSize - 1);
        // mmap refuses an offset before the start of the file.
        return segment.FileSize != 0 && segment.Alignment >= hostPageSize && segment.Alignment % hostPageSize == 0 && segment.Offset >= before;
    }

    /// <summary>Where a policy has a segment start: its 4 KiB page, or the host's page that this lies in.</summary>
    public static ulong StartOf(ReadOnlySpan<LoadSegment> segments, int index, LoadPolicy policy)
    {
        ref readonly LoadSegment segment = ref segments[index];
        ulong wide = segment.Address & ~(policy.HostPageSize - 1);
        bool isWidened = policy.Kind switch
        {
            LoadPolicyKind.HostPage => IsEligible(segment, policy.HostPageSize),
            LoadPolicyKind.HostPageUnlessOverlap => IsEligible(segment, policy.HostPageSize) && !Meets(segments, index, wide, segment.PageStart),
            LoadPolicyKind.HostPageBlank => segment.FileSize != 0,
            _ => false,
        };
        return isWidened ? wide : segment.PageStart;
    }

    private static void AddWidening(List<LoadStep> steps, ReadOnlySpan<LoadSegment> segments, int index, LoadPolicy policy)
    {
        ref readonly LoadSegment segment = ref segments[index];
        ulong start = StartOf(segments, index, policy);
        ulong length = segment.PageStart - start;
        if (length == 0)
        {
            return;
        }

        // A page of the host has one protection: what each of its segments needs.
        LoadProtection protection = segment.Protection;
        for (int i = 0; i < segments.Length; i++)
        {
            protection |= segments[i].Address < segment.PageStart && segments[i].End > start ? segments[i].Protection : 0;
        }

        bool isBlank = policy.Kind == LoadPolicyKind.HostPageBlank;
        steps.Add(new LoadStep(
            isBlank ? LoadStepKind.MapZero : LoadStepKind.MapFile, start, length, isBlank ? 0 : segment.PageOffset - length, protection, segment.Index)
        {
            IsWidening = true,
        });
    }

    /// <summary>Whether a range has bytes of another segment.</summary>
    private static bool Meets(ReadOnlySpan<LoadSegment> segments, int index, ulong start, ulong end)
    {
        for (int i = 0; i < segments.Length; i++)
        {
            if (i != index && segments[i].MemorySize != 0 && segments[i].Address < end && segments[i].End > start)
            {
                return true;
            }
        }

        return false;
    }

    private static void AddZeros(List<LoadStep> steps, in LoadSegment segment, bool clearsReadOnly)
    {
        ulong start = segment.FileSize == 0 ? segment.PageStart : segment.FileEnd;
        ulong tail = ElfPage.Align(start) - start;
        if (tail != 0 && (clearsReadOnly || (segment.Protection & LoadProtection.PROT_WRITE) != 0))
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
