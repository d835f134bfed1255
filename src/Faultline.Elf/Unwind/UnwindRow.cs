using System.Runtime.CompilerServices;

namespace Faultline.Elf.Unwind;

/// <summary>One row of an unwind table: how to find the CFA and the caller's registers at one instruction.</summary>
internal struct UnwindRow
{
    /// <summary>
    /// How to find the CFA: ValOffset with <see cref="CfaRegister"/> and <see cref="CfaOffset"/>, ValExpression with
    /// <see cref="CfaExpression"/>, or Unspecified before the table has said.
    /// </summary>
    public RuleKind CfaKind;

    /// <summary>The register that the CFA is relative to.</summary>
    public ulong CfaRegister;

    /// <summary>Distance from it, in bytes.</summary>
    public ulong CfaOffset;

    /// <summary>The expression that gives it.</summary>
    public RegisterRule CfaExpression;

    /// <summary>The rules by DWARF register number.</summary>
    public RuleArray Rules;

    /// <summary>A rule for each register that unwinding follows.</summary>
    [InlineArray(RegisterSet.Count)]
    public struct RuleArray
    {
        private RegisterRule _first;
    }
}
