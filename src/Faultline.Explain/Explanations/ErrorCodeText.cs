using Faultline.Explain.Decode.Registers;
using Faultline.Explain.Reports;

namespace Faultline.Explain.Explanations;

/// <summary>Error codes in words, where the kind of fault says what the bits mean.</summary>
internal static class ErrorCodeText
{
    /// <summary>The number, and what it means on x86-64.</summary>
    public static string Describe(CrashReport report, ulong code)
    {
        if (report.Architecture == ReportArchitecture.Ia64)
            return $"{code} (the interruption status register)";
        if (report.Architecture is not (ReportArchitecture.X64 or ReportArchitecture.Unknown))
            return $"0x{code:x}";
        bool isPageFault = report.Kind is ReportKind.PageFault or ReportKind.NullDereference
            || (report is { Kind: ReportKind.UserFault, FaultAddress: not null });
        return isPageFault ? $"0x{code:x4}: {PageFaultError.Sentence(code)}"
            : report.Kind is ReportKind.GeneralProtection && code != 0 ? $"0x{code:x4}: selector 0x{code & 0xFFF8:x}"
            : $"0x{code:x4}";
    }
}
