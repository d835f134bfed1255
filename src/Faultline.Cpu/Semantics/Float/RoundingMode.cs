namespace Faultline.Cpu.Semantics.Float;

/// <summary>The rounding control field, as MXCSR.RC, the x87 control word and the ROUND immediates encode it.</summary>
internal enum RoundingMode : byte
{
    /// <summary>To the nearest value, ties to the even one.</summary>
    NearestEven = 0,

    /// <summary>Toward minus infinity.</summary>
    Down = 1,

    /// <summary>Toward plus infinity.</summary>
    Up = 2,

    /// <summary>Toward zero: truncation.</summary>
    TowardZero = 3,
}
