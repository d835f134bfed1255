using Faultline.Explain.Images;
using Faultline.Explain.Reports;

namespace Faultline.Explain.Values;

/// <summary>Takes from a report what places its values.</summary>
internal static class ReportValues
{
    /// <summary>CR4.LA57 (Intel SDM, volume 3, 2.5): 57-bit linear addresses.</summary>
    private const ulong Cr4La57 = 1 << 12;

    /// <summary>Address randomisation moves the x86-64 image by multiples of this (CONFIG_PHYSICAL_ALIGN, 2 MiB by default and at least).</summary>
    private const ulong OffsetUnit = 0x20_0000;

    /// <summary>Farther than this from a symbol nothing belongs to it, in bytes: the last symbol before a gap seems to reach across it.</summary>
    private const ulong LargestSymbol = 16 << 20;

    /// <summary>What the report tells about where things are.</summary>
    public static ValueContext Of(ExplainContext context)
    {
        CrashReport report = context.Report;
        RegisterFrame frame = report.Frame;
        ulong? offset = report.KernelOffset ?? OffsetFromSymbols(context);
        return new ValueContext
        {
            Architecture = report.Architecture switch
            {
                ReportArchitecture.Ia64 => ValueArchitecture.Ia64,
                ReportArchitecture.Arm64 => ValueArchitecture.Arm64,
                ReportArchitecture.LoongArch => ValueArchitecture.LoongArch64,
                _ => ValueArchitecture.X64,
            },
            FiveLevelPaging = frame["CR4"] is { } cr4 ? (cr4 & Cr4La57) != 0 : null,
            StackPointer = frame["RSP"] ?? frame["SP"] ?? (report.Architecture == ReportArchitecture.Ia64 ? frame["r12"] : null),
            PerCpuBase = frame["GS"],
            KernelOffset = offset,
            Symbol = offset is { } moved ? value => Symbol(context, value, moved) : static _ => null,
        };
    }

    /// <summary>
    /// How far the kernel was moved, from an address that the report prints with its symbol and that an image has too; null when there is none, or when the
    /// difference is no multiple of what randomisation moves by (the image is of another build).
    /// </summary>
    public static ulong? OffsetFromSymbols(ExplainContext context)
    {
        if (context.Images.Count == 0)
            return null;
        CrashReport report = context.Report;
        IEnumerable<(ulong? Address, SymbolReference? Symbol)> known =
        [
            (report.Frame.InstructionPointer, report.Frame.Symbol),
            // kCFI checks the target in R11 (clang's X86 back end), and the message names it.
            (report.Cfi is null ? null : report.Cfi.TargetAddress ?? report.Frame["R11"], report.Cfi?.Target),
            .. report.Trace.Select(entry => (entry.Address, entry.Symbol)),
        ];
        foreach ((ulong? address, SymbolReference? symbol) in known)
        {
            if (address is not { } at || symbol is not { Module: null } || context.Find(symbol.Name) is not { Symbols.Count: 1 } found)
                continue;
            ulong offset = unchecked(at - symbol.Offset - found.Symbols[0].Address);
            if (offset % OffsetUnit == 0)
                return offset;
        }
        return null;
    }

    /// <summary>Names a value of a kernel; null for all that is not in its image.</summary>
    private static string? Symbol(ExplainContext context, ulong value, ulong offset)
    {
        if (value >> 63 == 0)
            return null;
        foreach (ISymbolSource image in context.Images)
        {
            if (image.ModuleName is not null || image.IsRelocatable || image.FindAddress(unchecked(value - offset)) is not { } symbol)
                continue;
            // Absolute and per-CPU symbols have small numbers for addresses, and the last symbol of a map has no end.
            if (symbol.Address >> 63 == 0)
                continue;
            ulong past = unchecked(value - offset - symbol.Address);
            ulong extent = Math.Max(symbol.Size, symbol.Extent);
            if (past < Math.Min(extent, LargestSymbol) || past == 0)
                return $"{symbol.Name}+0x{past:x}";
        }
        return null;
    }
}
