namespace Faultline.Explain.Values;

/// <summary>Whose address space a value belongs to.</summary>
internal enum ValueArchitecture
{
    /// <summary>x86-64.</summary>
    X64,

    /// <summary>Itanium.</summary>
    Ia64,

    /// <summary>AArch64.</summary>
    Arm64,

    /// <summary>LoongArch, 64 bits.</summary>
    LoongArch64,
}
