using Faultline.Explain.Reports.Text;

namespace Faultline.Explain.Reports.Parsing;

/// <summary>Headers that begin with a task or a processor rather than with a fixed word: those of Itanium and LoongArch.</summary>
internal static class SystemHeaders
{
    /// <summary>Reads <c>comm[pid]: Oops 8813272891392 [1]</c> and <c>CPU 1 Unable to handle kernel paging request at ...</c>.</summary>
    public static HeaderLine? Read(string text, int line)
    {
        if (text.StartsWith("CPU ", StringComparison.Ordinal))
            return LoongArch(text, line);
        int oops = text.IndexOf("]: Oops ", StringComparison.Ordinal);
        if (oops <= 0)
            return null;
        int bracket = text.LastIndexOf('[', oops);
        if (bracket <= 0 || bracket > 64)
            return null;
        Cursor cursor = new(text.AsSpan(bracket + 1));
        if (!cursor.TryInt32(out int pid) || !cursor.Skip("]: Oops ") || !cursor.TryDecimal(out long code))
            return null;
        int? number = null;
        if (cursor.Skip(" [") && cursor.TryInt32(out int ordinal))
            number = ordinal;
        return HeaderParser.Of(ReportKind.Oops, 0) with
        {
            Task = text[..bracket],
            Pid = pid,
            ErrorCode = (ulong)code,
            OopsNumber = number,
            Architecture = ReportArchitecture.Ia64,
        };
    }

    /// <summary>arch/loongarch/mm/fault.c, no_context(): the address, and the instruction pointer behind <c>era ==</c>.</summary>
    private static HeaderLine? LoongArch(string text, int line)
    {
        Cursor cursor = new(text);
        if (!cursor.Skip("CPU ") || !cursor.TryInt32(out int cpu) || !cursor.Skip(" Unable to handle kernel "))
            return null;
        HeaderLine? fault = HeaderParser.Read(text[text.IndexOf("Unable", StringComparison.Ordinal)..], line);
        return fault is null ? null : fault with
        {
            Cpu = cpu,
            Architecture = text.Contains("era ==", StringComparison.Ordinal) ? ReportArchitecture.LoongArch : ReportArchitecture.Unknown,
        };
    }
}
