namespace Faultline.Cpu.Semantics.Float;

/// <summary>What kind of value an <see cref="Unpacked"/> number is.</summary>
internal enum FloatClass : byte
{
    /// <summary>Plus or minus zero, or a denormal read as zero (DAZ).</summary>
    Zero,

    /// <summary>A non-zero finite number, with its significand normalised.</summary>
    Finite,

    /// <summary>Plus or minus infinity.</summary>
    Infinity,

    /// <summary>A quiet NaN.</summary>
    QuietNaN,

    /// <summary>A signalling NaN.</summary>
    SignalingNaN,

    /// <summary>
    /// An 80-bit encoding that the 387 and later reject: unnormal, pseudo-NaN or pseudo-infinity (SDM Vol. 1, 8.2.2).
    /// </summary>
    Unsupported,
}
