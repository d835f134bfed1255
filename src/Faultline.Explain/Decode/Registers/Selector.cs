namespace Faultline.Explain.Decode.Registers;

/// <summary>A segment selector.</summary>
internal static class Selector
{
    private const ulong TI = 4;

    /// <summary>The table.</summary>
    public static RegisterLayout Layout { get; } = new("selector", 16, "Intel SDM vol. 3A, section 3.4.2",
    [
        new("RPL", 1, 0, "requested privilege level"),
        new("TI", 2, "the index is one of the LDT"),
        new("index", 15, 3, "entry of the table"),
    ])
    {
        Remarks = value => (value & TI) != 0 ? [] : [$"In x86-64 Linux's GDT: {Describe(value)}."],
    };

    /// <summary>
    /// What x86-64 Linux keeps at a GDT entry (<c>arch/x86/include/asm/segment.h</c>); the privilege level is not looked at.
    /// </summary>
    public static string Describe(ulong selector) => (selector & 0xfff8) switch
    {
        0x00 => "the null selector",
        0x08 => "32-bit kernel code",
        0x10 => "kernel code",
        0x18 => "kernel data",
        0x20 => "32-bit user code",
        0x28 => "user data",
        0x30 => "user code",
        0x40 or 0x48 => "the TSS",
        0x50 or 0x58 => "the LDT",
        0x60 or 0x68 or 0x70 => "thread-local storage",
        0x78 => "processor and node number, for the vDSO",
        >= 0x80 => "past the end",
        _ => "unused",
    };
}
