namespace Faultline.Cpu.Translator;

/// <summary>
/// How the status flags follow from two values that a region holds. The low two bits are added for the operand width (8 &lt;&lt; n bits); 0: the CpuState has
/// the flags. From 100h on there are bits for what changed since, which apply on top.
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

    /// <summary>Of a + b + <see cref="CarryIn"/>.</summary>
    Adc = 48,

    /// <summary>Of a - b - <see cref="CarryIn"/>.</summary>
    Sbb = 52,

    /// <summary>Of a scan of a that found b.</summary>
    Scan = 56,

    /// <summary>Of a count of the ones in a.</summary>
    Population = 60,

    /// <summary>As <see cref="HeldFlags"/> says of the way whose number is in the low two bits; never outside the region.</summary>
    Held = 64,

    /// <summary>The bits of all of the above.</summary>
    Base = 0xfc,

    /// <summary>CF is <see cref="Carry"/> instead.</summary>
    HasCarry = 0x100,

    /// <summary>CF, where it is given.</summary>
    Carry = 0x200,

    /// <summary>OF is <see cref="Overflow"/> instead.</summary>
    HasOverflow = 0x400,

    /// <summary>OF, where it is given.</summary>
    Overflow = 0x800,

    /// <summary>SF and PF are clear, ZF is <see cref="Zero"/> and AF is <see cref="Adjust"/> instead.</summary>
    HasOthers = 0x1000,

    /// <summary>AF, where it is given.</summary>
    Adjust = 0x2000,

    /// <summary>ZF, where it is given.</summary>
    Zero = 0x4000,

    /// <summary>Carry into Adc and Sbb.</summary>
    CarryIn = 0x8000,
}
