namespace Faultline.Explain.Decode.Registers;

/// <summary>IA32_EFER: 64-bit mode, SYSCALL and no-execute.</summary>
internal static class Efer
{
    private const ulong LME = 1 << 8, LMA = 1 << 10;

    /// <summary>The table.</summary>
    public static RegisterLayout Layout { get; } = new("EFER", 64, "Intel SDM vol. 3A, section 2.2.1; AMD APM vol. 2, section 3.1.7",
    [
        new("SCE", 0, "SYSCALL and SYSRET"),
        new("LME", 8, "64-bit mode is enabled; it becomes active with paging"),
        new("LMA", 10, "64-bit mode is active"),
        new("NXE", 11, "bit 63 of page-table entries forbids execution"),
        new("SVME", 12, "SVM (AMD)"),
        new("LMSLE", 13, "segment limits in 64-bit mode (AMD)"),
        new("FFXSR", 14, "FXSAVE without the XMM registers in ring 0 (AMD)"),
        new("TCE", 15, "INVLPG keeps upper-level entries that it does not concern (AMD)"),
        new("MCOMMIT", 17, "MCOMMIT (AMD)"),
        new("INTWB", 18, "WBINVD can be interrupted (AMD)"),
        new("UAIE", 20, "upper address bits of pointers are ignored (AMD)"),
        new("AIBRSE", 21, "automatic IBRS (AMD)"),
    ])
    {
        Remarks = value => (value & (LME | LMA)) switch
        {
            LMA => ["LMA without LME: no processor gets there."],
            LME => ["LME without LMA: paging is off, or this is a value about to be loaded."],
            _ => [],
        },
    };
}
