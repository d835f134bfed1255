using Faultline.Explain.Images;
using Faultline.Explain.Reports;
using Faultline.Explain.Values;

namespace Faultline.Explain;

/// <summary>All that is known when one report is explained. Addresses here are those of the running kernel unless said otherwise.</summary>
internal sealed record ExplainContext
{
    /// <summary>The report.</summary>
    public required CrashReport Report { get; init; }

    /// <summary>The other reports of the same text, in order, this one among them.</summary>
    public IReadOnlyList<CrashReport> AllReports { get; init; } = [];

    /// <summary>Every line of the input without prefixes, reports and all: boot parameters and program headers stand outside reports. Empty when not kept.</summary>
    public IReadOnlyList<ReportLine> Text { get; init; } = [];

    /// <summary>Every image and symbol list that the user gave, in that order; link-time addresses.</summary>
    public IReadOnlyList<ISymbolSource> Images { get; init; } = [];

    /// <summary>Says what a value of a register may be.</summary>
    public IValueClassifier Classifier { get; init; } = ValueClassifier.Instance;

    /// <summary>
    /// Bytes from link-time to run-time addresses of the kernel's image: null when the report does not tell, and then no
    /// run-time address may be looked up in an image.
    /// </summary>
    public ulong? KernelOffset => Report.KernelOffset;

    /// <summary>The first image that knows a symbol of this name (suffixes and all), and where it has it; nothing when none does.</summary>
    /// <param name="name">The name as the report prints it.</param>
    /// <param name="module">The module that the report names; null for the kernel.</param>
    public (ISymbolSource Source, IReadOnlyList<ImageSymbol> Symbols)? Find(string name, string? module = null)
    {
        foreach (ISymbolSource image in Images)
        {
            if (image.ModuleName != module)
                continue;
            IReadOnlyList<ImageSymbol> symbols = image.FindName(name);
            if (symbols.Count > 0)
                return (image, symbols);
        }
        return null;
    }
}
