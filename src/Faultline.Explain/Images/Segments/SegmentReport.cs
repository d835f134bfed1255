using Faultline.Elf.Layout;
using Faultline.Explain.Findings;

namespace Faultline.Explain.Images.Segments;

/// <summary>What loading a program or a shared library would make of it.</summary>
internal sealed record SegmentReport
{
    /// <summary>What its segments ask for; null when Linux would refuse to load it.</summary>
    public required ElfImageLayout? Layout { get; init; }

    /// <summary>Why Linux would refuse it; empty when it would not.</summary>
    public required string Refusal { get; init; }

    /// <summary>Path of the program interpreter; null without one.</summary>
    public required string? Interpreter { get; init; }

    /// <summary>Libraries that it needs, in link order.</summary>
    public required IReadOnlyList<string> Needed { get; init; }

    /// <summary>DT_SONAME.</summary>
    public required string? SoName { get; init; }

    /// <summary>DT_RUNPATH, or DT_RPATH.</summary>
    public required string? RunPath { get; init; }

    /// <summary>Pages that segments share, at 4, 16 and 64 KiB in turn.</summary>
    public required IReadOnlyList<IReadOnlyList<SharedPage>> SharedPages { get; init; }

    /// <summary>The plan that was asked for, with what it destroys; null when none was.</summary>
    public required LoadHistory? History { get; init; }

    /// <summary>What the plan does to the address that was asked for; null when none was.</summary>
    public required AddressHistory? Address { get; init; }

    /// <summary>What is wrong with the file, and what would go wrong with it.</summary>
    public required IReadOnlyList<Finding> Findings { get; init; }

    /// <summary>Whether something is wrong, or would be with a loader that goes by p_align: pages that a host's larger pages join are no fault by themselves.</summary>
    public bool HasFaults => Address?.IsDestroyed == true || Findings.Any(finding => finding.Id != SegmentFindings.SharedId);
}
