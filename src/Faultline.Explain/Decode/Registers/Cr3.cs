namespace Faultline.Explain.Decode.Registers;

/// <summary>CR3: the top page table.</summary>
internal static class Cr3
{
    private const ulong NoFlush = 1UL << 63, UserPcid = 1 << 11, Pcid = 0xfff, Base = 0x000f_ffff_ffff_f000;

    /// <summary>The table.</summary>
    public static RegisterLayout Layout { get; } = new("CR3", 64, "Intel SDM vol. 3A, section 4.5 (tables 4-12, 4-13)",
    [
        new("PCID", 11, 0, "address-space identifier, with CR4.PCIDE; without it bit 3 is PWT and bit 4 PCD"),
        BitField.Address("base", 51, 12, "physical address of the PML4 or PML5 table"),
        new("LAM_U57", 61, "linear-address masking: bits 62:57 of user pointers are ignored"),
        new("LAM_U48", 62, "linear-address masking: bits 62:48 of user pointers are ignored"),
        new("NOFLUSH", 63, "in a MOV to CR3: entries of this PCID stay in the TLB (CR4.PCIDE)"),
    ])
    {
        Remarks = Remark,
    };

    private static IEnumerable<string> Remark(ulong value)
    {
        if ((value & NoFlush) != 0)
            yield return "Bit 63 is an order to MOV, never part of the register: this is a value about to be loaded.";
        if ((value & Pcid) is >= 1 and < 2048)
            yield return "Linux uses PCIDs 1 to 6 for the kernel's view of the six address spaces that a processor remembers, and sets bit 11 for the user's view.";
        if ((value & UserPcid) != 0)
            yield return "Bit 11: under page-table isolation, Linux's PCID of the user's view; its table is the one with bit 12 set.";
        if ((value & Base) == 0)
            yield return "The table would be at physical address 0: the register was cleared or never loaded.";
    }
}
