namespace Faultline.Elf.Unwind;

/// <summary>How the caller's value of a register is found (DWARF 5, 6.4.1).</summary>
internal enum RuleKind : byte
{
    /// <summary>The table says nothing: preserved if the psABI has the callee save it, else unknown.</summary>
    Unspecified,

    /// <summary>The value is lost.</summary>
    Undefined,

    /// <summary>The register was not changed.</summary>
    SameValue,

    /// <summary>In memory at CFA + value.</summary>
    Offset,

    /// <summary>It is CFA + value.</summary>
    ValOffset,

    /// <summary>In another register.</summary>
    Register,

    /// <summary>In memory at the address that an expression gives.</summary>
    Expression,

    /// <summary>What an expression gives.</summary>
    ValExpression,
}
