namespace Faultline.Explain.Values;

/// <summary>The poison patterns of Linux (include/linux/poison.h, include/uapi/linux/magic.h) and of the compilers that build it.</summary>
internal static class Poison
{
    /// <summary>Added to the list poison on 64-bit kernels so that it is no canonical address (CONFIG_ILLEGAL_POINTER_VALUE of x86-64 and arm64).</summary>
    public const ulong PointerDelta = 0xdead_0000_0000_0000;

    /// <summary>Farthest a member is looked for from the start of a poisoned object, in bytes: most objects are smaller than a page.</summary>
    public const long MaxOffset = 0x1000;

    /// <summary>How far below a pattern container_of is looked for, in bytes.</summary>
    public const long MaxNegative = 0x200;

    /// <summary>The byte that page_poison writes over freed pages.</summary>
    public const byte Page = 0xaa;

    /// <summary>The byte that slab debugging writes over freed objects.</summary>
    public const byte SlabFree = 0x6b;

    /// <summary>The byte that slab debugging writes over the last byte of a poisoned object.</summary>
    public const byte SlabEnd = 0xa5;

    /// <summary>The byte that slab debugging writes over objects that were just allocated.</summary>
    public const byte SlabInUse = 0x5a;

    /// <summary>The four bytes at the end of every kernel stack.</summary>
    public const uint StackEndMagic = 0x57ac6e9d;

    /// <summary>A constant of strlen and its kin (a word with each byte 0xfe but the lowest), often in a register and no pattern.</summary>
    private const ulong ZeroByteSearch = 0xfefe_fefe_fefe_feff;

    /// <summary>What list_del leaves in next.</summary>
    public const ulong ListPoison1 = PointerDelta + 0x100;

    /// <summary>What list_del leaves in prev.</summary>
    public const ulong ListPoison2 = PointerDelta + 0x122;

    /// <summary>Every pattern, the likelier before the less likely.</summary>
    public static readonly IReadOnlyList<PoisonPattern> Patterns =
    [
        new("POISON_FREE", SlabFree, 1, PoisonState.Freed, "slab debugging (slab_debug=P) fills freed objects with 0x6b"),
        new("PAGE_POISON", Page, 1, PoisonState.Freed, "page_poison=1 and debug_pagealloc fill freed pages with 0xaa",
            "clang's -ftrivial-auto-var-init=pattern (CONFIG_INIT_STACK_ALL_PATTERN) fills automatic variables that were never written with the same byte"),
        new("POISON_INUSE", SlabInUse, 1, PoisonState.Uninitialised, "slab debugging fills objects that were allocated and not yet written with 0x5a"),
        new("POISON_END", SlabEnd, 1, PoisonState.Freed, "slab debugging ends a poisoned object with 0xa5"),
        new("SLUB_RED_INACTIVE", 0xbb, 1, PoisonState.RedZone, "SLUB's red zone beside a free object is filled with 0xbb"),
        new("SLUB_RED_ACTIVE", 0xcc, 1, PoisonState.RedZone, "SLUB's red zone beside an object in use is filled with 0xcc",
            "0xcc is also int3, the padding between functions, and POISON_FREE_INITMEM, the fill of boot code that was given back"),
        new("POOL_POISON_FREED", 0xa7, 1, PoisonState.Freed, "dma_pool debugging fills freed blocks with 0xa7"),
        new("POOL_POISON_ALLOCATED", 0xa9, 1, PoisonState.Uninitialised, "dma_pool debugging fills blocks not yet written with 0xa9"),
        new("KEY_DESTROY", 0xbd, 1, PoisonState.Freed, "the key service fills keys that it destroyed with 0xbd"),
        new("pattern of GCC", 0xfe, 1, PoisonState.Uninitialised, "GCC's -ftrivial-auto-var-init=pattern fills automatic variables that were never written with 0xfe"),
        new("JBD2_POISON_FREE", 0x5c, 1, PoisonState.Freed, "jbd2 fills freed journal heads with 0x5c"),
        new("MUTEX_DEBUG_FREE", 0x22, 1, PoisonState.Freed, "mutex debugging fills what a waiter leaves behind with 0x22"),
        new("MUTEX_DEBUG_INIT", 0x11, 1, PoisonState.Uninitialised, "mutex debugging fills waiters that are not set up yet with 0x11"),

        new("LIST_POISON1", ListPoison1, 8, PoisonState.Removed, "list_del and hlist_del leave it in next"),
        new("LIST_POISON2", ListPoison2, 8, PoisonState.Removed, "list_del leaves it in prev, hlist_del in pprev (since Linux 4.15)"),
        new("LIST_POISON2", PointerDelta + 0x200, 8, PoisonState.Removed, "list_del left it in prev before Linux 4.15"),
        new("TIMER_ENTRY_STATIC", PointerDelta + 0x300, 8, PoisonState.Removed, "the list entry of a timer that was set up statically"),
        new("TAIL_MAPPING", PointerDelta + 0x400, 8, PoisonState.Removed, "the mapping of a tail page of a compound page"),
        new("BPF_PTR_POISON", PointerDelta + 0xeb9f, 8, PoisonState.Removed, "a pointer of the BPF verifier that must never be used"),

        new("RED_INACTIVE", 0x09f9_1102_9d74_e35b, 8, PoisonState.RedZone, "SLAB's red zone beside a free object"),
        new("RED_ACTIVE", 0xd841_56c5_6356_88c0, 8, PoisonState.RedZone, "SLAB's red zone beside an object in use"),
        new("STACKLEAK_POISON", 0xffff_ffff_ffff_4111, 8, PoisonState.Uninitialised, "stackleak fills the unused part of a kernel stack with it"),

        new("STACK_END_MAGIC", StackEndMagic, 4, PoisonState.Magic, "it marks the far end of a kernel stack"),
        new("SPINLOCK_MAGIC", 0xdead_4ead, 4, PoisonState.Magic, "it marks a spinlock under CONFIG_DEBUG_SPINLOCK"),
        new("RWLOCK_MAGIC", 0xdeaf_1eed, 4, PoisonState.Magic, "it marks an rwlock under CONFIG_DEBUG_SPINLOCK"),
        new("NETFILTER_LINK_POISON", 0xdead_57ac, 4, PoisonState.Removed, "netfilter leaves it in a hook that was taken out"),
        new("0xdeadbeef", 0xdead_beef, 4, PoisonState.Freed, "several subsystems write it over what they give back (NEIGHBOR_DEAD, ATM_POISON)"),
    ];

