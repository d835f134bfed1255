namespace Faultline.Linux.Abi.Memory;

/// <summary>Constants of the mmap(2) family with x86-64's values (<c>asm-generic/mman.h</c>, <c>asm/mman.h</c>).</summary>
internal static class Mman
{
    public const int PROT_NONE = 0;
    public const int PROT_READ = 1;
    public const int PROT_WRITE = 2;
    public const int PROT_EXEC = 4;
    public const int PROT_SEM = 8;
    public const int PROT_GROWSDOWN = 0x0100_0000;
    public const int PROT_GROWSUP = 0x0200_0000;

    public const int MAP_SHARED = 1;
    public const int MAP_PRIVATE = 2;
    public const int MAP_SHARED_VALIDATE = 3;
    public const int MAP_DROPPABLE = 8;

    /// <summary>Bits that hold the sharing type.</summary>
    public const int MAP_TYPE = 0xF;
    public const int MAP_FIXED = 0x10;
    public const int MAP_ANONYMOUS = 0x20;
    public const int MAP_32BIT = 0x40;
    public const int MAP_ABOVE4G = 0x80;
    public const int MAP_GROWSDOWN = 0x100;
    public const int MAP_DENYWRITE = 0x800;
    public const int MAP_EXECUTABLE = 0x1000;
    public const int MAP_LOCKED = 0x2000;
    public const int MAP_NORESERVE = 0x4000;
    public const int MAP_POPULATE = 0x8000;
    public const int MAP_NONBLOCK = 0x1_0000;
    public const int MAP_STACK = 0x2_0000;
    public const int MAP_HUGETLB = 0x4_0000;
    public const int MAP_HUGE_SHIFT = 26;
    public const int MAP_HUGE_MASK = 0x3F;
    public const int MAP_SYNC = 0x8_0000;
    public const int MAP_FIXED_NOREPLACE = 0x10_0000;

    public const int MREMAP_MAYMOVE = 1;
    public const int MREMAP_FIXED = 2;
    public const int MREMAP_DONTUNMAP = 4;

    public const int MS_ASYNC = 1;
    public const int MS_INVALIDATE = 2;
    public const int MS_SYNC = 4;

    public const int MCL_CURRENT = 1;
    public const int MCL_FUTURE = 2;
    public const int MCL_ONFAULT = 4;
    public const int MLOCK_ONFAULT = 1;

    public const int MADV_NORMAL = 0;
    public const int MADV_RANDOM = 1;
    public const int MADV_SEQUENTIAL = 2;
    public const int MADV_WILLNEED = 3;
    public const int MADV_DONTNEED = 4;
    public const int MADV_FREE = 8;
    public const int MADV_REMOVE = 9;
    public const int MADV_DONTFORK = 10;
    public const int MADV_DOFORK = 11;
    public const int MADV_MERGEABLE = 12;
    public const int MADV_UNMERGEABLE = 13;
    public const int MADV_HUGEPAGE = 14;
    public const int MADV_NOHUGEPAGE = 15;
    public const int MADV_DONTDUMP = 16;
    public const int MADV_DODUMP = 17;
    public const int MADV_WIPEONFORK = 18;
    public const int MADV_KEEPONFORK = 19;
    public const int MADV_COLD = 20;
    public const int MADV_PAGEOUT = 21;
    public const int MADV_POPULATE_READ = 22;
    public const int MADV_POPULATE_WRITE = 23;
    public const int MADV_DONTNEED_LOCKED = 24;
    public const int MADV_COLLAPSE = 25;
    public const int MADV_HWPOISON = 100;
    public const int MADV_SOFT_OFFLINE = 101;
    public const int MADV_GUARD_INSTALL = 102;
    public const int MADV_GUARD_REMOVE = 103;
}
