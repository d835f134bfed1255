using Faultline.Memory;

namespace Faultline.Linux.Mm;

/// <summary>
/// Where Linux puts things on x86-64 without address space randomisation (<c>arch/x86/mm/mmap.c</c>, <c>fs/binfmt_elf.c</c>). A run is the same every time.
/// </summary>
internal static class MemoryLayout
{
    /// <summary>TASK_SIZE: four-level paging, one guard page below 2^47.</summary>
    public const ulong TaskSize = 0x7FFF_FFFF_F000;

    /// <summary>STACK_TOP: the first address after the initial stack.</summary>
    public const ulong StackTop = TaskSize;

    /// <summary>ELF_ET_DYN_BASE rounded down to a page: where a position-independent program with an interpreter goes.</summary>
    public const ulong DynamicBase = 0x5555_5555_4000;

    /// <summary>TASK_UNMAPPED_BASE: where the bottom-up layout starts.</summary>
    public const ulong LegacyBase = 0x2AAA_AAAA_B000;

    /// <summary>vm.mmap_min_addr: nothing is placed below it unless asked for by a privileged process.</summary>
    public const ulong MinimumAddress = 0x1_0000;

    /// <summary>vm.max_map_count.</summary>
    public const int MaxMapCount = 65530;

    private const ulong MinimumGap = 128UL << 20;
    private const ulong MaximumGap = TaskSize / 6 * 5;
    private const ulong StackGuardGap = 256 * GuestPage.Size;

    /// <summary>mmap_base: the area under it is given out from the top down. It leaves room for the stack limit.</summary>
    public static ulong MmapBase(ulong stackLimit)
    {
        ulong gap = stackLimit > ulong.MaxValue - StackGuardGap ? stackLimit : stackLimit + StackGuardGap;
        return GuestPage.Ceiling(TaskSize - Math.Clamp(gap, MinimumGap, MaximumGap));
    }
}
