namespace Faultline.Cpu.Translator;

/// <summary>A set of status flags.</summary>
[Flags]
internal enum FlagSet : byte
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>Carry, which INC and DEC leave alone.</summary>
    Carry = 1,

    /// <summary>Zero, sign, parity, overflow and adjust.</summary>
    Others = 2,

    /// <summary>All six.</summary>
    All = 3,
}
