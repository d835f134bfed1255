namespace Faultline.Cpu.State;

/// <summary>Fields of MXCSR (SDM vol. 1, 10.2.3); the exceptions in its low bits are <see cref="Semantics.Float.FloatFlags"/>.</summary>
internal static class MxcsrBits
{
    /// <summary>All six exceptions are masked.</summary>
    public const uint Masks = 0x3f << 7;

    /// <summary>RC; 0 is to nearest.</summary>
    public const uint Rounding = 3 << 13;

    /// <summary>After a reset, and as Linux starts a program: all masked, to nearest.</summary>
    public const uint Initial = Masks;
}
