namespace Faultline.Explain.Decode.Registers;

/// <summary>The error code of #GP, #TS, #NP and #SS: a selector, or zero when no selector was to blame.</summary>
internal static class SelectorError
{
    private const ulong IDT = 2, TI = 4;

    /// <summary>The table.</summary>
    public static RegisterLayout Layout { get; } = new("selector error code", 16, "Intel SDM vol. 3A, section 6.13",
    [
        new("EXT", 0, "an event outside the program was being delivered"),
        new("IDT", 1, "the index is one of the IDT: a gate"),
        new("TI", 2, "the index is one of the LDT, unless IDT is set"),
        new("index", 15, 3, "entry of the table"),
    ])
    {
        Remarks = Remark,
    };

    private static IEnumerable<string> Remark(ulong code)
    {
        ulong index = code >> 3 & 0x1fff;
        if (code == 0)
            yield return "Zero: no selector was involved. A non-canonical address, a privileged instruction or a reserved bit gives this.";
        else if ((code & IDT) != 0)
            yield return $"Gate of vector 0x{index:x} ({index}).";
        else
            yield return $"Selector 0x{code & 0xfffc:x} of the {((code & TI) != 0 ? "LDT" : "GDT")}: {Selector.Describe(code & 0xfff8)}.";
    }
}
