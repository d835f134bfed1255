namespace Faultline.Explain.Reports;

/// <summary>One reason for which a kernel calls itself tainted (Documentation/admin-guide/tainted-kernels.rst).</summary>
/// <param name="Letter">The letter.</param>
/// <param name="Bit">The bit of /proc/sys/kernel/tainted; -1 for a letter that no kernel of ours knows.</param>
/// <param name="Meaning">What it means, in one clause.</param>
internal readonly record struct TaintFlag(char Letter, int Bit, string Meaning);
