namespace Faultline.Explain.Decode.Registers;

/// <summary>MXCSR.</summary>
internal static class Mxcsr
{
    /// <summary>The table.</summary>
    public static RegisterLayout Layout { get; } = new("MXCSR", 32, "Intel SDM vol. 1, section 10.2.3",
    [
        new("IE", 0, "an invalid operation occurred"),
        new("DE", 1, "a denormal operand occurred"),
        new("ZE", 2, "a division by zero occurred"),
        new("OE", 3, "an overflow occurred"),
        new("UE", 4, "an underflow occurred"),
        new("PE", 5, "an inexact result occurred"),
        new("DAZ", 6, "denormal operands count as zero"),
        new("IM", 7, "invalid operations do not trap"),
        new("DM", 8, "denormal operands do not trap"),
        new("ZM", 9, "divisions by zero do not trap"),
        new("OM", 10, "overflows do not trap"),
        new("UM", 11, "underflows do not trap"),
        new("PM", 12, "inexact results do not trap"),
        new("RC", 14, 13, "rounding", "to nearest even", "down", "up", "toward zero"),
        new("FZ", 15, "underflows give zero"),
        new("MM", 17, "misaligned SSE (AMD)"),
    ]);
}
