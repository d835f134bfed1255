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
    private const ulong StackGuardGap = 256 * GuestPage.Size;

    /// <summary>IA32_PAGE_OFFSET: the end of what 32-bit calls give out.</summary>
    public const ulong CompatTaskSize = 0xFFFF_E000;

    /// <summary>TASK_UNMAPPED_BASE of 32-bit calls.</summary>
    public const ulong CompatLegacyBase = 0x5555_5000;

    /// <summary>mmap_base: the area under it is given out from the top down. It leaves room for the stack limit.</summary>
    public static ulong MmapBase(ulong stackLimit) => Base(stackLimit, TaskSize);

    /// <summary>mmap_compat_base: the same for 32-bit calls.</summary>
    public static ulong CompatMmapBase(ulong stackLimit) => Base(stackLimit, CompatTaskSize);

    private static ulong Base(ulong stackLimit, ulong taskSize)
    {
        ulong gap = stackLimit > ulong.MaxValue - StackGuardGap ? stackLimit : stackLimit + StackGuardGap;
        return GuestPage.Ceiling(taskSize - Math.Clamp(gap, MinimumGap, taskSize / 6 * 5));
    }
}
