using System.Buffers;
using Faultline.Explain.Reports.Text;

namespace Faultline.Explain.Reports.Parsing;

/// <summary>Reads lines of call traces.</summary>
internal static class TraceLine
{
    private static readonly SearchValues<char> _sectionCharacters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789#_");

    private static readonly SearchValues<char> _lineCharacters = SearchValues.Create("0123456789?");

    /// <summary>Reads an entry: <c>[&lt;address&gt;] ? name+0x1e/0x40 [module]</c>, every part of which may be missing but one.</summary>
    /// <param name="text">The line.</param>
    /// <param name="line">Its number, from 1.</param>
    /// <param name="section">The section that it stands in.</param>
    /// <returns>Null when the line is no entry.</returns>
    public static TraceEntry? Read(string text, int line, string? section)
    {
        Cursor cursor = new(text);
        cursor.SkipBlanks();
        bool hasAddress = TryReadAddress(ref cursor, out ulong? address);
        cursor.SkipBlanks();
        bool isUnreliable = cursor.Skip("? ");
        cursor.SkipBlanks();
        if (SymbolParser.TryRead(ref cursor, out SymbolReference? symbol))
        {
            if (!TryReadTail(cursor, out string? position, out bool isInlined))
                return null;
            return Make(address, symbol, isUnreliable, section, isInlined, position, line);
        }
        if (hasAddress && cursor.AtEnd)
            return Make(address, null, isUnreliable, section, false, null, line);
        Cursor bare = cursor;
        if (bare.Skip("0x") && bare.TryHex(out ulong number))
        {
            bare.SkipBlanks();
            // What the kernel cannot name it prints as a number, which other output does too: a trace has it alone on the line.
            return bare.AtEnd ? Make(number, null, isUnreliable, section, false, null, line) : null;
        }
        // Entries that a tool decoded have a source position in place of the offset.
        bare = cursor;
        if (SymbolParser.TryReadBareName(ref bare, out symbol) && TryReadTail(bare, out string? source, out bool inlined) && source is not null)
            return Make(address, symbol, isUnreliable, section, inlined, source, line);
        return null;
    }

    /// <summary>
    /// Reads a section's mark: <c>&lt;IRQ&gt;</c>, <c>&lt;/TASK&gt;</c>, <c>&lt;&lt;EOE&gt;&gt;</c>.
    /// </summary>
    /// <param name="text">The line.</param>
    /// <param name="section">The section that begins; null where one ends.</param>
    /// <param name="length">How much of the line the mark takes; older kernels print an entry behind it.</param>
    public static bool TryReadSection(string text, out string? section, out int length)
    {
        section = null;
        length = 0;
        Cursor cursor = new(text);
        cursor.SkipBlanks();
        if (!cursor.Skip('<'))
            return false;
        cursor.Skip('<');
        bool ends = cursor.Skip('/');
        if (!cursor.TryUntil('>', out ReadOnlySpan<char> name) || name.Length is 0 or > 16
            || name.ContainsAnyExcept(_sectionCharacters))
        {
            return false;
        }
        cursor.Skip('>');
        if (!ends && name is not ("EOI" or "EOE"))
            section = name.ToString();
        length = cursor.Position;
        return true;
    }

    /// <summary>Reads the line below an entry on Itanium: <c>sp=e00000010f2d54b0 bsp=e00000010f2d3738</c>.</summary>
    public static bool TryReadStacks(string text, out ulong stackPointer, out ulong backingStore)
    {
        stackPointer = backingStore = 0;
        Cursor cursor = new(text);
        cursor.SkipBlanks();
        if (!cursor.Skip("sp=") || !cursor.TryHex(out stackPointer))
            return false;
        cursor.SkipBlanks();
        return cursor.Skip("bsp=") && cursor.TryHex(out backingStore);
    }

    private static TraceEntry Make(
        ulong? address, SymbolReference? symbol, bool isUnreliable, string? section, bool isInlined, string? position, int line) => new()
        {
            Address = address,
            Symbol = symbol,
            IsUnreliable = isUnreliable,
            Section = section,
            IsInlined = isInlined,
            SourcePosition = position,
            Line = line,
        };

    /// <summary>An address in <c>[&lt;&gt;]</c>; null for one that the kernel hid.</summary>
    private static bool TryReadAddress(ref Cursor cursor, out ulong? address)
    {
        address = null;
        Cursor ahead = cursor;
        if (!ahead.Skip("[<") || !ahead.TryUntil('>', out ReadOnlySpan<char> digits) || !ahead.Skip(']'))
            return false;
        Cursor number = new(digits);
        if (number.TryHex(out ulong value) && number.AtEnd && value != 0)
            address = value;
        cursor = ahead;
        return true;
    }

    /// <summary>What may follow a symbol: reliability marks of arm64, <c>[inline]</c>, a source position. Anything else is no entry.</summary>
    private static bool TryReadTail(Cursor cursor, out string? position, out bool isInlined)
    {
        position = null;
        isInlined = false;
        while (true)
        {
            cursor.SkipBlanks();
            if (cursor.AtEnd)
                return true;
            if (cursor.Skip("[inline]") || cursor.Skip("[inlined]"))
            {
                isInlined = true;
            }
            else if (cursor.Skip('('))
            {
                if (!TryReadParenthesis(ref cursor, out string? inside))
                    return false;
                position ??= inside;
            }
            else
            {
                ReadOnlySpan<char> word = cursor.Word();
                if (position is not null || !IsPosition(word))
                    return false;
                position = word.ToString();
            }
        }
    }

    /// <summary>Up to the parenthesis that closes: a source position with or without <c>(discriminator 3)</c>, or letters.</summary>
    private static bool TryReadParenthesis(ref Cursor cursor, out string? position)
    {
        position = null;
        int depth = 1;
        int start = cursor.Position;
        ReadOnlySpan<char> rest = cursor.Rest;
        for (int i = 0; i < rest.Length; i++)
        {
            depth += rest[i] switch { '(' => 1, ')' => -1, _ => 0 };
            if (depth != 0)
                continue;
            ReadOnlySpan<char> inside = rest[..i];
            int blank = inside.IndexOf(' ');
            ReadOnlySpan<char> first = blank < 0 ? inside : inside[..blank];
            if (IsPosition(first))
                position = first.ToString();
            else if (inside.Length > 4)
                return false;
            while (cursor.Position < start + i + 1)
                cursor.Skip(cursor.Next);
            return true;
        }
        return false;
    }

    private static bool IsPosition(ReadOnlySpan<char> word)
    {
        int colon = word.LastIndexOf(':');
        if (colon <= 0 || colon == word.Length - 1)
            return false;
        return !word[(colon + 1)..].ContainsAnyExcept(_lineCharacters) && word[..colon].ContainsAny('.', '/');
    }
}
