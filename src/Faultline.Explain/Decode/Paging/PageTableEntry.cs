using Faultline.Explain.Decode.Registers;

namespace Faultline.Explain.Decode.Paging;

/// <summary>Entries of x86-64's page tables: one table for each shape that an entry can have.</summary>
internal static class PageTableEntry
{
    private const ulong P = 1, U = 4, PS = 1 << 7, ProtNone = 1 << 8, NX = 1UL << 63, W = 2, D = 1 << 6;

    private const string Section = "Intel SDM vol. 3A, section 4.5 (tables 4-14 to 4-20); Linux: arch/x86/include/asm/pgtable_types.h";

    private static readonly string[] _names = ["PTE", "PDE", "PDPTE", "PML4E", "PML5E"];

    private static readonly string[] _linux = ["pte", "pmd", "pud", "p4d, or pgd with four levels", "pgd with five levels"];

    private static readonly string[] _next = ["a page of 4 KiB", "a page table", "a page directory", "a page-directory-pointer table", "a PML4 table"];

    private static readonly string[] _covers = ["4 KiB", "2 MiB", "1 GiB", "512 GiB", "256 TiB"];

    private static readonly BitField[] _low =
    [
        new("P", 0, "present"),
        new("R/W", 1, "writable"),
        new("U/S", 2, "user code may use it"),
        new("PWT", 3, "memory type: write-through, an index bit into IA32_PAT"),
        new("PCD", 4, "memory type: cache disable, an index bit into IA32_PAT"),
        new("A", 5, "accessed"),
    ];

    private static readonly BitField[] _high =
    [
        BitField.Software("avail", 57, 52, "free for software; Linux once kept hardware poison and protection keys' names elsewhere"),
        new("PK", 62, 59, "protection key (CR4.PKE, CR4.PKS)"),
        new("NX", 63, "no execution (EFER.NXE)"),
    ];

    private static readonly BitField[] _leafSoftware =
    [
        new("SW1", 9, "software: special, a page without a struct page (pte); memory-type test"),
        new("SW2", 10, "software: write-protected for userfaultfd"),
        new("SW3", 11, "software: soft-dirty"),
    ];

    private static readonly RegisterLayout _notPresent = new("not present", 64, Section,
    [
        BitField.Software("software", 63, 1, "all of it is software's"),
    ]);

    /// <summary>Decodes an entry of a level.</summary>
    public static Decoded Decode(PagingLevel level, ulong entry)
    {
        if ((entry & P) == 0)
            return NotPresent(level, entry);
        bool isLeaf = level == PagingLevel.Pte || (level <= PagingLevel.Pdpte && (entry & PS) != 0);
        Decoded decoded = (isLeaf ? Leaf(level) : Table(level)).Decode(entry);
        List<string> notes = [isLeaf ? Maps(level, entry) : $"It leads to {_next[(int)level]} and covers {_covers[(int)level]}."];
        if (level >= PagingLevel.Pml4e && (entry & PS) != 0)
            notes.Add("Bit 7 is reserved at this level: any access through it faults with RSVD.");
        notes.Add(Rights(entry, isLeaf));
        if (isLeaf && (entry & (W | D)) == D)
            notes.Add("Dirty but not writable: to a processor with shadow stacks (CR4.CET) that marks a shadow-stack page; Linux otherwise sees it after fork or mprotect.");
        notes.AddRange(decoded.Notes);
        return decoded with
        {
            Title = $"{Name(level)} 0x{entry:x16}: {(isLeaf ? $"a page of {_covers[(int)level]}" : _next[(int)level])}",
            Notes = notes,
        };
    }

    private static string Name(PagingLevel level) => $"{_names[(int)level]} ({_linux[(int)level]})";

    private static RegisterLayout Leaf(PagingLevel level)
    {
        int shift = 12 + (9 * (int)level);
        BitField[] type = level == PagingLevel.Pte
            ? [new("PAT", 7, "memory type: an index bit into IA32_PAT")]
            : [new("PS", 7, "maps a large page"), new("PAT", 12, "memory type: an index bit into IA32_PAT")];
        return new(Name(level), 64, Section,
        [
            .. _low,
            new("D", 6, "dirty: written to"),
            .. type,
            new("G", 8, "global: stays in the TLB when CR3 is loaded (CR4.PGE)"),
            .. _leafSoftware,
            BitField.Address("page", 51, shift, "physical address of the page"),
            .. _high,
            new("SW4", 58, "software: memory of a device (Linux before 6.15)"),
        ]);
    }

    private static RegisterLayout Table(PagingLevel level) => new(Name(level), 64, Section,
    [
        .. _low,
        BitField.Software("D", 6, 6, "ignored; Linux sets it in entries of tables (_PAGE_DIRTY in _KERNPG_TABLE)"),
        BitField.Software("PS", 7, 7, "reserved at this level, must be zero"),
        BitField.Software("avail", 11, 8, "ignored; bit 11 is R with HLAT"),
        BitField.Address("table", 51, 12, "physical address of the table below"),
        .. _high,
        BitField.Software("SW4", 58, 58, "free for software"),
    ]);

    private static string Maps(PagingLevel level, ulong entry)
    {
        ulong size = 1UL << (12 + (9 * (int)level));
        ulong address = entry & 0x000f_ffff_ffff_ffff & ~(size - 1);
        return $"It maps physical addresses 0x{address:x} to 0x{address + size - 1:x}.";
    }

    private static string Rights(ulong entry, bool isLeaf)
    {
        string who = (entry & U) != 0 ? "user and kernel" : "the kernel alone";
        string what = $"read{((entry & W) != 0 ? ", write" : "")}{((entry & NX) == 0 ? ", execute" : "")}";
        return isLeaf ? $"For {who}: {what}, if every level above allows it." : $"Allows below it, for {who}: {what}.";
    }

    private static Decoded NotPresent(PagingLevel level, ulong entry)
    {
        List<string> notes = [];
        if (entry == 0)
        {
            notes.Add("Empty: nothing is mapped here.");
        }
        else if ((entry & ProtNone) != 0 && level <= PagingLevel.Pde)
        {
            notes.Add("Linux: bit 8 without P marks PROT_NONE or a page whose next access is to be noticed (NUMA balancing); its page frame number is inverted against L1TF.");
            notes.Add($"Physical address of the page, inverted back: 0x{~entry & 0x000f_ffff_ffff_f000:x}.");
        }
        else if (level <= PagingLevel.Pde)
        {
            // arch/x86/include/asm/pgtable_64.h: type in 63:59, the inverted offset in 58:14, and flags below.
            notes.Add($"As a swap entry of Linux: type {entry >> 59}, offset 0x{~entry << 5 >> 19:x}"
                + $"{((entry & 2) != 0 ? ", soft-dirty" : "")}{((entry & 4) != 0 ? ", write-protected for userfaultfd" : "")}{((entry & 8) != 0 ? ", exclusive" : "")}. "
                + "Types past those of real swap areas are migration, hardware poison and device entries.");
        }
        else
        {
            notes.Add("Linux keeps nothing in an entry that is not present at this level: this one was overwritten, or is no entry of it.");
        }
        Decoded decoded = _notPresent.Decode(entry);
        return decoded with { Title = $"{Name(level)} 0x{entry:x16}: not present", Notes = notes };
    }
}
