using System.Buffers;
using Faultline.Explain.Reports.Parsing;
using Faultline.Explain.Reports.Text;

namespace Faultline.Explain.Reports;

/// <summary>
/// Finds every report in a text: dmesg, serial and journal logs, mails. Lines of tasks and processors that print at the same
/// time are told apart by their caller ids, where the kernel printed those (<c>CONFIG_PRINTK_CALLER</c>).
/// </summary>
internal sealed class ReportFinder
{
    /// <summary>The most reports that are read from one text, and the most characters that they may hold together.</summary>
    public const int MaxReports = 1000;

    private const long MaxSize = 32 << 20;

    /// <summary>How many characters of the text are kept beside the reports: a boot's messages, with its command line, have some 100,000.</summary>
    public const int MaxText = 1 << 20;

    /// <summary>Callers that may be in the middle of a report at once.</summary>
    private const int MaxOpen = 64;

    /// <summary>How many lines of something else may stand inside a report.</summary>
    private const int MaxGap = 40;

    /// <summary>The same behind its end.</summary>
    private const int MaxGapAfterEnd = 4;

    /// <summary>How many lines a warning's message may take between <c>cut here</c> and the header.</summary>
    private const int MaxPrelude = 16;

    /// <summary>Every line with which a report may begin has one of these: all others cost one search.</summary>
    private static readonly SearchValues<string> _hints = SearchValues.Create(
        [
            "BUG", "Oops", "WARNING: ", "panic - not", "nable to handle kernel", "general protection", "invalid opcode", "divide error",
            "fault", "stack segment:", "alignment check:", "segment not present:", "invalid TSS:", "int3:", "bounds:", "exception",
            "stack guard", "stack overflow", "ENDBR", "Internal error:", "hard LOCKUP", "INFO: ", "corruption", "UBSAN:", "pagealloc:",
            "Hardware Error", "NMI backtrace", "fatal signal", "kexec", "trap ", "cut here", "Linux version", "Call Trace", "Call trace",
            "RIP: ", "Comm: ", "[0]: 0x", "CFI failure", "Kernel Offset: ",
        ],
        StringComparison.Ordinal);

    private readonly LineSource _source;

    private readonly Dictionary<string, OpenReports> _open = new(StringComparer.Ordinal);

    private readonly Dictionary<string, List<LogLine>> _preludes = new(StringComparer.Ordinal);

    private readonly List<(CrashReport Report, int Boot)> _found = [];

    private readonly Dictionary<int, ulong> _offsets = [];

    private readonly List<ReportLine> _text = [];

    private int _textSize;

    private long _size;

    private int _boot;

    private double _time;

    private ReportFinder(TextReader reader)
    {
        _source = new LineSource(reader);
    }

    private bool IsFull => _found.Count + _open.Count >= MaxReports || _size >= MaxSize;

    /// <summary>Finds the reports of a text, in the order of their first lines.</summary>
    public static IReadOnlyList<CrashReport> Find(string text)
    {
        using StringReader reader = new(text);
        return Scan(reader).Reports;
    }

    /// <summary>Finds the reports of a text, which is read once from its start to its end.</summary>
    /// <exception cref="IOException">The text cannot be read.</exception>
    public static ReportScan Scan(TextReader reader)
    {
        ReportFinder finder = new(reader);
        bool isComplete = finder.Run();
        return new ReportScan(finder.Finish(), finder._source.Count, isComplete, finder._text);
    }

    private bool Run()
    {
        while (_source.TryNext(out int number, out string raw))
        {
            bool isIdle = _open.Count == 0 && _preludes.Count == 0 && !raw.AsSpan().ContainsAny(_hints);
            if (isIdle && _textSize >= MaxText)
                continue;
            LogLine line = LinePrefix.Strip(number, raw);
            if (line.Text.Length == 0)
                continue;
            LogLine joined = isIdle ? line : WrapJoiner.Join(_source, line);
            KeepText(joined);
            if (isIdle)
                continue;
            Take(joined);
            if (IsFull)
                return false;
        }
        return true;
    }

    private void KeepText(LogLine line)
    {
        if (_textSize >= MaxText)
            return;
        _textSize += line.Text.Length;
        _text.Add(new ReportLine(line.Number, line.Text));
    }

    private IReadOnlyList<CrashReport> Finish()
    {
        foreach (string caller in _open.Keys.ToArray())
            Close(caller);
        List<CrashReport> reports = [];
        foreach ((CrashReport report, int boot) in _found)
        {
            reports.Add(report.KernelOffset is null && report.Kind != ReportKind.UserFault && _offsets.TryGetValue(boot, out ulong offset)
                ? report with { KernelOffset = offset }
                : report);
        }
        return [.. reports.OrderBy(report => report.FirstLine)];
    }

