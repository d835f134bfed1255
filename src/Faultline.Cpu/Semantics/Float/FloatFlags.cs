namespace Faultline.Cpu.Semantics.Float;

/// <summary>
/// The six numeric exceptions in the bit order shared by MXCSR, the x87 status word and the x87 control word's masks
/// (SDM Vol. 1, 4.9.1).
/// </summary>
internal static class FloatFlags
{
    /// <summary>IE: invalid operation.</summary>
    public const uint Invalid = 1 << 0;

    /// <summary>DE: an operand is denormal.</summary>
    public const uint Denormal = 1 << 1;

    /// <summary>ZE: a finite number divided by zero.</summary>
    public const uint DivideByZero = 1 << 2;

    /// <summary>OE: the rounded result is too large for the destination.</summary>
    public const uint Overflow = 1 << 3;

    /// <summary>UE: the rounded result is tiny.</summary>
    public const uint Underflow = 1 << 4;

    /// <summary>PE: the result is not exact.</summary>
    public const uint Precision = 1 << 5;

    /// <summary>The exceptions found in the operands, before any computation: IE, DE and ZE.</summary>
    public const uint PreComputation = Invalid | Denormal | DivideByZero;

    /// <summary>All six.</summary>
    public const uint All = 0x3F;
}
