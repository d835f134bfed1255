namespace Faultline.Cpu.Translator;

/// <summary>How CF, and OF with it, follow from values that a region holds.</summary>
internal enum CarryForm : byte
{
    /// <summary>CF is X, 0 or 1; OF stays as it was.</summary>
    Bit,

    /// <summary>CF is set when X is 0; OF stays as it was.</summary>
    IfZero,

    /// <summary>CF is set when X is not 0; OF stays as it was.</summary>
    IfNotZero,

    /// <summary>CF and OF are set when X, the upper half of an unsigned product, is not 0.</summary>
    UpperHalf,

    /// <summary>CF and OF are set when Y, the upper half of a signed product, is not the sign of X, the lower half.</summary>
    SignedHalves,

    /// <summary>CF and OF are set when the signed product of X and Y does not fit the width.</summary>
    Factors,

    /// <summary>X is what a rotation to the left left behind.</summary>
    RotatedLeft,

    /// <summary>X is what a rotation to the right left behind.</summary>
    RotatedRight,
}

/// <summary>What CF, and perhaps OF, follow from instead of what the other flags follow from.</summary>
/// <param name="Form">How.</param>
/// <param name="Width">Operand width in bytes.</param>
/// <param name="X">First value.</param>
/// <param name="Y">Second value, where the form has one.</param>
internal readonly record struct CarryChange(CarryForm Form, int Width, FlagsSource X, FlagsSource Y = default)
{
    /// <summary>Whether OF changed as well.</summary>
    public bool HasOverflow => Form >= CarryForm.UpperHalf;
}

/// <summary>
/// Changes of some status flags on top of what all of them follow from. Those of CF and OF, and those of the other four, do not touch each other, so that their order does not
/// matter.
/// </summary>
internal sealed record FlagsChange
{
    /// <summary>CF changed.</summary>
    public CarryChange? Carry { get; init; }

    /// <summary>CF and OF changed; a <see cref="Carry"/> came later.</summary>
    public CarryChange? Overflow { get; init; }

    /// <summary>A division set AF and cleared ZF, SF and PF.</summary>
    public bool Divided { get; init; }

    /// <summary>A count cleared SF, PF and AF, and ZF says whether this, its result, is 0.</summary>
    public FlagsSource? Counted { get; init; }

    /// <summary>What CF follows from; null: as it was.</summary>
    public CarryChange? LastCarry => Carry ?? Overflow;

    /// <summary>Whether ZF, SF, PF and AF changed.</summary>
    public bool HasOthers => Divided || Counted is not null;
}
