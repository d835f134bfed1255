using System.Reflection.Emit;

namespace Faultline.Cpu.Translator;

/// <summary>
/// Floating-point operations that follow each other with nothing but moves between vector registers and loads in between, so that one test at the end can be for all of them:
/// when that fails, registers become again what they were before the first, and the interpreter takes over there.
/// </summary>
/// <param name="kind">Kind of all operations, see RegionTranslator.Float.cs.</param>
/// <param name="rip">Guest address of the first.</param>
/// <param name="pending">Instructions before it that are not taken off the fuel.</param>
/// <param name="isOne">Whether it is the only one.</param>
internal sealed class FloatStretch(int kind, ulong rip, int pending, bool isOne)
{
    /// <summary>Whether there is but one operation.</summary>
    public bool IsOne { get; } = isOne;

    /// <summary>Kind of all operations, see RegionTranslator.Float.cs.</summary>
    public int Kind { get; } = kind;

    /// <summary>Guest address of the first.</summary>
    public ulong Rip { get; } = rip;

    /// <summary>Instructions before it that are not taken off the fuel.</summary>
    public int Pending { get; } = pending;

    /// <summary>Operands and results of the current operation that need a look.</summary>
    public List<LocalBuilder> Values { get; } = [];

    /// <summary>The numbers in registers that are operands that were looked at, or results: where they are, until the end, and their size when the first look passes.</summary>
    public (LocalBuilder Value, Magnitude Size)?[] Known { get; } = new (LocalBuilder, Magnitude)?[16];

    /// <summary>Numbers that must be zero or near where the first look fails.</summary>
    public HashSet<LocalBuilder> Near { get; } = [];

    /// <summary>Operands and results so far, ORed; see <see cref="FloatGlue"/>. Null before the first.</summary>
    public LocalBuilder? Gathered { get; set; }

    /// <summary>Registers that have been overwritten, each with what it held before.</summary>
    public List<(LocalBuilder Register, LocalBuilder Before)> Saved { get; } = [];

    /// <summary>For the second look: the glue's method, and what it takes.</summary>
    public List<(string Method, LocalBuilder[] Values)> Looks { get; } = [];

    /// <summary>Locals to be released at the end.</summary>
    public List<LocalBuilder> Rented { get; } = [];
}
