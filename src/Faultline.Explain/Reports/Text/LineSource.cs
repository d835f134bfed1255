using System.Text;

namespace Faultline.Explain.Reports.Text;

/// <summary>
/// Gives the lines of a text one by one, with a few to look ahead at. Lines end in LF, and carriage returns are nothing; what is past
/// <see cref="MaxLength"/> characters of a line is dropped, so that memory does not depend on what the text is.
/// </summary>
internal sealed class LineSource
{
    /// <summary>The longest line kept: the kernel's own limit of a record is far below.</summary>
    public const int MaxLength = 16 * 1024;

    private readonly TextReader _reader;

    private readonly char[] _buffer = new char[16 * 1024];

    private readonly StringBuilder _line = new();

    private readonly Queue<(int Number, string Text)> _ready = new();

    private readonly List<(int Number, string Text)> _ahead = [];

    private int _used;

    private int _filled;

    /// <summary>Reads from a text, which stays the caller's to close.</summary>
    public LineSource(TextReader reader)
    {
        _reader = reader;
    }

    /// <summary>How many lines the input had so far.</summary>
    public int Count { get; private set; }

    /// <summary>The next line as it stands.</summary>
    /// <returns>False at the end.</returns>
    public bool TryNext(out int number, out string text)
    {
        if (_ahead.Count > 0)
        {
            (number, text) = _ahead[0];
            _ahead.RemoveAt(0);
            return true;
        }
        return TryRead(out number, out text);
    }

    /// <summary>A line that comes later, without taking it.</summary>
    /// <param name="index">0 for the next one.</param>
    /// <param name="number">Its number.</param>
    /// <param name="text">The line.</param>
    public bool TryPeek(int index, out int number, out string text)
    {
        while (_ahead.Count <= index)
        {
            if (!TryRead(out int read, out string line))
            {
                number = 0;
                text = "";
                return false;
            }
            _ahead.Add((read, line));
        }
        (number, text) = _ahead[index];
        return true;
    }

    private bool TryRead(out int number, out string text)
    {
        if (_ready.Count == 0 && TryPhysical(out string line))
        {
            Count++;
            // Something printed without a line's end before a line of the kernel's makes two lines of one number.
            int inner = LinePrefix.FindInnerTimestamp(line);
            if (inner > 0 && !IsPrefix(line.AsSpan(0, inner)))
            {
                _ready.Enqueue((Count, line[..inner]));
                line = line[inner..];
            }
            _ready.Enqueue((Count, line));
        }
        bool any = _ready.TryDequeue(out (int Number, string Text) next);
        (number, text) = any ? next : (0, "");
        return any;
    }

    /// <summary>Whether what stands before a timestamp is quoting or a log's own prefix rather than other output.</summary>
    private static bool IsPrefix(ReadOnlySpan<char> text)
    {
        LogLine line = LinePrefix.Strip(0, text.ToString());
        return line.Text.Length == 0 || (line.IsStamped && line.Text.EndsWith("kernel:", StringComparison.Ordinal));
    }

    private bool TryPhysical(out string text)
    {
        _line.Clear();
        bool any = false;
        while (true)
        {
            if (_used == _filled)
            {
                _filled = _reader.Read(_buffer);
                _used = 0;
                if (_filled <= 0)
                {
                    _filled = 0;
                    text = _line.ToString();
                    return any;
                }
            }
            ReadOnlySpan<char> rest = _buffer.AsSpan(_used, _filled - _used);
            int end = rest.IndexOf('\n');
            ReadOnlySpan<char> part = end < 0 ? rest : rest[..end];
            _line.Append(part[..Math.Min(part.Length, MaxLength - _line.Length)]);
            any = true;
            _used += end < 0 ? rest.Length : end + 1;
            if (end < 0)
                continue;
            text = _line.ToString();
            return true;
        }
    }
}
