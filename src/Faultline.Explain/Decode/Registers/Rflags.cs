namespace Faultline.Explain.Decode.Registers;

/// <summary>RFLAGS.</summary>
internal static class Rflags
{
    private const ulong IF = 1 << 9, AC = 1 << 18;

    /// <summary>The table.</summary>
    public static RegisterLayout Layout { get; } = new("RFLAGS", 64, "Intel SDM vol. 1, section 3.4.3; vol. 3A, section 2.3",
    [
        new("CF", 0, "carry"),
        BitField.One(1),
        new("PF", 2, "the low byte of the result has an even number of ones"),
        new("AF", 4, "carry out of bit 3"),
        new("ZF", 6, "zero"),
        new("SF", 7, "negative"),
        new("TF", 8, "single step"),
        new("IF", 9, "interrupts are enabled"),
        new("DF", 10, "string instructions go downwards"),
        new("OF", 11, "signed overflow"),
        new("IOPL", 13, 12, "rings up to this one may do I/O"),
        new("NT", 14, "nested task: IRET in 64-bit mode raises #GP"),
        new("RF", 16, "instruction breakpoints are held off for one instruction"),
        new("VM", 17, "virtual-8086 mode"),
        new("AC", 18, "alignment checks in ring 3; ring 0 may touch user pages under SMAP"),
        new("VIF", 19, "virtual interrupt flag"),
        new("VIP", 20, "virtual interrupt pending"),
        new("ID", 21, "CPUID exists; programs can toggle this"),
    ])
    {
        Remarks = Remark,
    };

    private static IEnumerable<string> Remark(ulong value)
    {
        if ((value & IF) == 0)
            yield return "Interrupts are off.";
        if ((value & AC) != 0)
            yield return "In the kernel, AC is set only between STAC and CLAC, while it copies from or to a program.";
    }
}
