using System.Diagnostics.CodeAnalysis;
using Faultline.Explain.Reports.Text;

namespace Faultline.Explain.Reports.Parsing;

/// <summary>Takes the lines of one report one after the other. What each means is in the other parts.</summary>
internal sealed partial class ReportBuilder
{
    /// <summary>The most lines kept of one report: the longest real ones (lockdep, all tasks' stacks) have some thousands.</summary>
    private const int MaxLines = 4000;

    private readonly List<ReportLine> _lines = [];

    private readonly List<ReportLine> _details = [];

    private readonly List<KexecMessage> _kexec = [];

    private readonly List<NamedValue> _values = [];

    private readonly List<ModuleReference> _modules = [];

    private readonly List<ulong> _stackWords = [];

    private readonly List<string> _notes = [];

    private readonly DumpCollector _dumps = new();

    private readonly ReportLine _title;

    private readonly double? _timestamp;

    private HeaderLine _header;

    private ReportArchitecture _architecture;

    private CpuLine? _cpuLine;

    private string? _hardware;

    private string? _workqueue;

    private string? _endTrace;

    private string? _valueFunction;

    private string _dumpHeading = "";

    private ulong? _kernelOffset;

    private bool _inStack;

    private bool _hasDump;

    private readonly int _firstLine;

    /// <summary>Begins a report.</summary>
    /// <param name="header">What its header says.</param>
    /// <param name="line">The header.</param>
    /// <param name="prelude">Lines before it that belong to it: <c>cut here</c> and the message of a warning.</param>
    public ReportBuilder(HeaderLine header, LogLine line, IReadOnlyList<LogLine> prelude)
    {
        _header = header;
        _title = new ReportLine(line.Number, line.Text);
        _timestamp = prelude.Count > 0 && prelude[0].Timestamp is { } first ? first : line.Timestamp;
        _firstLine = line.Number;
        foreach (LogLine before in prelude)
        {
            Keep(before);
            if (!before.Text.StartsWith("-----", StringComparison.Ordinal))
                _details.Add(new ReportLine(before.Number, before.Text));
            _firstLine = Math.Min(_firstLine, before.Number);
        }
        Keep(line);
        Use(header, line);
    }

    /// <summary>The last line that belongs to it so far.</summary>
    public int LastLine { get; private set; }

    /// <summary>Lines seen since the last one that belonged to it.</summary>
    public int Gap { get; set; }

    /// <summary>Which boot of the text it belongs to, counted from 0.</summary>
    public int Boot { get; init; }

    /// <summary>How many characters its lines hold.</summary>
    public long Size { get; private set; }

    /// <summary>Whether <c>end trace</c> was seen: what follows repeats the registers and no more.</summary>
    public bool IsEnded { get; private set; }

    /// <summary>Whether nothing but headers has come yet.</summary>
    public bool IsHeaderOnly => _cpuLine is null && _drafts.Count == 0 && _trace.Count == 0 && !_inTrace && !_hasDump;

    /// <summary>Whether its trace was not reached yet: another report that begins now begins inside this one.</summary>
    public bool IsOpen => !IsEnded && _trace.Count == 0 && _header.Kind is not (ReportKind.UserFault or ReportKind.Kexec
        or ReportKind.RegisterDump or ReportKind.PagePoison or ReportKind.Slab or ReportKind.Sanitizer);

    /// <summary>How far it has come: the stage of its last line (<see cref="LineStage"/>).</summary>
    public int Stage { get; private set; }

    /// <summary>Whether it is a report at all: one whose header says little needs a body.</summary>
    public bool IsWorthKeeping => _header.Kind == ReportKind.RegisterDump
        ? _values.Count >= 3
        : !_header.NeedsBody || (_header.Kind == ReportKind.Trace ? _trace.Count > 0 || HasRegisters : !IsHeaderOnly);

    private bool HasRegisters => _drafts.Exists(draft => draft.HasRegisters);

