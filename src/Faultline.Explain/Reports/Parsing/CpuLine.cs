using Faultline.Explain.Reports.Text;

namespace Faultline.Explain.Reports.Parsing;

/// <summary>
/// <c>CPU: 0 UID: 0 PID: 45 Comm: init Tainted: G  OE  6.1.0 #1 Debian</c>, as dump_stack_print_info() of lib/dump_stack.c prints
/// it.
/// </summary>
internal sealed record CpuLine
{
    /// <summary>The processor.</summary>
    public required int Cpu { get; init; }

    /// <summary>The user, where the kernel prints one.</summary>
    public long? Uid { get; init; }

    /// <summary>The task's id.</summary>
    public int? Pid { get; init; }

    /// <summary>The task's name; null when the line was cut off before it ended.</summary>
    public string? Task { get; init; }

    /// <summary>The taint letters with their blanks; empty for <c>Not tainted</c>; null when the line was cut off.</summary>
    public string? Taint { get; init; }

    /// <summary>What follows: release, build number and version.</summary>
    public string? Version { get; init; }

    /// <summary>Reads a line.</summary>
    public static CpuLine? Read(string text)
    {
        Cursor cursor = new(text);
        if (!cursor.Skip("CPU:"))
            return null;
        cursor.SkipBlanks();
        if (!cursor.TryInt32(out int cpu))
            return null;
        cursor.SkipBlanks();
        long? uid = null;
        int? pid = null;
        string? task = null;
        if (cursor.Skip("UID:"))
        {
            cursor.SkipBlanks();
            if (cursor.TryDecimal(out long user))
                uid = user;
            cursor.SkipBlanks();
        }
        if (cursor.Skip("PID:"))
        {
            cursor.SkipBlanks();
            if (cursor.TryInt32(out int id))
                pid = id;
            cursor.SkipBlanks();
        }
        bool hasName = cursor.Skip("Comm:");
        if (!hasName && pid is null && !IsTaintNext(cursor))
            return null;
        cursor.Skip(' ');
        // The task's name may hold blanks and colons: the taint that follows it ends it.
        ReadOnlySpan<char> rest = cursor.Rest;
        int clean = rest.IndexOf("Not tainted", StringComparison.Ordinal);
        int tainted = rest.IndexOf("Tainted: ", StringComparison.Ordinal);
        int end = clean >= 0 && (tainted < 0 || clean < tainted) ? clean : tainted;
        if (hasName && end != 0)
            task = (end < 0 ? rest : rest[..end]).TrimEnd().ToString();
        if (end < 0)
            return new CpuLine { Cpu = cpu, Uid = uid, Pid = pid, Task = task is { Length: > 0 and <= 64 } ? task : null };
        string taint = "";
        ReadOnlySpan<char> version;
        if (end == clean)
        {
            version = rest[(end + "Not tainted".Length)..];
        }
        else
        {
            version = rest[(end + "Tainted: ".Length)..];
            int letters = 0;
            while (letters < version.Length && (version[letters] == ' ' || char.IsAsciiLetterUpper(version[letters])))
                letters++;
            taint = version[..letters].TrimEnd().ToString();
            version = version[letters..];
        }
        string trimmed = version.Trim().ToString();
        return new CpuLine
        {
            Cpu = cpu,
            Uid = uid,
            Pid = pid,
            Task = task,
            Taint = taint,
            Version = trimmed.Length == 0 ? null : Unwrapped(trimmed),
        };
    }

    /// <summary>Old kernels put the version into parentheses.</summary>
    private static string Unwrapped(string version) => version is ['(', .., ')'] ? version[1..^1] : version;

    private static bool IsTaintNext(Cursor cursor) =>
        cursor.Rest.StartsWith("Not tainted", StringComparison.Ordinal) || cursor.Rest.StartsWith("Tainted: ", StringComparison.Ordinal);
}
