namespace Faultline.Explain.Decode.Registers;

/// <summary>How a field of a register reads.</summary>
internal enum BitFieldKind
{
    /// <summary>One bit that means something when set.</summary>
    Flag,

    /// <summary>One bit that means something when clear.</summary>
    Inverted,

    /// <summary>A number, or one of several named values.</summary>
    Number,

    /// <summary>An address; its implied low bits are zero.</summary>
    Address,

    /// <summary>Always one.</summary>
    One,

    /// <summary>Free for software.</summary>
    Software,
}
