using Faultline.Explain.Findings;

namespace Faultline.Explain.Values;

/// <summary>
/// Says what a 64-bit value from a crash report looks like: first what is the same everywhere, then what the report places (its stack, symbols), then
/// patterns, then areas of the address space, which address randomisation moves.
/// </summary>
internal sealed class ValueClassifier : IValueClassifier
{
    /// <summary>Linux gives kernel threads 16 KiB of stack on x86-64 (THREAD_SIZE), aligned to their size where stacks are in vmalloc.</summary>
    private const ulong StackSize = 16384;

    /// <summary>Two addresses closer than this are taken to be in the same randomised area: areas are at least 1 TiB apart.</summary>
    private const ulong Near = 1UL << 40;

    private ValueClassifier()
    {
    }

    /// <summary>The one instance: it keeps no state.</summary>
    public static ValueClassifier Instance { get; } = new();

    /// <inheritdoc/>
    public ClassifiedValue Classify(ulong value, ExplainContext context) => Read(value, ReportValues.Of(context));

    /// <summary>Reads one value.</summary>
    /// <param name="value">The value.</param>
    /// <param name="context">What is known of the machine.</param>
    public static ClassifiedValue Read(ulong value, ValueContext context)
    {
        bool fiveLevel = context.FiveLevelPaging == true;
        return Plain(value)
            ?? Known(value, context)
            ?? Patterned(value, context)
            ?? Address(value, context, fiveLevel);
    }

    /// <summary>Numbers that mean the same on every machine.</summary>
    private static ClassifiedValue? Plain(ulong value)
    {
        if (value == 0)
            return new ClassifiedValue(ValueClass.Zero, "0", Confidence.Certain);
        if (value < 0x1000)
            return new ClassifiedValue(ValueClass.Number, $"{value}, or a member at offset 0x{value:x} from NULL", Confidence.Possible);
        if (ErrorCode.TryPointer(value, out int errno))
        {
            return ErrorCode.HasName(errno)
                ? new ClassifiedValue(ValueClass.ErrorPointer, ErrorCode.Describe(errno), value == ulong.MaxValue ? Confidence.Possible : Confidence.Likely)
                : new ClassifiedValue(ValueClass.Number, $"-{errno}", Confidence.Likely);
        }
        return null;
    }

    /// <summary>What the report itself places: its stack, and symbols.</summary>
    private static ClassifiedValue? Known(ulong value, ValueContext context)
    {
        if (context.StackPointer is { } stack and >= 0x10000 && value / StackSize == stack / StackSize)
        {
            bool isKernel = value >> 63 != 0;
            string where = value == stack ? "stack pointer" : value >= stack ? $"stack, SP + 0x{value - stack:x}" : $"stack, 0x{stack - value:x} below SP: already popped";
            return new ClassifiedValue(ValueClass.Stack, isKernel ? where : "user " + where, isKernel ? Confidence.Likely : Confidence.Possible);
        }
        if (context.Symbol(value) is { } symbol)
            return new ClassifiedValue(ValueClass.KernelText, symbol, Confidence.Certain);
        return null;
    }

    private static ClassifiedValue? Patterned(ulong value, ValueContext context)
    {
        if (Poison.TryMatch(value, out PoisonMatch match))
            return new ClassifiedValue(ValueClass.Poison, match.Describe(), match.IsStrong ? Confidence.Likely : Confidence.Possible, match);
        if (AsciiText.InValue(value) is { } text)
            return new ClassifiedValue(ValueClass.Ascii, $"text {text}", LooksUser(value) ? Confidence.Possible : Confidence.Likely);
        if (IsFill(value))
            return new ClassifiedValue(ValueClass.Unknown, $"the byte 0x{value & 0xff:x2} eight times", Confidence.Certain);
        if (ErrorCode.TryInt(value, out int errno))
            return new ClassifiedValue(ValueClass.ErrorPointer, $"{ErrorCode.Describe(errno)} as 32 bits", Confidence.Possible);
        if (value <= uint.MaxValue && context.Architecture != ValueArchitecture.Ia64)
            return new ClassifiedValue(ValueClass.Number, $"{value}, or a low user address", Confidence.Possible);
        if (value <= uint.MaxValue)
            return new ClassifiedValue(ValueClass.Number, $"{value}", Confidence.Possible);
        return null;
    }

