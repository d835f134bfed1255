namespace Faultline.Explain.Decode.Registers;

/// <summary>CR4: extensions that are on.</summary>
internal static class Cr4
{
    private const ulong PAE = 1 << 5, LA57 = 1 << 12, PCIDE = 1 << 17, SMEP = 1 << 20, SMAP = 1 << 21, CET = 1 << 23;

    /// <summary>The table.</summary>
    public static RegisterLayout Layout { get; } = new("CR4", 64, "Intel SDM vol. 3A, section 2.5",
    [
        new("VME", 0, "virtual-8086 extensions"),
        new("PVI", 1, "protected-mode virtual interrupts"),
        new("TSD", 2, "RDTSC only in ring 0"),
        new("DE", 3, "I/O breakpoints; DR4 and DR5 raise #UD"),
        new("PSE", 4, "4 MiB pages in 32-bit paging"),
        new("PAE", 5, "entries of 8 bytes; needed in 64-bit mode"),
        new("MCE", 6, "machine checks"),
        new("PGE", 7, "global pages"),
        new("PCE", 8, "RDPMC in every ring"),
        new("OSFXSR", 9, "SSE, FXSAVE and FXRSTOR"),
        new("OSXMMEXCPT", 10, "SIMD errors raise #XM rather than #UD"),
        new("UMIP", 11, "SGDT, SIDT, SLDT, SMSW and STR only in ring 0"),
        new("LA57", 12, "five levels of page tables"),
        new("VMXE", 13, "VMX"),
        new("SMXE", 14, "safer mode extensions"),
        new("FSGSBASE", 16, "RDFSBASE and its like in every ring"),
        new("PCIDE", 17, "address-space identifiers in CR3"),
        new("OSXSAVE", 18, "XSAVE, XGETBV and XCR0"),
        new("KL", 19, "key locker"),
        new("SMEP", 20, "ring 0 may not execute user pages"),
        new("SMAP", 21, "ring 0 may not touch user pages unless RFLAGS.AC is set"),
        new("PKE", 22, "protection keys of user pages"),
        new("CET", 23, "shadow stacks and indirect-branch tracking may be enabled"),
        new("PKS", 24, "protection keys of supervisor pages"),
        new("UINTR", 25, "user interrupts"),
        new("LASS", 27, "linear-address-space separation"),
        new("LAM_SUP", 28, "linear-address masking of supervisor pointers"),
        new("FRED", 32, "flexible return and event delivery"),
    ])
    {
        Remarks = Remark,
    };

    private static IEnumerable<string> Remark(ulong value)
    {
        if ((value & PAE) == 0 && (value & (LA57 | PCIDE)) != 0)
            yield return "LA57 or PCIDE without PAE: these exist in 64-bit mode alone, which needs PAE.";
        if ((value & PAE) != 0)
            yield return (value & LA57) != 0
                ? "Linear addresses have 57 bits: Linux's kernel half begins at 0xff00000000000000."
                : "Linear addresses have 48 bits in 64-bit mode: Linux's kernel half begins at 0xffff800000000000.";
        if ((value & PAE) != 0 && (value & (SMEP | SMAP)) != (SMEP | SMAP))
            yield return $"Ring 0 may {((value & SMEP) == 0 ? "execute" : "")}{((value & (SMEP | SMAP)) == 0 ? " and " : "")}{((value & SMAP) == 0 ? "touch" : "")} user pages.";
        if ((value & CET) != 0)
            yield return "CET needs CR0.WP.";
    }
}