    /// <summary>Adds a header line that says the same event in more general words.</summary>
    /// <returns>False when the line begins another report.</returns>
    public bool TryMerge(HeaderLine header, LogLine line)
    {
        if (header.Kind == ReportKind.Kexec && _header.Kind == ReportKind.Kexec)
        {
            Keep(line);
            _kexec.Add(header.Kexec!);
            return true;
        }
        if (header.Kind == ReportKind.RegisterDump && _header.Kind == ReportKind.RegisterDump)
            return TryAdd(line);
        if (_header.Kind == ReportKind.RegisterDump || header.Kind is ReportKind.RegisterDump or ReportKind.UserFault or ReportKind.Kexec)
            return false;
        // A page fault's oops may be the only header with a number in it, and comes last.
        bool isSameEvent = header.Rank < _header.Rank || (header.Kind == _header.Kind && header.Kind == ReportKind.DoubleFault);
        if (!IsHeaderOnly || !isSameEvent || (header.Cpu is { } cpu && _header.Cpu is { } known && cpu != known))
            return false;
        if (header.OopsNumber is not null && _header.OopsNumber is not null)
            return false;
        _header = _header with
        {
            FaultAddress = _header.FaultAddress ?? header.FaultAddress,
            ErrorCode = _header.ErrorCode ?? header.ErrorCode,
            OopsNumber = _header.OopsNumber ?? header.OopsNumber,
            Cpu = _header.Cpu ?? header.Cpu,
            Pid = _header.Pid ?? header.Pid,
            Task = _header.Task ?? header.Task,
            SourcePosition = _header.SourcePosition ?? header.SourcePosition,
            Cfi = _header.Cfi ?? header.Cfi,
            NeedsBody = _header.NeedsBody && header.NeedsBody,
        };
        if (header.Architecture != ReportArchitecture.Unknown)
            _architecture = header.Architecture;
        Keep(line);
        _details.Add(new ReportLine(line.Number, line.Text));
        return true;
    }

    /// <summary>Adds a line.</summary>
    /// <returns>False when it does not belong to the report.</returns>
    public bool TryAdd(LogLine line)
    {
        if (!TryRead(line))
            return false;
        int stage = LineStage.Of(line.Text.Trim());
        if (stage != LineStage.Any)
            Stage = stage;
        Keep(line);
        return true;
    }

    /// <summary>Whether a line that names a processor and a task can be this report's.</summary>
    public bool Fits(CpuLine line) => _cpuLine is null && (_header.Cpu is null || _header.Cpu == line.Cpu)
        && (_header.Pid is null || line.Pid is null || _header.Pid == line.Pid);

    /// <summary>Adds something that a reader must know.</summary>
    public void Note(string text)
    {
        if (!_notes.Contains(text))
            _notes.Add(text);
    }

    private void Use(HeaderLine header, LogLine line)
    {
        _architecture = header.Architecture;
        if (header.Kexec is not null)
            _kexec.Add(header.Kexec);
        if (header.Value is { } value && ValueHeader.Read(line.Text, line.Number, out string function) is not null)
        {
            _values.Add(value);
            _valueFunction = function;
        }
        if (header.Kind == ReportKind.PagePoison)
            _dumpHeading = line.Text;
    }

    private void Keep(LogLine line)
    {
        Gap = 0;
        LastLine = Math.Max(LastLine, line.Number);
        if (_lines.Count >= MaxLines)
            return;
        _lines.Add(new ReportLine(line.Number, line.Text));
        Size += line.Text.Length;
    }

    [SuppressMessage("Maintainability", "CA1502:Avoid excessive complexity", Justification = "One line a form; each does one call.")]
    private bool TryRead(LogLine line)
    {
        string text = line.Text.Trim();
        if (text.Length == 0)
            return true;
        if (IsEnded)
            return TryReadAfterEnd(text, line);
        if (_header.Kind == ReportKind.UserFault && !_header.Frame!.IsEmpty)
            return text.StartsWith("Code: ", StringComparison.Ordinal) && TryFrameLine(text, line.Number);
        return TryFrameLine(text, line.Number) || TryTraceLine(text, line.Number) || TryTaskLine(text)
            || TryPayload(text, line) || TryDetail(text, line.Number);
    }

    private bool TryReadAfterEnd(string text, LogLine line)
    {
        // The kernel repeats the first frame behind the end, with a CR2 that may be another fault's.
        if (TryKernelOffset(text) || DetailLines.Contains(text, _header.Kind))
            return true;
        if (!HasRegisters)
            return TryFrameLine(text, line.Number);
        return text.StartsWith("RIP:", StringComparison.Ordinal) || text.StartsWith("Code: ", StringComparison.Ordinal)
            || RegisterLine.TryRead(text, line.Number, [], out _);
    }

