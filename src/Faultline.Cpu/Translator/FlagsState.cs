using System.Reflection.Emit;

namespace Faultline.Cpu.Translator;

/// <summary>Where a value that status flags follow from can be found: a constant, or a local that still holds it in its low bits.</summary>
internal readonly record struct FlagsSource(LocalBuilder? Local, ulong Constant)
{
    /// <summary>A constant.</summary>
    public static FlagsSource Of(ulong constant) => new(null, constant);

    /// <summary>A local.</summary>
    public static FlagsSource Of(LocalBuilder local) => new(local, 0);
}

/// <summary>What the status flags follow from.</summary>
internal enum FlagsForm : byte
{
    /// <summary>No one reads them before they change.</summary>
    Dead,

    /// <summary>They are in the CpuState, in its lazy form.</summary>
    Memory,

    /// <summary>A + B = R; two of the three are known.</summary>
    Add,

    /// <summary>A - B = R; two of the three are known.</summary>
    Sub,

    /// <summary>R; CF and OF are clear.</summary>
    Logic,

    /// <summary>R, incremented; CF apart.</summary>
    Inc,

    /// <summary>R, decremented; CF apart.</summary>
    Dec,

    /// <summary>
    /// One of the forms above, depending on the way that led here: the kind and two values are in the region's join locals, or the CpuState has them when the kind is 0.
    /// </summary>
    Join,

    /// <summary>A and B, in locals of type double, were compared; neither is a NaN.</summary>
    Compare,

    /// <summary>A was shifted left by B, not 0; ZF, SF and PF follow from R.</summary>
    Shl,

    /// <summary>A was shifted right by B, not 0.</summary>
    Shr,

    /// <summary>A, signed, was shifted right by B, not 0.</summary>
    Sar,

    /// <summary>As <see cref="FlagsState.Shift"/> says when its count is not 0, as <see cref="FlagsState.Old"/> says otherwise.</summary>
    ByCount,

    /// <summary>A + B + CF = R.</summary>
    Adc,

    /// <summary>A - B - CF = R.</summary>
    Sbb,

    /// <summary>A was scanned for a one and R is where it was found (BSF, BSR).</summary>
    Scan,

    /// <summary>The ones in R were counted: all but ZF are clear.</summary>
    Population,
}

/// <summary>What is known about the status flags at one point of the translation. Immutable: exits that branch off keep the one of their point.</summary>
/// <param name="Form">What they follow from.</param>
/// <param name="Width">Operand width in bytes.</param>
internal sealed record FlagsState(FlagsForm Form, int Width = 8)
{
    /// <summary>Nothing is known and nothing needs to be.</summary>
    public static readonly FlagsState Dead = new(FlagsForm.Dead);

    /// <summary>They are in the CpuState.</summary>
    public static readonly FlagsState Memory = new(FlagsForm.Memory) { InMemory = true };

    /// <summary>They are where joins have them.</summary>
    public static readonly FlagsState Join = new(FlagsForm.Join);

    /// <summary>First operand.</summary>
    public FlagsSource? A { get; init; }

    /// <summary>Second operand; for a shift its count.</summary>
    public FlagsSource? B { get; init; }

    /// <summary>Result.</summary>
    public FlagsSource? R { get; init; }

    /// <summary>CF of INC and DEC as 0 or 1; null: that of <see cref="Old"/>, or as the CpuState has it when there is none.</summary>
    public FlagsSource? Carry { get; init; }

    /// <summary>A shift whose count is in a local.</summary>
    public FlagsState? Shift { get; init; }

    /// <summary>The flags before a shift whose count may be 0; or those that joins have, from which CF of INC and DEC follows.</summary>
    public FlagsState? Old { get; init; }

    /// <summary>Of <see cref="FlagsForm.Join"/> at the head of a loop: where the flags may be instead; null elsewhere.</summary>
    public HeldFlags? Held { get; init; }

    /// <summary>What has changed since; null: nothing.</summary>
    public FlagsChange? Change { get; init; }

    /// <summary>Whether the CpuState has them as well, but for the change.</summary>
    public bool InMemory { get; init; }
}
