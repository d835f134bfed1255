namespace Faultline.Explain.Decode.Registers;

/// <summary>DR7: the four breakpoints.</summary>
internal static class Dr7
{
    /// <summary>The table.</summary>
    public static RegisterLayout Layout { get; } = new("DR7", 64, "Intel SDM vol. 3B, section 18.2.4",
    [
        .. Enable(0), .. Enable(1), .. Enable(2), .. Enable(3),
        new("LE", 8, "exact local breakpoints; ignored since the P6"),
        new("GE", 9, "exact global breakpoints; ignored since the P6"),
        BitField.One(10),
        new("RTM", 11, "debug exceptions in transactions"),
        new("GD", 13, "touching a debug register raises #DB"),
        .. Condition(0), .. Condition(1), .. Condition(2), .. Condition(3),
    ])
    {
        Remarks = Remark,
    };

    private static BitField[] Enable(int n) =>
    [
        new($"L{n}", 2 * n, $"breakpoint {n} is on for this task"),
        new($"G{n}", (2 * n) + 1, $"breakpoint {n} is on"),
    ];

    private static BitField[] Condition(int n) =>
    [
        new($"R/W{n}", 17 + (4 * n), 16 + (4 * n), $"breakpoint {n} on", "execution", "writes", "I/O (CR4.DE)", "reads and writes"),
        new($"LEN{n}", 19 + (4 * n), 18 + (4 * n), $"bytes of breakpoint {n}", "1", "2", "8", "4"),
    ];

    private static IEnumerable<string> Remark(ulong value)
    {
        if ((value & 0xff) == 0)
            yield return "No breakpoint is on.";
        for (int n = 0; n < 4; n++)
        {
            if ((value >> (2 * n) & 3) != 0 && (value >> (16 + (4 * n)) & 3) == 0 && (value >> (18 + (4 * n)) & 3) != 0)
                yield return $"Breakpoint {n} is on execution with a length other than 1: undefined.";
        }
    }
}
