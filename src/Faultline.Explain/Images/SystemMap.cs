using System.Globalization;
using System.IO.Compression;
using System.Text;
using Faultline.Elf.Sections;
using Faultline.Elf.Sources;

namespace Faultline.Explain.Images;

/// <summary>
/// The symbols of a kernel as nm(1) prints them: a System.map, or /proc/kallsyms, whose lines for modules are left out. The whole list is in memory:
/// 100,000 symbols take about 15 MB.
/// </summary>
internal sealed class SystemMap : ISymbolSource
{
    /// <summary>Most bytes of text, unpacked; a kernel's list has 5 MB.</summary>
    public const int LargestText = 64 << 20;

    /// <summary>Most symbols.</summary>
    public const int MaxSymbols = 1 << 20;

    private const int LongestLine = 4096;

    private readonly ImageSymbol[] _symbols;
    private readonly Dictionary<string, List<ImageSymbol>> _byName = new(StringComparer.Ordinal);

    private SystemMap(string name, ImageSymbol[] symbols)
    {
        Name = name;
        _symbols = symbols;
        foreach (ImageSymbol symbol in symbols)
        {
            if (!_byName.TryGetValue(symbol.Name, out List<ImageSymbol>? list))
                _byName.Add(symbol.Name, list = []);
            list.Add(symbol);
        }
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public string? ModuleName => null;

    /// <inheritdoc/>
    public bool IsRelocatable => false;

    /// <summary>How many symbols there are.</summary>
    public int Count => _symbols.Length;

    /// <summary>Reads a list; null with <paramref name="problem"/> set when it is none.</summary>
    public static SystemMap? Open(string path, IElfSource source, out string problem)
    {
        problem = "";
        Span<byte> magic = stackalloc byte[2];
        try
        {
            using Stream raw = new SourceStream(source, 0);
            using Stream text = source.TryReadExactly(0, magic) && magic is [0x1f, 0x8b] ? new GZipStream(raw, CompressionMode.Decompress) : raw;
            return Read(path, text, out problem);
        }
        catch (Exception e) when (e is InvalidDataException or IOException)
        {
            problem = $"{path}: not a list of symbols: {e.Message.TrimEnd('.')}";
            return null;
        }
    }

    /// <inheritdoc/>
    public ImageSymbol? FindAddress(ulong address)
    {
        int low = 0;
        int high = _symbols.Length;
        while (low < high)
        {
            int middle = low + ((high - low) / 2);
            if (_symbols[middle].Address <= address)
                low = middle + 1;
            else
                high = middle;
        }
        if (low == 0)
            return null;
        // Of several names of one place the kernel prints the first; a function's comes before a label's.
        ulong start = _symbols[low - 1].Address;
        ImageSymbol? best = null;
        for (int i = low - 1; i >= 0 && _symbols[i].Address == start; i--)
        {
            if (best is null || _symbols[i].IsFunction || !best.IsFunction)
                best = _symbols[i];
        }
        return address == start || address - start < best!.Extent ? best : null;
    }

    /// <inheritdoc/>
    public IReadOnlyList<ImageSymbol> FindName(string name) => _byName.TryGetValue(name, out List<ImageSymbol>? list) ? list : [];

    /// <inheritdoc/>
    public IReadOnlyList<SourceFrame> FindSource(ulong address) => [];

    /// <inheritdoc/>
    public StructMember? FindMember(string structure, ulong offset) => null;

    /// <inheritdoc/>
    public IReadOnlyList<StructMember> FindMembers(ulong address, ulong offset) => [];

    /// <inheritdoc/>
    public int Read(ulong address, Span<byte> destination) => 0;

    private static SystemMap? Read(string path, Stream text, out string problem)
    {
        List<(ulong Address, bool IsFunction, string Name)> lines = [];
        int wrong = 0;
        byte[] buffer = new byte[1 << 16];
        int used = 0;
        long total = 0;
        while (lines.Count < MaxSymbols && total < LargestText)
        {
            int count = text.Read(buffer, used, buffer.Length - used);
            used += count;
            total += count;
            int start = 0;
            while (start < used)
            {
                int end = buffer.AsSpan(start, used - start).IndexOf((byte)'\n');
                if (end < 0 && count != 0)
                    break;
                end = end < 0 ? used - start : end;
                if (!TryParse(buffer.AsSpan(start, end), lines))
                    wrong++;
                start += end + 1;
            }
            start = Math.Min(start, used);
            // A line that does not end is no line of such a list.
            used = used - start > LongestLine ? 0 : used - start;
            buffer.AsSpan(start, used).CopyTo(buffer);
            if (count == 0)
                break;
        }
        problem = lines.Count == 0 || wrong > lines.Count ? $"{path}: not a list of symbols (lines of the form 'ffffffff81000000 T _text')" : "";
        if (problem.Length != 0)
            return null;

        // A stable sort: names of one place keep the order of the list.
        (ulong Address, bool IsFunction, string Name)[] sorted = [.. lines.OrderBy(line => line.Address)];
        ImageSymbol[] symbols = new ImageSymbol[sorted.Length];
        ulong next = 0;
        for (int i = sorted.Length - 1; i >= 0; i--)
        {
            if (i + 1 < sorted.Length && sorted[i + 1].Address != sorted[i].Address)
                next = sorted[i + 1].Address;
            symbols[i] = new ImageSymbol
            {
                Name = sorted[i].Name,
                Address = sorted[i].Address,
                Extent = next == 0 ? 0 : next - sorted[i].Address,
                IsFunction = sorted[i].IsFunction,
            };
        }
        return new SystemMap(path, symbols);
    }

    private static bool TryParse(ReadOnlySpan<byte> line, List<(ulong Address, bool IsFunction, string Name)> lines)
    {
        int space = line.IndexOf((byte)' ');
        if (space is < 1 or > 16 || line.Length < space + 4 || line[space + 2] != ' '
            || !ulong.TryParse(line[..space], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ulong address))
            return line.IsEmpty;
        ReadOnlySpan<byte> name = line[(space + 3)..];
        int end = name.IndexOfAny((byte)'\t', (byte)'\r', (byte)' ');
        // kallsyms names the module after a tab; its addresses are not of the kernel's image.
        if (end >= 0 && name[end..].Contains((byte)'['))
            return true;
        bool isFunction = (line[space + 1] | 0x20) is 't' or 'w';
        lines.Add((address, isFunction, Encoding.UTF8.GetString(end < 0 ? name : name[..end])));
        return true;
    }
}
