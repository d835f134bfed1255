using Faultline.Explain.Reports.Text;

namespace Faultline.Explain.Reports.Parsing;

/// <summary>Reads what the kernel's <c>%pS</c> and <c>%pB</c> print.</summary>
internal static class SymbolParser
{
    /// <summary>The longest name kept; the kernel's own limit is 512 (<c>KSYM_NAME_LEN</c>).</summary>
    private const int MaxName = 1024;

    /// <summary>Reads <c>name+0x1e/0x40</c> and a module behind it: <c>[module]</c>, <c>[module buildid]</c>.</summary>
    public static bool TryRead(ref Cursor cursor, out SymbolReference? symbol)
    {
        symbol = null;
        Cursor ahead = cursor;
        int plus = ahead.Rest.IndexOf("+0x", StringComparison.Ordinal);
        if (plus is <= 0 or > MaxName)
            return false;
        ReadOnlySpan<char> name = ahead.Rest[..plus];
        if (!IsName(name) || !ahead.SkipPast("+0x") || !ahead.TryHex(out ulong offset))
            return false;
        ulong size = 0;
        if (ahead.Skip("/0x") && !ahead.TryHex(out size))
            return false;
        cursor = ahead;
        ReadModule(ref cursor, out string? module, out string? buildId);
        symbol = new SymbolReference { Name = name.ToString(), Offset = offset, Size = size, Module = module, BuildId = buildId };
        return true;
    }

    /// <summary>Reads a name up to the next blank without an offset, as tools print it that decoded the trace before.</summary>
    public static bool TryReadBareName(ref Cursor cursor, out SymbolReference? symbol)
    {
        Cursor ahead = cursor;
        ReadOnlySpan<char> name = ahead.Word();
        symbol = null;
        if (name.Length is 0 or > MaxName || !IsName(name) || char.IsAsciiDigit(name[0]))
            return false;
        cursor = ahead;
        symbol = new SymbolReference { Name = name.ToString(), Offset = 0, Size = 0 };
        return true;
    }

    /// <summary>Whether these are characters of a symbol: C's, dots of clones, and what C++ and Rust add.</summary>
    private static bool IsName(ReadOnlySpan<char> name)
    {
        if (name.IsEmpty)
            return false;
        foreach (char c in name)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('_' or '.' or '$' or '@' or ':' or '<' or '>' or ',' or '*' or '&' or '~' or '-'))
                return false;
        }
        return true;
    }

    private static void ReadModule(ref Cursor cursor, out string? module, out string? buildId)
    {
        module = buildId = null;
        Cursor ahead = cursor;
        ahead.SkipBlanks();
        if (!ahead.Skip('[') || !ahead.TryUntil(']', out ReadOnlySpan<char> inside) || inside.Length is 0 or > 128)
            return;
        if (inside is "inline" or "inlined")
            return;
        Cursor parts = new(inside);
        module = parts.Word().ToString();
        parts.SkipBlanks();
        if (!parts.AtEnd)
            buildId = parts.Word().ToString();
        cursor = ahead;
    }
}