    private void Take(LogLine line)
    {
        // Time that goes back is another boot, whose kernel lies elsewhere.
        if (line.Timestamp is { } time)
        {
            if (time < _time - 1)
                _boot++;
            _time = time;
        }
        string caller = line.Caller ?? "";
        if (line.Text.StartsWith("Linux version ", StringComparison.Ordinal))
        {
            foreach (string open in _open.Keys.ToArray())
                Close(open);
            _boot++;
        }
        if (line.Text.StartsWith("------------[ cut here ]", StringComparison.Ordinal))
        {
            if (_preludes.Count < MaxOpen)
                _preludes[caller] = [line];
            return;
        }
        HeaderLine? header = HeaderParser.Read(line.Text, line.Number);
        if (header is not null)
            Begin(header, line, caller);
        else if (!TryAdd(line, caller))
            Implicit(line, caller);
    }

    private void Begin(HeaderLine header, LogLine line, string caller)
    {
        ReportBuilder? latest = _open.TryGetValue(caller, out OpenReports? open) ? open.Latest : null;
        if (latest is not null && (latest.TryMerge(header, line) || (IsFatalException(line) && latest.TryAdd(line))))
        {
            // A cut between the two headers of one event is no other event's.
            _preludes.Remove(caller);
            return;
        }
        _preludes.Remove(caller, out List<LogLine>? prelude);
        Open(new ReportBuilder(header, line, prelude ?? []) { Boot = _boot }, caller);
    }

    private void Open(ReportBuilder builder, string caller)
    {
        if (!_open.TryGetValue(caller, out OpenReports? open))
        {
            if (_open.Count >= MaxOpen)
                Close(_open.Keys.First());
            _open[caller] = open = new OpenReports();
        }
        foreach (ReportBuilder over in open.Begin(builder, caller.Length == 0))
            Add(over);
    }

    private static bool IsFatalException(LogLine line) => line.Text.StartsWith("Kernel panic - not syncing: Fatal", StringComparison.Ordinal);

    private bool TryAdd(LogLine line, string caller)
    {
        if (_preludes.TryGetValue(caller, out List<LogLine>? prelude))
        {
            // Another processor's report may go on between the cut and the message of a warning.
            if (_open.TryGetValue(caller, out OpenReports? others) && others.TryAdd(line))
                return true;
            prelude.Add(line);
            if (prelude.Count > MaxPrelude)
                _preludes.Remove(caller);
            // The message of a warning is nobody else's.
            return true;
        }
        if (!_open.TryGetValue(caller, out OpenReports? reports))
        {
            TakeOffset(line.Text);
            return false;
        }
        if (reports.TryAdd(line))
            return true;
        foreach ((string other, OpenReports open) in _open.ToArray())
        {
            foreach (ReportBuilder over in open.Skip(lane => lane.Gap > (lane.IsEnded ? MaxGapAfterEnd : MaxGap)))
                Add(over);
            if (open.All.Count == 0)
                _open.Remove(other);
        }
        return false;
    }

    /// <summary>Begins a report at a line that has no header before it: a trace that someone asked for, or whose header was cut off.</summary>
    private void Implicit(LogLine line, string caller)
    {
        if (_open.Count >= MaxOpen)
            return;
        string text = line.Text.Trim();
        bool isFrame = text.StartsWith("RIP: 0010:", StringComparison.Ordinal);
        if (!isFrame && !text.StartsWith("Call Trace:", StringComparison.Ordinal) && !text.StartsWith("Call trace:", StringComparison.Ordinal)
            && !(text.StartsWith("CPU: ", StringComparison.Ordinal) && CpuLine.Read(text) is { Task: not null }))
        {
            return;
        }
        ReportBuilder builder = new(HeaderParser.Of(ReportKind.Trace, 0) with { NeedsBody = true }, line, []) { Boot = _boot };
        Open(builder, caller);
        builder.TryAdd(line);
    }

    private void TakeOffset(string text)
    {
        Cursor cursor = new(text);
        if (cursor.Skip("Kernel Offset: ") && cursor.TryPrefixedHex(out ulong offset))
            _offsets[_boot] = offset;
    }

    private void Close(string caller)
    {
        if (!_open.Remove(caller, out OpenReports? open))
            return;
        foreach (ReportBuilder builder in open.All)
            Add(builder);
    }

    private void Add(ReportBuilder builder)
    {
        if (!builder.IsWorthKeeping)
            return;
        CrashReport report = builder.Build();
        _size += builder.Size;
        if (report.KernelOffset is { } offset)
            _offsets[builder.Boot] = offset;
        _found.Add((report, builder.Boot));
    }
}
