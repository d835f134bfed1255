namespace Faultline.Explain.Decode.Registers;

/// <summary>XCR0: state components that XSAVE manages, and so the vector extensions that are on.</summary>
internal static class Xcr0
{
    private const ulong X87 = 1, SSE = 2, AVX = 4, Avx512 = 0xe0, Tile = 0x6_0000, Mpx = 0x18;

    /// <summary>The table.</summary>
    public static RegisterLayout Layout { get; } = new("XCR0", 64, "Intel SDM vol. 1, section 13.3; vol. 3A, section 2.6",
    [
        new("X87", 0, "x87; always one"),
        new("SSE", 1, "XMM registers and MXCSR"),
        new("AVX", 2, "upper halves of YMM0 to YMM15"),
        new("BNDREGS", 3, "MPX bounds"),
        new("BNDCSR", 4, "MPX configuration"),
        new("opmask", 5, "AVX-512: K0 to K7"),
        new("ZMM_Hi256", 6, "AVX-512: upper halves of ZMM0 to ZMM15"),
        new("Hi16_ZMM", 7, "AVX-512: ZMM16 to ZMM31"),
        new("PT", 8, "processor trace (IA32_XSS only)"),
        new("PKRU", 9, "protection keys"),
        new("PASID", 10, "process address-space identifier (IA32_XSS only)"),
        new("CET_U", 11, "user shadow stacks (IA32_XSS only)"),
        new("CET_S", 12, "supervisor shadow stacks (IA32_XSS only)"),
        new("HDC", 13, "hardware duty cycling (IA32_XSS only)"),
        new("UINTR", 14, "user interrupts (IA32_XSS only)"),
        new("LBR", 15, "last branch records (IA32_XSS only)"),
        new("HWP", 16, "performance states (IA32_XSS only)"),
        new("TILECFG", 17, "AMX tile configuration"),
        new("TILEDATA", 18, "AMX tiles"),
        new("APX", 19, "APX: R16 to R31"),
        new("LWP", 62, "lightweight profiling (AMD, withdrawn)"),
    ])
    {
        Remarks = Remark,
    };

    private static IEnumerable<string> Remark(ulong value)
    {
        if ((value & X87) == 0)
            yield return "XSETBV refuses this with #GP: bit 0 must be one.";
        if ((value & (SSE | AVX)) == AVX)
            yield return "XSETBV refuses this with #GP: AVX needs SSE.";
        if ((value & Avx512) is not 0 and not Avx512 || ((value & Avx512) != 0 && (value & AVX) == 0))
            yield return "XSETBV refuses this with #GP: the three AVX-512 components go together and need AVX.";
        if ((value & Tile) is not 0 and not Tile)
            yield return "XSETBV refuses this with #GP: TILECFG and TILEDATA go together.";
        if ((value & Mpx) is not 0 and not Mpx)
            yield return "XSETBV refuses this with #GP: BNDREGS and BNDCSR go together.";
    }
}
