using Faultline.Explain.Reports;

namespace Faultline.Explain.Rules;

/// <summary>
/// Reads what a text says about PT_LOAD segments: the tables of <c>readelf -l</c> (one or two lines a segment) and <c>objdump -p</c>, and sentences such as
/// "the RX segment ends at 0x60ec1a0" or "PT_LOAD (RW) starting at 0x60ed1a0, p_align = 0x4000".
/// </summary>
internal sealed class SegmentStatements
{
    /// <summary>More statements than this are not kept.</summary>
    private const int Most = 64;

    /// <summary>How far behind its name something is still said of a segment: a row of a table has some twenty tokens.</summary>
    private const int Reach = 32;

    /// <summary>The same for alignments that no segment is named with.</summary>
    private const int MostLoose = 8;

    private readonly List<SegmentStatement> _read = [];

    /// <summary>Numbers of the open statement that no word names, in order: a row's columns.</summary>
    private readonly List<ulong> _columns = [];

    private readonly string[] _before = ["", "", ""];

    private SegmentStatement? _open;
    private Field _field;
    private int _left;
    private bool _wasNamed;
    private bool _isRange;
    private bool _mayBeRights;
    private ulong? _power;
    private ulong? _size;
    private int _loose;

    private enum Field
    {
        None,
        Offset,
        Start,
        End,
        Size,
        Alignment,
        Other,
    }

    /// <summary>The statements of a text in order, each segment once.</summary>
    public static IReadOnlyList<SegmentStatement> Read(IReadOnlyList<ReportLine> lines)
    {
        SegmentStatements reader = new();
        foreach (ReportLine line in lines)
        {
            if (reader._open is null && !line.Text.Contains("LOAD", StringComparison.Ordinal) && !line.Text.Contains("align", StringComparison.OrdinalIgnoreCase)
                && !line.Text.Contains("segment", StringComparison.Ordinal))
                continue;
            bool isFirst = true;
            foreach (StatementToken token in StatementToken.Read(line.Text))
            {
                // The next row of a table is another kind's.
                if (isFirst && (token.Text is "NOTE" or "DYNAMIC" or "INTERP" or "PHDR" or "TLS" or "STACK" or "RELRO" or "EH_FRAME" or "PROPERTY"
                    || token.Text.StartsWith("GNU_", StringComparison.Ordinal)))
                {
                    reader.Close();
                }
                isFirst = false;
                reader.Take(token, line.Number);
            }
            if (reader._read.Count >= Most)
                break;
        }
        reader.Close();
        return Merge(reader._read);
    }

    private void Take(StatementToken token, int line)
    {
        if (token.Value is { } value)
        {
            TakeNumber(value, token.IsHex, line);
        }
        else if (token.Text is "PT_LOAD" or "LOAD" || (token.Text is "segment" && !_wasNamed && RightsOf(_before) is not null))
        {
            Close();
            _open = new SegmentStatement { Line = line };
            if (RightsOf(_before) is { } rights)
                SetRights(_open, rights);
            _left = Reach;
            _wasNamed = _mayBeRights = true;
            Remember("");
            return;
        }
        else if (token.Text is "." or ";")
        {
            Close();
            Array.Fill(_before, "");
        }
        else
        {
            TakeWord(token.Text);
            Remember(token.Text);
        }
        _wasNamed = false;
        if (_open is not null && --_left == 0)
            Close();
    }

    private void TakeWord(string word)
    {
        if (_field == Field.Alignment && word is "=" or ":" or "*" or "is" or "of" or "to" or "(" or "align" or "`")
            return;
        if (word.ToLowerInvariant() is "p_align" or "align" or "alignment" or "aligned")
        {
            _field = Field.Alignment;
            _power = null;
            return;
        }
        if (_open is null)
        {
            _field = Field.None;
            return;
        }
        if (_mayBeRights && IsRights(word))
        {
            SetRights(_open, (_open.IsWritable == true ? "W" : "") + (_open.IsExecutable == true ? "X" : "") + word);
            return;
        }
        if (word is "-")
        {
            _isRange = _columns.Count == 1;
            return;
        }
        Field named = word.ToLowerInvariant() switch
        {
            "off" or "offset" or "p_offset" => Field.Offset,
            "vaddr" or "p_vaddr" or "virtaddr" or "start" or "starts" or "starting" or "begin" or "begins" or "beginning" or "from" => Field.Start,
            "end" or "ends" or "ending" or "until" => Field.End,
            "memsz" or "p_memsz" => Field.Size,
            "paddr" or "p_paddr" or "filesz" or "p_filesz" => Field.Other,
            "to" when _open.Start is not null && _open.End is null => Field.End,
            _ => Field.None,
        };
        if (word is "flags" or "flg" or "(" or ",")
            _mayBeRights = true;
        else if (named != Field.None)
            _mayBeRights = false;
        // "ending at", "starts at address": words between the name of a value and the value.
        if (named != Field.None || word is not ("at" or "address" or "=" or ":" or "(" or "`"))
            _field = named;
    }

