namespace Faultline.Cpu.Semantics.Float;

/// <summary>The four outcomes of a floating-point comparison of a first operand with a second.</summary>
internal enum FloatRelation : byte
{
    /// <summary>The first operand is less than the second.</summary>
    Less,

    /// <summary>The operands are equal (both zeros are).</summary>
    Equal,

    /// <summary>The first operand is greater than the second.</summary>
    Greater,

    /// <summary>At least one operand is a NaN or an unsupported encoding.</summary>
    Unordered,
}
