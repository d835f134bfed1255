namespace Faultline.Explain.Reports.Parsing;

/// <summary>
/// The place of a line in a report's fixed order (x86's __warn() and die(): modules, processor, hardware, registers, trace, end).
/// Where two processors print at once and nothing else tells their lines apart, a line is the report's that waits for it.
/// </summary>
internal static class LineStage
{
    /// <summary>A line that may come anywhere.</summary>
    public const int Any = -1;

    private static readonly string[] _starts =
    [
        "Modules linked in:", "CPU:", "Hardware name:", "RIP:", "Code:", "RSP:", "RAX:", "RDX:", "RBP:", "R10:", "R13:", "FS:", "CS:", "CR2:",
        "PKRU:", "Call Trace:", "<TASK>", "</TASK>", "---[ end trace",
    ];

    /// <summary>The stage of a line, from 1; <see cref="Any"/> when the order does not hold it.</summary>
    public static int Of(string text)
    {
        int index = Array.FindIndex(_starts, start => text.StartsWith(start, StringComparison.Ordinal));
        return index < 0 ? Any : index + 1;
    }
}