    private static ClassifiedValue Address(ulong value, ValueContext context, bool fiveLevel)
    {
        if (context.Architecture != ValueArchitecture.X64)
        {
            return KernelLayout.Find(value, context.Architecture, false) is { } other
                ? new ClassifiedValue(other.Class, other.Text, other.Moves ? Confidence.Possible : Confidence.Likely)
                : new ClassifiedValue(ValueClass.Unknown, "no known kind", Confidence.Possible);
        }
        if (!KernelLayout.IsCanonical(value, fiveLevel))
        {
            // Without CR4, what is canonical with 57 bits alone may be either.
            return context.FiveLevelPaging is null && KernelLayout.IsCanonical(value, true)
                ? new ClassifiedValue(ValueClass.NonCanonical, "not canonical with 4-level paging", Confidence.Possible)
                : new ClassifiedValue(ValueClass.NonCanonical, "not canonical: no address", Confidence.Certain);
        }
        if (value >> 63 == 0)
            return new ClassifiedValue(ValueClass.User, "user address", LooksUser(value) ? Confidence.Likely : Confidence.Possible);
        if (KernelLayout.Find(value, ValueArchitecture.X64, fiveLevel) is not { } area)
        {
            return SignExtension.LooksExtended(value)
                ? new ClassifiedValue((uint)value >= 0xffff_0000 ? ValueClass.Number : ValueClass.SignExtended,
                    $"{unchecked((long)value)}: 32 bits, sign extended", Confidence.Likely)
                : new ClassifiedValue(ValueClass.KernelOther, "kernel half, in no known area", Confidence.Likely);
        }
        if (area.Class == ValueClass.KernelText)
            return Image(value, context, area);
        return area.Moves ? Moving(value, context, area) : new ClassifiedValue(area.Class, area.Text, Confidence.Likely);
    }

    private static ClassifiedValue Image(ulong value, ValueContext context, KernelArea area)
    {
        if (context.KernelOffset is not { } offset)
            return new ClassifiedValue(area.Class, area.Text, Confidence.Possible);
        ulong linked = unchecked(value - offset);
        return linked >= KernelLayout.LinkBase
            ? new ClassifiedValue(ValueClass.KernelText, $"kernel image, linked at {linked:x}", Confidence.Likely)
            : new ClassifiedValue(ValueClass.KernelOther, "below the kernel image", Confidence.Likely);
    }

    /// <summary>
    /// Randomisation keeps the order direct map, vmalloc, vmemmap and moves each by terabytes. Per-CPU data is in the direct map and stacks are in vmalloc
    /// (unless both lie together: then the kernel has no CONFIG_VMAP_STACK), so what is near either is of its kind.
    /// </summary>
    private static ClassifiedValue Moving(ulong value, ValueContext context, KernelArea unmoved)
    {
        ulong? direct = IsMoving(context.PerCpuBase) ? context.PerCpuBase : null;
        ulong? stack = IsMoving(context.StackPointer) ? context.StackPointer : null;
        if (direct is { } base0 && Distance(value, base0) < Near)
            return new ClassifiedValue(ValueClass.DirectMap, "direct map", Confidence.Likely);
        if (stack is { } sp && Distance(value, sp) < Near)
        {
            return direct is null && unmoved.Class != ValueClass.Vmalloc
                ? new ClassifiedValue(ValueClass.KernelData, "near the stack: vmalloc, or direct map in a kernel without CONFIG_VMAP_STACK", Confidence.Possible)
                : new ClassifiedValue(ValueClass.Vmalloc, "vmalloc", Confidence.Likely);
        }
        if (direct is { } low && stack is { } high && low < high && value > high)
            return new ClassifiedValue(ValueClass.KernelOther, "vmemmap (struct page), or far up in vmalloc", Confidence.Possible);
        if (context.KernelOffset is null or 0 || direct is not null || stack is not null)
            return new ClassifiedValue(unmoved.Class, unmoved.Text, Confidence.Possible);
        return new ClassifiedValue(ValueClass.KernelData, "direct map, vmalloc or vmemmap: randomisation moved them", Confidence.Possible);
    }

    private static bool IsMoving(ulong? address) => address is >= 0xff11_0000_0000_0000 and < 0xffff_fe00_0000_0000;

    private static ulong Distance(ulong a, ulong b) => a > b ? a - b : b - a;

    private static bool IsFill(ulong value) => value == (value & 0xff) * 0x0101_0101_0101_0101;

    /// <summary>Where Linux puts programs, libraries and stacks: positions 0x55..0x57 and 0x7e..0x7f of the sixth byte.</summary>
    private static bool LooksUser(ulong value) => value >> 40 is >= 0x55 and <= 0x57 or 0x7e or 0x7f;
}