    private bool TryTaskLine(string text)
    {
        if (text.StartsWith("CPU:", StringComparison.Ordinal) && CpuLine.Read(text) is { } cpu)
        {
            if (_cpuLine is not null || (_header.Cpu is { } known && known != cpu.Cpu && _header.Kind != ReportKind.RcuStall))
                return false;
            _cpuLine = cpu;
            return true;
        }
        return TryAfter(text, "Hardware name:", ref _hardware) || TryAfter(text, "Workqueue:", ref _workqueue) || TryModules(text)
            || TryEnd(text) || TryKernelOffset(text);
    }

    private static bool TryAfter(string text, string start, ref string? value)
    {
        if (!text.StartsWith(start, StringComparison.Ordinal))
            return false;
        value ??= text[start.Length..].Trim();
        return true;
    }

    private bool TryEnd(string text)
    {
        Cursor cursor = new(text);
        if (!cursor.Skip("---[ end trace "))
            return false;
        _endTrace = cursor.TryUntil(' ', out ReadOnlySpan<char> id) ? id.ToString() : null;
        IsEnded = true;
        _inTrace = _inStack = false;
        return true;
    }

    private bool TryKernelOffset(string text)
    {
        Cursor cursor = new(text);
        if (!cursor.Skip("Kernel Offset: "))
            return false;
        if (cursor.Skip("disabled"))
            _kernelOffset = 0;
        else if (cursor.TryPrefixedHex(out ulong offset))
            _kernelOffset = offset;
        return true;
    }

    private bool TryModules(string text)
    {
        Cursor cursor = new(text);
        if (!cursor.Skip("Modules linked in:"))
            return false;
        while (true)
        {
            cursor.SkipBlanks();
            ReadOnlySpan<char> word = cursor.Word();
            if (word.IsEmpty || word[0] == '[')
                return true;
            int open = word.IndexOf('(');
            _modules.Add(open > 0 && word[^1] == ')'
                ? new ModuleReference(word[..open].ToString(), word[(open + 1)..^1].ToString())
                : new ModuleReference(word.ToString(), ""));
        }
    }

    /// <summary>What only some kinds of report have.</summary>
    private bool TryPayload(string text, LogLine line)
    {
        switch (_header.Kind)
        {
            case ReportKind.Kexec:
                KexecMessage? message = KexecHeader.ReadMessage(text, line.Number);
                if (message is not null)
                    _kexec.Add(message);
                return message is not null;
            case ReportKind.RegisterDump:
                return TryValue(line);
            case ReportKind.PagePoison or ReportKind.Slab or ReportKind.Sanitizer or ReportKind.BadPage:
                return TryDump(line);
            default:
                return false;
        }
    }

    private bool TryValue(LogLine line)
    {
        if (ValueHeader.Read(line.Text, line.Number, out string function) is not { } value || function != _valueFunction)
            return false;
        _values.Add(value);
        return true;
    }

    private bool TryDump(LogLine line)
    {
        if (DumpLine.Read(line.Text) is not { } dump)
            return false;
        _hasDump = true;
        _dumps.Add(dump, _dumpHeading, line.Number);
        return true;
    }

    private bool TryDetail(string text, int line)
    {
        if (!DetailLines.Contains(text, _header.Kind))
            return false;
        _inTrace = false;
        ReadDetail(text);
        if (!text.StartsWith("---", StringComparison.Ordinal) && !text.StartsWith("===", StringComparison.Ordinal))
            _details.Add(new ReportLine(line, text));
        return true;
    }

    private void ReadDetail(string text)
    {
        Cursor cursor = new(text);
        if (cursor.Skip("#PF: error_code(") && cursor.TryPrefixedHex(out ulong code))
        {
            _header = _header with { ErrorCode = code };
        }
        else if (DetailLines.BeginsTrace(text))
        {
            _section = text.TrimEnd(':');
            _inTrace = true;
        }
        else if (cursor.Skip("Memory state around"))
        {
            _dumpHeading = "shadow memory";
        }
        else if ((cursor.Skip("Read of size ") || cursor.Skip("Write of size ")) && cursor.SkipPast(" at addr ") && cursor.TryHex(out ulong address))
        {
            _header = _header with { FaultAddress = address };
        }
    }
}
