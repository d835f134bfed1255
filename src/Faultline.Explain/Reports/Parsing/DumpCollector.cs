namespace Faultline.Explain.Reports.Parsing;

/// <summary>Joins lines of a dump that follow one another into one <see cref="MemoryDump"/>.</summary>
internal sealed class DumpCollector
{
    /// <summary>As much as the largest page of a dumped slab: what is past it is not kept.</summary>
    private const int MaxBytes = 1 << 16;

    private readonly List<MemoryDump> _dumps = [];

    private readonly List<byte> _bytes = [];

    private string _label = "";

    private ulong? _address;

    private ulong _next;

    private int _first;

    private int _last;

    private int _total;

    /// <summary>Adds a line.</summary>
    /// <param name="line">What it says.</param>
    /// <param name="heading">The label for lines that have none of their own.</param>
    /// <param name="number">Its number, from 1.</param>
    public void Add(DumpLine line, string heading, int number)
    {
        string label = line.Label.Length > 0 ? line.Label : heading;
        // An empty or cut line in between does not end a dump; another label does.
        if (_bytes.Count > 0 && (label != _label || number > _last + 2))
            Flush();
        if (_total >= MaxBytes)
            return;
        if (_bytes.Count == 0)
        {
            _label = label;
            _address = line.Address;
            _first = number;
        }
        else if (line.Address != _next)
        {
            // Hashed pointers do not follow one another, and then none of them is an address.
            _address = null;
        }
        _bytes.AddRange(line.Bytes);
        _total += line.Bytes.Length;
        _next = line.Address + (ulong)line.Bytes.Length;
        _last = number;
    }

    /// <summary>All dumps, the open one ended.</summary>
    public IReadOnlyList<MemoryDump> Finish()
    {
        Flush();
        return _dumps;
    }

    private void Flush()
    {
        if (_bytes.Count == 0)
            return;
        _dumps.Add(new MemoryDump { Label = _label, Address = _address, Bytes = _bytes.ToArray(), Line = _first, LastLine = _last });
        _bytes.Clear();
    }
}
