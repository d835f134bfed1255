namespace Faultline.Elf.Layout;

/// <summary>Arithmetic on x86-64's 4 KiB pages and the end of the user address space (ELF_PAGESTART and friends).</summary>
internal static class ElfPage
{
    /// <summary>Bytes in a page.</summary>
    public const ulong Size = 4096;

    /// <summary>First address that user space cannot have (four-level paging, one guard page below 2^47).</summary>
    public const ulong TASK_SIZE = 0x7fff_ffff_f000;

    /// <summary>Rounds down to a page.</summary>
    public static ulong Start(ulong address) => address & ~(Size - 1);

    /// <summary>Offset within the page.</summary>
    public static ulong Offset(ulong address) => address & (Size - 1);

    /// <summary>Rounds up to a page; wraps to 0 in the last page of 64 bits, as the kernel's macro does.</summary>
    public static ulong Align(ulong address) => (address + Size - 1) & ~(Size - 1);
}
