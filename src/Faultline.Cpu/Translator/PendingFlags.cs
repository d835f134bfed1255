namespace Faultline.Cpu.Translator;

/// <summary>
/// How the status flags follow from two values that a region holds. The low two bits are added for the operand width (8 &lt;&lt; n bits); 0: the CpuState has
/// the flags.
/// </summary>
internal enum PendingFlags : uint
{
    /// <summary>The CpuState has them.</summary>
    None = 0,

    /// <summary>Of a + b.</summary>
    Add = 4,

    /// <summary>Of a - b.</summary>
    Sub = 8,

    /// <summary>Of the result a of a logical operation.</summary>
    Logic = 12,

    /// <summary>Of the incremented a; the CpuState has CF.</summary>
    Inc = 16,

    /// <summary>Of the decremented a; the CpuState has CF.</summary>
    Dec = 20,

    /// <summary>Of the incremented a; b is CF.</summary>
    IncWithCarry = 24,

    /// <summary>Of the decremented a; b is CF.</summary>
    DecWithCarry = 28,

    /// <summary>Of the comparison of the doubles whose bits are a and b; neither is a NaN.</summary>
    Compare = 44,

    /// <summary>Of a shifted left by b, which is not 0.</summary>
    Shl = 32,

    /// <summary>Of a shifted right by b.</summary>
    Shr = 36,

    /// <summary>Of a, signed, shifted right by b.</summary>
    Sar = 40,
}