    /// <summary>Recognises a value; false when no pattern fits.</summary>
    /// <param name="value">Any 64-bit value.</param>
    /// <param name="match">The likeliest pattern.</param>
    public static bool TryMatch(ulong value, out PoisonMatch match)
    {
        match = default;
        if (value == ZeroByteSearch)
            return false;
        foreach (PoisonPattern pattern in Patterns)
        {
            if (pattern.Width == 1 && Near(value, pattern.Filled, out long offset))
            {
                match = new PoisonMatch(value, pattern, offset, 8);
                return true;
            }
        }
        if (Listed(value) is { } pointer)
        {
            match = pointer;
            return true;
        }
        return TryNarrow(value, out match);
    }

    /// <summary>Patterns met often enough, and filling a whole register, to mean something alone.</summary>
    internal static bool IsCommon(PoisonPattern pattern) =>
        pattern.Width == 8 || pattern.Base is SlabFree or Page or SlabInUse or SlabEnd or 0xbb or 0xcc;

    /// <summary>The pattern of a byte that fills memory, or null.</summary>
    public static PoisonPattern? OfByte(byte fill) => Patterns.FirstOrDefault(p => p.Width == 1 && p.Base == fill);

    /// <summary>
    /// A pointer poison. Several lie close together: the nearest at or below the value is taken, because members lie at positive offsets; only what lies
    /// closely below the lowest one is taken as container_of.
    /// </summary>
    private static PoisonMatch? Listed(ulong value)
    {
        PoisonMatch? best = null;
        foreach (PoisonPattern pattern in Patterns)
        {
            if (pattern.Width != 8)
                continue;
            // Red zones and the stack's fill are compared, never dereferenced.
            long reach = pattern.Base >> 48 == PointerDelta >> 48 ? MaxOffset : 0;
            long offset = unchecked((long)(value - pattern.Base));
            if (offset >= 0 && offset <= reach && (best is not { Offset: >= 0 } held || offset < held.Offset))
                best = new PoisonMatch(value, pattern, offset, 8);
            else if (best is null && reach != 0 && offset < 0 && offset >= -MaxNegative)
                best = new PoisonMatch(value, pattern, offset, 8);
        }
        return best;
    }

    private static bool TryNarrow(ulong value, out PoisonMatch match)
    {
        match = default;
        if (value >> 32 != 0 && value >> 32 != value << 32 >> 32)
            return false;
        uint low = (uint)value;
        foreach (PoisonPattern pattern in Patterns)
        {
            bool fits = pattern.Width switch
            {
                4 => low == (uint)pattern.Base,
                1 => value >> 32 == 0 && low == (uint)pattern.Filled && IsCommon(pattern),
                _ => false,
            };
            if (fits)
            {
                match = new PoisonMatch(value, pattern, 0, value >> 32 == 0 ? 4 : 8);
                return true;
            }
        }
        return false;
    }

    private static bool Near(ulong value, ulong pattern, out long offset)
    {
        offset = unchecked((long)(value - pattern));
        return offset is >= -MaxNegative and <= MaxOffset;
    }
}
