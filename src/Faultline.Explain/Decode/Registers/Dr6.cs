namespace Faultline.Explain.Decode.Registers;

/// <summary>DR6: what a debug exception was.</summary>
internal static class Dr6
{
    /// <summary>The table.</summary>
    public static RegisterLayout Layout { get; } = new("DR6", 64, "Intel SDM vol. 3B, section 18.2.3",
    [
        new("B0", 0, "the condition of breakpoint 0 was met"),
        new("B1", 1, "the condition of breakpoint 1 was met"),
        new("B2", 2, "the condition of breakpoint 2 was met"),
        new("B3", 3, "the condition of breakpoint 3 was met"),
        BitField.One(4), BitField.One(5), BitField.One(6), BitField.One(7), BitField.One(8), BitField.One(9), BitField.One(10),
        BitField.Inverted("BLD", 11, "bus-lock exception (the bit is clear)"),
        new("BD", 13, "the next instruction would have touched a debug register (DR7.GD)"),
        new("BS", 14, "single step"),
        new("BT", 15, "a task switch to a task whose T flag is set"),
        BitField.Inverted("RTM", 16, "inside a transaction (the bit is clear)"),
        BitField.One(17), BitField.One(18), BitField.One(19), BitField.One(20), BitField.One(21), BitField.One(22), BitField.One(23),
        BitField.One(24), BitField.One(25), BitField.One(26), BitField.One(27), BitField.One(28), BitField.One(29), BitField.One(30), BitField.One(31),
    ])
    {
        Remarks = value => value == 0xffff_0ff0 ? ["The value after a reset: no debug exception since."] : [],
    };
}
