using System.Globalization;

namespace Faultline.Explain.Reports.Parsing;

/// <summary>The call trace and the stack.</summary>
internal sealed partial class ReportBuilder
{
    private const int MaxEntries = 4096;

    private readonly List<TraceEntry> _trace = [];

    private bool _inTrace;

    private string? _section;

    private bool TryTraceLine(string text, int line)
    {
        string? rest = AfterHeading(text);
        if (rest is not null)
        {
            _inTrace = true;
            _inStack = false;
            _section = null;
            // Older kernels print the first section or entry on the same line.
            return rest.Length == 0 || TryEntry(rest, line) || true;
        }
        if (text.StartsWith("Stack:", StringComparison.Ordinal) || text.StartsWith("Stack :", StringComparison.Ordinal))
        {
            _inStack = true;
            TryStackWords(text[(text.IndexOf(':') + 1)..]);
            return true;
        }
        return (_inTrace && TryEntry(text, line)) || (_inStack && TryStackWords(text));
    }

    private static string? AfterHeading(string text)
    {
        foreach (string heading in (ReadOnlySpan<string>)["Call Trace:", "Call trace:", "Backtrace:", "<NMI> Call Trace:"])
        {
            if (text.StartsWith(heading, StringComparison.Ordinal))
                return text[heading.Length..].Trim();
        }
        return null;
    }

    private bool TryEntry(string text, int line)
    {
        if (TraceLine.TryReadStacks(text, out ulong stackPointer, out ulong backingStore))
        {
            if (_trace.Count > 0)
                _trace[^1] = _trace[^1] with { StackPointer = stackPointer, BackingStorePointer = backingStore };
            return true;
        }
        if (TraceLine.TryReadSection(text, out string? section, out int length))
        {
            _section = section;
            text = text[length..].Trim();
            if (text.Length == 0)
                return true;
        }
        if (TraceLine.Read(text, line, _section) is not { } entry)
            return false;
        if (_trace.Count < MaxEntries)
            _trace.Add(entry);
        return true;
    }

    private bool TryStackWords(string text)
    {
        int before = _stackWords.Count;
        foreach (string word in text.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            if (word is "..." || _stackWords.Count >= MaxEntries)
                continue;
            if (word.Length != 16 || !ulong.TryParse(word, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ulong value))
            {
                _stackWords.RemoveRange(before, _stackWords.Count - before);
                _inStack = false;
                return false;
            }
            _stackWords.Add(value);
        }
        return _stackWords.Count > before;
    }
}
