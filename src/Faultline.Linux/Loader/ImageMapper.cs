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
    /// <param name="mayMapLow">The process may map below vm.mmap_min_addr.</param>
    /// <param name="bias">What was added to link-time addresses.</param>
    /// <returns>0 or a negative errno; all are fatal to execve.</returns>
    public static int Map(ProcessMemory memory, OpenFile file, ElfImageLayout layout, ElfRole role, bool mayMapLow, out ulong bias)
    {
        bias = 0;
        IPageSource? source = file.PageSource(shared: false, out int error);
        if (source is null)
            return -error;
        ulong span = ElfPage.Align(layout.SpanStart + layout.SpanLength) - layout.SpanStart;
        if (layout.IsPositionIndependent && span != 0)
        {
            ulong place = Choose(memory, layout, role, span);
            if (place == 0)
                return -Errno.ENOMEM;
            bias = place - layout.FirstPage;
        }
        ulong low = bias + layout.SpanStart;
        if (span != 0 && low + span > MemoryLayout.TaskSize)
            return -Errno.ENOMEM;
        if (span != 0 && !memory.Space.IsFree(low, low + span))
            return -Errno.EEXIST;
        if (span != 0 && low < MemoryLayout.MinimumAddress && !mayMapLow)
            return -Errno.EPERM;

        string name = file.Path;
        foreach (LoadStep step in LoadPlan.ForLinux(layout))
        {
            int result = Carry(memory, file, source, name, step, bias);
            if (result != 0)
                return result;
        }
        return 0;
    }

    /// <summary>Where a position-independent image goes: a program that has an interpreter low, everything else under mmap_base.</summary>
    private static ulong Choose(ProcessMemory memory, ElfImageLayout layout, ElfRole role, ulong span)
    {
        ulong alignment = Math.Max(layout.MaxAlignment, GuestPage.Size);
        if (alignment > MemoryLayout.TaskSize)
            return 0;
        if (role == ElfRole.Program && layout.Interpreter is not null)
            return ((MemoryLayout.DynamicBase & ~(alignment - 1)) - layout.FirstPage & ~GuestPage.Mask) + layout.FirstPage;
        if (role == ElfRole.Interpreter)
            alignment = GuestPage.Size;
        return memory.IsLegacyLayout
            ? memory.Space.FindFreeBottomUp(span, MemoryLayout.LegacyBase, MemoryLayout.TaskSize)
            : memory.Space.FindFreeTopDown(span, MemoryLayout.MinimumAddress, memory.MmapBase, alignment);
    }

    private static int Carry(ProcessMemory memory, OpenFile file, IPageSource source, string name, in LoadStep step, ulong bias)
    {
        ulong start = step.Address + bias;
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
                return memory.Memory.Write(start, zeros[..length]) == length ? 0 : -Errno.EFAULT;
        }
    }
}
