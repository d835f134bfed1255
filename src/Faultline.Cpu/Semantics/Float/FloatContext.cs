using System.Runtime.CompilerServices;

namespace Faultline.Cpu.Semantics.Float;

/// <summary>
/// The control fields that an operation obeys and the exception flags that it raises. One instruction starts with
/// <see cref="Flags"/> at zero; the caller folds <see cref="Raised"/> into MXCSR or the x87 status word afterwards.
/// </summary>
internal struct FloatContext
{
    /// <summary>The exceptions raised so far (<see cref="FloatFlags"/>), of all elements of a packed operation.</summary>
    public uint Flags;

    /// <summary>The masked exceptions, in the order of <see cref="FloatFlags"/>: a set bit is a masked exception.</summary>
    public uint Masks;

    /// <summary>The rounding control.</summary>
    public RoundingMode Rounding;

    /// <summary>
    /// Significand bits that 80-bit add, subtract, multiply, divide and square root round to: 24, 53 or 64. The
    /// exponent range stays that of the 80-bit format.
    /// </summary>
    public byte Precision;

    /// <summary>MXCSR.FZ: a tiny result becomes zero while underflow is masked.</summary>
    public bool FlushToZero;

    /// <summary>MXCSR.DAZ: denormal operands are read as zero and do not raise DE.</summary>
    public bool DenormalsAreZero;

    /// <summary>
    /// Selects the x87's NaN choice (SDM Vol. 1, table 4-7) and its scaled results of unmasked overflow and underflow
    /// instead of the rules of SSE.
    /// </summary>
    public bool IsX87;

    /// <summary>
    /// Whether the last rounding increased the magnitude. It is what the x87 reports in C1 when PE is raised.
    /// </summary>
    public bool RoundedUp;

    /// <summary>
    /// The flags that the instruction really leaves: an unmasked IE, DE or ZE stops it before anything is computed, so
    /// that OE, UE and PE of no element are seen (SDM Vol. 1, 11.5.3).
    /// </summary>
    public readonly uint Raised => (Flags & ~Masks & FloatFlags.PreComputation) != 0 ? Flags & FloatFlags.PreComputation : Flags;

    /// <summary>The raised exceptions that are not masked; non-zero means that the instruction faults.</summary>
    public readonly uint Unmasked => Raised & ~Masks & FloatFlags.All;

    /// <summary>The context of an SSE or AVX instruction under this value of MXCSR.</summary>
    /// <param name="mxcsr">MXCSR; its sticky flags are not taken over.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FloatContext FromMxcsr(uint mxcsr) => new()
    {
        Masks = (mxcsr >> 7) & FloatFlags.All,
        Rounding = (RoundingMode)((mxcsr >> 13) & 3),
        Precision = 64,
        FlushToZero = (mxcsr & 0x8000) != 0,
        DenormalsAreZero = (mxcsr & 0x40) != 0,
    };

    /// <summary>The context of an x87 instruction under this control word.</summary>
    /// <param name="controlWord">The x87 control word. Its reserved precision (01) acts as 64 bits.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FloatContext FromControlWord(ushort controlWord) => new()
    {
        Masks = controlWord & FloatFlags.All,
        Rounding = (RoundingMode)((controlWord >> 10) & 3),
        Precision = (controlWord & 0x300) switch { 0x000 => 24, 0x200 => 53, _ => 64 },
        IsX87 = true,
    };

    /// <summary>Raises exceptions.</summary>
    /// <param name="flags">Bits of <see cref="FloatFlags"/>.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Raise(uint flags) => Flags |= flags;
}
