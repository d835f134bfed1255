using System.Globalization;
using Faultline.Explain.Reports;

namespace Faultline.Explain.Decode.Syscalls;

/// <summary>
/// Registers and arrays by name, as kernels, debuggers and debugging output print them: <c>RAX: 00000000000000e7</c>, <c>r15 : 400</c>,
/// <c>rax 0x1 1</c>, <c>krbs[0]: 0x40a</c>, <c>RSP: 002b:00007ffd</c>. The last value of a name counts. Values are hexadecimal except what
/// ptrace tells (<c>nr</c>, <c>rval</c>, <c>is_error</c>), which is decimal unless it begins with 0x.
/// </summary>
internal sealed class RegisterDump
{
    /// <summary>Most values that are kept.</summary>
    public const int MaxValues = 4096;

    /// <summary>Most elements of an array that are kept.</summary>
    public const int MaxElements = 256;

    private readonly Dictionary<string, ulong> _values = new(StringComparer.OrdinalIgnoreCase);

    private readonly Dictionary<(string Name, int Index), ulong> _elements = [];

    /// <summary>Nothing yet.</summary>
    private RegisterDump()
    {
    }

    /// <summary>Whether nothing was found.</summary>
    public bool IsEmpty => _values.Count == 0 && _elements.Count == 0;

    /// <summary>The two bytes before the one that a <c>Code:</c> line marks: the instruction that entered the kernel. Null without such a line.</summary>
    public ushort? EntryBytes { get; private set; }

    /// <summary>A value by name, regardless of case; null when there is none.</summary>
    public ulong? this[string name] => _values.TryGetValue(name, out ulong value) ? value : null;

    /// <summary>The first of several names that has a value.</summary>
    public ulong? First(params ReadOnlySpan<string> names)
    {
        foreach (string name in names)
        {
            if (this[name] is { } value)
                return value;
        }
        return null;
    }

    /// <summary>An element of an array; null when there is none.</summary>
    public ulong? Element(string name, int index) => _elements.TryGetValue((name.ToUpperInvariant(), index), out ulong value) ? value : null;

    /// <summary>Reads text.</summary>
    public static RegisterDump Parse(string text)
    {
        RegisterDump dump = new();
        foreach (ReadOnlySpan<char> line in text.AsSpan().EnumerateLines())
        {
            dump.Line(line.Length > 4096 ? line[..4096] : line);
            if (dump._values.Count + dump._elements.Count >= MaxValues)
                break;
        }
        return dump;
    }

    /// <summary>What a report printed: its registers and what debugging output named.</summary>
    public static RegisterDump Of(RegisterFrame frame, IReadOnlyList<NamedValue> values)
    {
        RegisterDump dump = new();
        foreach (RegisterValue register in frame.Registers.Concat(frame.SystemRegisters))
            dump._values[register.Name] = register.Value;
        if (frame.CodeSelector is { } cs)
            dump._values["CS"] = cs;
        if (frame.InstructionPointer is { } ip)
            dump._values["RIP"] = ip;
        foreach (NamedValue value in values)
            dump.Add(value.Name, value.Index, value.Value);
        return dump;
    }

    private void Add(string name, int? index, ulong value)
    {
        if (index is not { } i)
            _values[name] = value;
        else if (i < MaxElements)
            _elements[(name.ToUpperInvariant(), i)] = value;
    }

    private void Line(ReadOnlySpan<char> line)
    {
        int code = line.IndexOf("Code:", StringComparison.Ordinal);
        if (code >= 0)
        {
            Code(line[(code + 5)..]);
            return;
        }
        bool any = false;
        for (int i = 0; i < line.Length; i++)
        {
            if (line[i] is ':' or '=' && TryName(line[..i], out string name, out int? index) && TryValue(line[(i + 1)..], name, out ulong value, out ulong? selector))
            {
                any = true;
                Add(name, index, value);
                if (selector is { } segment && name.Equals("RIP", StringComparison.OrdinalIgnoreCase))
                    Add("CS", null, segment);
            }
        }
        if (any)
            return;
        // A debugger's "info registers": name, hexadecimal value, the value in words.
        string[] words = line.ToString().Split((char[]?)null, 3, StringSplitOptions.RemoveEmptyEntries);
        if (words.Length >= 2 && words[1].StartsWith("0x", StringComparison.OrdinalIgnoreCase) && TryName(words[0], out string register, out int? element)
            && TryValue(words[1], register, out ulong number, out _))
            Add(register, element, number);
    }

    /// <summary>The name that ends a text, with an index in brackets.</summary>
    private static bool TryName(ReadOnlySpan<char> text, out string name, out int? index)
    {
        name = "";
        index = null;
        text = text.TrimEnd(' ');
        if (text.EndsWith("]"))
        {
            int open = text.LastIndexOf('[');
            if (open < 0 || text.Length - open > 8 || !int.TryParse(text[(open + 1)..^1], NumberStyles.None, CultureInfo.InvariantCulture, out int i))
                return false;
            index = i;
            text = text[..open].TrimEnd(' ');
        }
        int start = text.Length;
        while (start > 0 && text.Length - start < 40 && (char.IsAsciiLetterOrDigit(text[start - 1]) || text[start - 1] is '_' or '.'))
            start--;
        ReadOnlySpan<char> found = text[start..];
        // "entry.args" and "exit.rval" are ptrace's structure; "ar.bspstore" and "cr.ifs" are names with a dot in them.
        if (found.StartsWith("entry.") || found.StartsWith("exit."))
            found = found[(found.IndexOf('.') + 1)..];
        if (found.IsEmpty || !char.IsAsciiLetter(found[0]))
            return false;
        name = found.ToString();
        return true;
    }

    /// <summary>The value that begins a text: after an opening bracket, a selector or a sign.</summary>
    private static bool TryValue(ReadOnlySpan<char> text, string name, out ulong value, out ulong? selector)
    {
        value = 0;
        selector = null;
        text = text.TrimStart(' ').TrimStart("[<");
        bool negative = text.StartsWith("-");
        if (negative)
            text = text[1..];
        if (text.Length > 5 && text[4] == ':' && ulong.TryParse(text[..4], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ulong segment))
        {
            selector = segment;
            text = text[5..];
        }
        bool prefixed = text.StartsWith("0x", StringComparison.OrdinalIgnoreCase);
        if (prefixed)
            text = text[2..];
        int length = 0;
        while (length < text.Length && length < 17 && char.IsAsciiHexDigit(text[length]))
            length++;
        if (length is 0 or 17 || (length < text.Length && (char.IsAsciiLetterOrDigit(text[length]) || text[length] is '_' or ':')))
            return false;
        bool isDecimal = !prefixed && name.ToLowerInvariant() is "nr" or "rval" or "is_error";
        if (!ulong.TryParse(text[..length], isDecimal ? NumberStyles.None : NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out value))
            return false;
        if (negative)
            value = 0 - value;
        return true;
    }

    private void Code(ReadOnlySpan<char> line)
    {
        int mark = line.IndexOf('<');
        if (mark < 0)
            return;
        string[] before = line[..mark].ToString().Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (before.Length >= 2 && byte.TryParse(before[^2], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out byte first)
            && byte.TryParse(before[^1], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out byte second))
            EntryBytes = (ushort)((first << 8) | second);
    }
}
