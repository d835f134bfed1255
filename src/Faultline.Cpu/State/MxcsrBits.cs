namespace Faultline.Cpu.State;

/// <summary>Bits of MXCSR (SDM vol. 1, 10.2.3).</summary>
internal static class MxcsrBits
{
    /// <summary>PE: a result was not exact.</summary>
    public const uint Precision = 1 << 5;

    /// <summary>All six exceptions are masked.</summary>
    public const uint Masks = 0x3f << 7;

    /// <summary>RC; 0 is to nearest.</summary>
    public const uint Rounding = 3 << 13;

    /// <summary>After a reset, and as Linux starts a program: all masked, to nearest.</summary>
    public const uint Initial = Masks;
}
