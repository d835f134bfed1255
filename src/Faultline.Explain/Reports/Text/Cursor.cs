using System.Globalization;

namespace Faultline.Explain.Reports.Text;

/// <summary>Reads a line from left to right. A method that finds what it wants moves past it; one that does not leaves the cursor.</summary>
internal ref struct Cursor
{
    private readonly ReadOnlySpan<char> _text;

    /// <summary>A cursor at the start of a line.</summary>
    public Cursor(ReadOnlySpan<char> text)
    {
        _text = text;
        Position = 0;
    }

    /// <summary>The index of the next character.</summary>
    public int Position { get; private set; }

    /// <summary>Whether the whole line was read.</summary>
    public readonly bool AtEnd => Position >= _text.Length;

    /// <summary>What is left.</summary>
    public readonly ReadOnlySpan<char> Rest => _text[Position..];

    /// <summary>The next character; 0 at the end.</summary>
    public readonly char Next => Position < _text.Length ? _text[Position] : '\0';

    /// <summary>Passes a literal.</summary>
    public bool Skip(string literal)
    {
        if (!Rest.StartsWith(literal, StringComparison.Ordinal))
            return false;
        Position += literal.Length;
        return true;
    }

    /// <summary>Passes one character.</summary>
    public bool Skip(char c)
    {
        if (Next != c || AtEnd)
            return false;
        Position++;
        return true;
    }

    /// <summary>Passes blanks and tabs, as many as there are.</summary>
    /// <returns>Whether there was one.</returns>
    public bool SkipBlanks()
    {
        int start = Position;
        while (Next is ' ' or '\t')
            Position++;
        return Position > start;
    }

    /// <summary>Moves behind the next occurrence of a literal.</summary>
    public bool SkipPast(string literal)
    {
        int at = Rest.IndexOf(literal, StringComparison.Ordinal);
        if (at < 0)
            return false;
        Position += at + literal.Length;
        return true;
    }

    /// <summary>Reads hexadecimal digits, without 0x, of which there must be between a least and a greatest number.</summary>
    public bool TryHex(out ulong value, int least = 1, int most = 16)
    {
        int length = 0;
        while (Position + length < _text.Length && char.IsAsciiHexDigit(_text[Position + length]))
            length++;
        value = 0;
        if (length < least || length > most)
            return false;
        value = ulong.Parse(_text.Slice(Position, length), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
        Position += length;
        return true;
    }

    /// <summary>Reads a hexadecimal number with or without 0x.</summary>
    public bool TryPrefixedHex(out ulong value)
    {
        int start = Position;
        Skip("0x");
        if (TryHex(out value))
            return true;
        Position = start;
        return false;
    }

    /// <summary>Reads a decimal number that fits 63 bits.</summary>
    public bool TryDecimal(out long value)
    {
        int length = 0;
        while (Position + length < _text.Length && char.IsAsciiDigit(_text[Position + length]))
            length++;
        if (!long.TryParse(_text.Slice(Position, length), NumberStyles.None, CultureInfo.InvariantCulture, out value))
            return false;
        Position += length;
        return true;
    }

    /// <summary>Reads a decimal number that fits 31 bits.</summary>
    public bool TryInt32(out int value)
    {
        int start = Position;
        value = 0;
        if (TryDecimal(out long wide) && wide <= int.MaxValue)
        {
            value = (int)wide;
            return true;
        }
        Position = start;
        return false;
    }

    /// <summary>Reads everything up to a character, which is passed too.</summary>
    public bool TryUntil(char end, out ReadOnlySpan<char> text)
    {
        int at = Rest.IndexOf(end);
        if (at < 0)
        {
            text = default;
            return false;
        }
        text = Rest[..at];
        Position += at + 1;
        return true;
    }

    /// <summary>Reads everything up to the next blank or the end; empty at a blank.</summary>
    public ReadOnlySpan<char> Word()
    {
        int length = 0;
        while (Position + length < _text.Length && _text[Position + length] is not (' ' or '\t'))
            length++;
        ReadOnlySpan<char> word = _text.Slice(Position, length);
        Position += length;
        return word;
    }
}
