namespace Faultline.Explain.Reports;

/// <summary>The processor that a report's registers belong to.</summary>
internal enum ReportArchitecture
{
    /// <summary>Nothing in the report tells.</summary>
    Unknown,

    /// <summary>x86-64.</summary>
    X64,

    /// <summary>32-bit x86.</summary>
    X86,

    /// <summary>Itanium.</summary>
    Ia64,

    /// <summary>AArch64.</summary>
    Arm64,

    /// <summary>LoongArch, 64-bit.</summary>
    LoongArch,
}
