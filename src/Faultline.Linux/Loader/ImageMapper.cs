using Faultline.Elf;
using Faultline.Elf.Layout;
using Faultline.Linux.Mm;
using Faultline.Linux.Vfs;
using Faultline.Memory;
using Errno = Faultline.Linux.Abi.Errno;

namespace Faultline.Linux.Loader;

/// <summary>Puts the segments of one checked ELF image into an address space (elf_load, elf_map).</summary>
internal static class ImageMapper
{
    /// <summary>Maps an image.</summary>
    /// <param name="memory">Where; nothing of it is visible to anyone yet.</param>
    /// <param name="file">The image's file.</param>
    /// <param name="layout">Its checked layout.</param>
    /// <param name="role">Program or interpreter: they go to different places.</param>
    /// <param name="rules">How, and where it may go.</param>
    /// <param name="loaded">What was done; null with an error.</param>
    /// <returns>0 or a negative errno; all are fatal to execve.</returns>
    public static int Map(ProcessMemory memory, OpenFile file, ElfImageLayout layout, ElfRole role, LoadRules rules, out LoadedImage? loaded)
    {
        loaded = null;
        ulong bias = 0;
        bool mayMapLow = rules.MayMapLow;
        IPageSource? source = file.PageSource(shared: false, out int error);
        if (source is null)
            return -error;
        List<LoadStep> steps = LoadPlan.Create(layout, rules.Policy);
        // A policy may widen the first segment below its first page.
        ulong lowest = layout.SpanStart;
        foreach (LoadStep step in steps)
            lowest = Math.Min(lowest, step.Address);
        ulong lead = layout.SpanStart - lowest;
        ulong span = lead + (ElfPage.Align(layout.SpanStart + layout.SpanLength) - layout.SpanStart);
        bool isChosen = layout.IsPositionIndependent && (role == ElfRole.Interpreter || layout.Interpreter is null);
        bool hasFirst = layout.Segments.Length > 0 && layout.Segments[0].FileSize != 0;
        if (layout.IsPositionIndependent)
        {
            // A first segment without bytes of the file is not mapped but cleared, and so goes nowhere but where it says: at 0.
            ulong place = isChosen && !hasFirst ? 0 : Choose(memory, layout, role, span, rules.Policy);
            if (place == 0 && hasFirst)
                return -Errno.ENOMEM;
            bias = place + lead - layout.FirstPage;
        }

        // MAP_FIXED_NOREPLACE is for the first segment alone, and reserves the whole span of a position-independent program. All else replaces.
        if (hasFirst && role == ElfRole.Program && !isChosen)
        {
            ulong first = bias + layout.FirstPage - lead;
            ulong length = layout.IsPositionIndependent ? span : lead + layout.Segments[0].MappedLength;
            int result = CheckPlace(first, length, mayMapLow);
            if (result == 0 && !memory.Space.IsFree(first, first + length))
                result = -Errno.EEXIST;
            if (result != 0)
                return result;
        }
        string name = file.MappedPath;
        foreach (LoadStep step in steps)
        {
            int result = Carry(memory, file, source, name, step, bias, mayMapLow);
            if (result != 0)
                return result;
        }
        loaded = new LoadedImage(name, layout, rules.Policy, steps, bias);
        return 0;
    }

    /// <summary>get_unmapped_area with MAP_FIXED: inside the user's half, and not at its very start for everyone.</summary>
    private static int CheckPlace(ulong start, ulong length, bool mayMapLow) =>
        length > MemoryLayout.TaskSize || start > MemoryLayout.TaskSize - length ? -Errno.ENOMEM
        : start < MemoryLayout.MinimumAddress && !mayMapLow ? -Errno.EPERM
        : 0;

    /// <summary>Where a position-independent image goes: a program that has an interpreter low, everything else under mmap_base.</summary>
    private static ulong Choose(ProcessMemory memory, ElfImageLayout layout, ElfRole role, ulong span, LoadPolicy policy)
    {
        ulong least = policy.HostPageSize;
        ulong alignment = Math.Max(layout.MaxAlignment, least);
        if (alignment > MemoryLayout.TaskSize)
            return 0;
        if (role == ElfRole.Program && layout.Interpreter is not null)
            return ((MemoryLayout.DynamicBase & ~(alignment - 1)) - layout.FirstPage & ~GuestPage.Mask) + layout.FirstPage;
        if (role == ElfRole.Interpreter)
            alignment = least;
        return memory.IsLegacyLayout
            ? memory.Space.FindFreeBottomUp(span, MemoryLayout.LegacyBase, MemoryLayout.TaskSize)
            : memory.Space.FindFreeTopDown(span, MemoryLayout.MinimumAddress, memory.MmapBase, alignment);
    }

    private static int Carry(ProcessMemory memory, OpenFile file, IPageSource source, string name, in LoadStep step, ulong bias, bool mayMapLow)
    {
        ulong start = step.Address + bias;
        if (step.Kind != LoadStepKind.ZeroFill)
        {
            int result = CheckPlace(start, step.Length, mayMapLow);
            if (result != 0)
                return result;
            if ((step.Protection & LoadProtection.PROT_WRITE) != 0 && !memory.MayCommit(step.Length))
                return -Errno.ENOMEM;
        }
        switch (step.Kind)
        {
            case LoadStepKind.MapFile:
                memory.Space.Map(new Mapping
                {
                    Start = start,
                    End = start + step.Length,
                    Protection = (PageProtection)step.Protection,
                    Source = source,
                    Offset = step.FileOffset,
                    Name = name,
                    Tag = file,
                });
                return 0;
            case LoadStepKind.MapZero:
                memory.Space.Map(new Mapping { Start = start, End = start + step.Length, Protection = (PageProtection)step.Protection });
                return 0;
            default:
                // A tail is less than a page.
                Span<byte> zeros = stackalloc byte[GuestPage.Size];
                zeros.Clear();
                int length = (int)step.Length;
                // Loaders in user space write before they protect; Linux plans no such step for a read-only segment.
                bool isReadOnly = (step.Protection & LoadProtection.PROT_WRITE) == 0;
                ulong page = GuestPage.Floor(start);
                if (isReadOnly)
                    memory.Space.Protect(page, page + GuestPage.Size, PageProtection.Read | PageProtection.Write);
                bool isWritten = memory.Memory.Write(start, zeros[..length]) == length;
                if (isReadOnly)
                    memory.Space.Protect(page, page + GuestPage.Size, (PageProtection)step.Protection);
                return isWritten ? 0 : -Errno.EFAULT;
        }
    }
}