    private void TakeNumber(ulong value, bool isHex, int line)
    {
        if (_field == Field.Alignment)
        {
            TakeAlignment(value, line);
            return;
        }
        Field field = _field;
        _field = Field.None;
        if (_open is null || !isHex)
            return;
        _mayBeRights = true;
        switch (field)
        {
            case Field.Offset:
                _open.Offset ??= value;
                break;
            case Field.Start:
                _open.Start ??= value;
                break;
            case Field.End:
                _open.End ??= value;
                break;
            case Field.Size:
                _size ??= value;
                break;
            case Field.Other:
                break;
            default:
                if (_isRange && _columns.Count == 1)
                    (_open.Start, _open.End) = (_open.Start ?? _columns[0], _open.End ?? value);
                _isRange = false;
                if (_columns.Count < 6)
                    _columns.Add(value);
                break;
        }
    }

    /// <summary>A number, or objdump's 2**12.</summary>
    private void TakeAlignment(ulong value, int line)
    {
        if (_power is null && value == 2)
        {
            _power = value;
            return;
        }
        _field = Field.None;
        if (_power is not null)
            value = value < 64 ? 1UL << (int)value : 0;
        _power = null;
        if (value < 2)
            return;
        if (_open is not null)
        {
            _open.Alignment ??= value;
            return;
        }
        // Assembly is full of .align.
        if (_loose++ < MostLoose)
            _read.Add(new SegmentStatement { Line = line, Alignment = value });
    }

    private void Close()
    {
        if (_open is { } open)
        {
            // readelf: offset, virtual and physical address, size in the file and in memory, and behind the rights the alignment.
            if (_columns.Count >= 5 && open.Start is null)
            {
                (open.Offset, open.Start) = (_columns[0], _columns[1]);
                _size = _columns[4];
                if (_columns.Count == 6)
                    open.Alignment ??= _columns[5];
            }
            if (open.End is null && open.Start is { } start && _size is { } size && size <= ulong.MaxValue - start)
                open.End = start + size;
            if (open.HasFacts)
                _read.Add(open);
        }
        _open = null;
        _columns.Clear();
        _field = Field.None;
        _isRange = _mayBeRights = false;
        _power = _size = null;
    }

    private void Remember(string word)
    {
        (_before[0], _before[1], _before[2]) = (_before[1], _before[2], word);
    }

    /// <summary>Rights that the words before a segment's name give: "an RX PT_LOAD", "the later writable segment".</summary>
    private static string? RightsOf(string[] words)
    {
        foreach (string word in words)
        {
            if (IsRights(word) && word.Length > 1)
                return word;
            if (word.EndsWith("writable", StringComparison.Ordinal))
                return "RW";
            if (word.EndsWith("executable", StringComparison.Ordinal))
                return "RX";
        }
        return null;
    }

    private static bool IsRights(string word) =>
        word.Length is >= 1 and <= 3 && (!word.AsSpan().ContainsAnyExcept("RWEX") || !word.AsSpan().ContainsAnyExcept("rwx"));

    private static void SetRights(SegmentStatement statement, string rights)
    {
        statement.IsWritable = rights.AsSpan().ContainsAny('W', 'w');
        statement.IsExecutable = rights.AsSpan().ContainsAny("EXx");
    }

    /// <summary>Gives alignments that stand alone to the segments that they may be about, and leaves out what is said twice.</summary>
    private static List<SegmentStatement> Merge(List<SegmentStatement> read)
    {
        List<SegmentStatement> segments = [.. read.Where(s => s.Start is not null || s.End is not null)];
        foreach (SegmentStatement alone in read.Where(s => s.Start is null && s.End is null))
        {
            foreach (SegmentStatement segment in segments.Where(s => s.Alignment is null && s.HasSameRights(alone)))
                segment.Alignment = alone.Alignment;
        }
        return [.. segments.DistinctBy(s => (s.Start, s.End))];
    }
}
