namespace Faultline.Cpu.State;

/// <summary>
/// How CF, PF, AF, ZF, SF and OF follow from the lazy fields of <see cref="CpuState"/>. The low two bits are the width (8 &lt;&lt; n bits), the rest the operation.
/// </summary>
internal enum FlagsKind : uint
{
    /// <summary>They are in RFLAGS.</summary>
    None = 0,

    /// <summary>LazyA + LazyB = LazyResult.</summary>
    Add8 = 4, Add16, Add32, Add64,

    /// <summary>LazyA - LazyB = LazyResult.</summary>
    Sub8 = 8, Sub16, Sub32, Sub64,

    /// <summary>AND, OR, XOR, TEST: CF = OF = 0; AF, undefined, reads 0.</summary>
    Logic8 = 12, Logic16, Logic32, Logic64,

    /// <summary>LazyResult - 1 was incremented; CF is in RFLAGS.</summary>
    Inc8 = 16, Inc16, Inc32, Inc64,

    /// <summary>LazyResult + 1 was decremented; CF is in RFLAGS.</summary>
    Dec8 = 20, Dec16, Dec32, Dec64,

    /// <summary>ZF, SF and PF follow from LazyResult; CF, OF and AF are in RFLAGS. Shifts, and whatever changes CF and OF alone.</summary>
    Result = 24,
}
