using System.Text;

namespace Faultline.Linux.Syscalls.Strace;

// Names for numbers and bits.
internal static partial class ArgumentPrinter
{
    /// <summary>Appends the name of a number; one without a name in hexadecimal with a comment that says of what kind it is.</summary>
    private static void AppendName(StringBuilder line, ulong value, NamedValue[] table, string prefix)
    {
        foreach (NamedValue named in table)
        {
            if (named.Value == value)
            {
                line.Append(named.Name);
                return;
            }
        }
        AppendPlainHex(line, value);
        line.Append(" /* ").Append(prefix).Append(" */");
    }

    /// <summary>Appends the names of all bits, joined by bars; bits without a name as one number at the end.</summary>
    private static void AppendFlags(StringBuilder line, ulong value, NamedValue[] table, string prefix)
    {
        if (value == 0)
        {
            line.Append('0');
            return;
        }
        int start = line.Length;
        ulong rest = value;
        foreach (NamedValue named in table)
        {
            if ((rest & named.Value) != named.Value)
                continue;
            if (line.Length != start)
                line.Append('|');
            line.Append(named.Name);
            rest &= ~named.Value;
        }
        if (rest == 0)
            return;
        if (line.Length == start)
        {
            AppendPlainHex(line, rest);
            line.Append(" /* ").Append(prefix).Append(" */");
            return;
        }
        line.Append('|');
        AppendPlainHex(line, rest);
    }

    private static void AppendPlainHex(StringBuilder line, ulong value)
    {
        if (value == 0)
            line.Append('0');
        else
            line.Append("0x").Append(value.ToString("x"));
    }

    /// <summary>Flags whose lowest bits are a number, like the access mode of open(2) and the sharing type of mmap(2).</summary>
    private static void AppendTyped(StringBuilder line, ulong value, ulong mask, NamedValue[] types, NamedValue[] flags, string prefix)
    {
        AppendName(line, value & mask, types, prefix);
        if ((value & ~mask) == 0)
            return;
        line.Append('|');
        AppendFlags(line, value & ~mask, flags, prefix);
    }

    private static void AppendOctal(StringBuilder line, ulong value)
    {
        // As printf's %#03o: at least three characters, the first a zero.
        line.Append(("0" + Convert.ToString((long)value, 8)).PadLeft(3, '0'));
    }

    /// <summary>Appends <c>S_IFREG|0644</c>.</summary>
    private static void AppendFileMode(StringBuilder line, uint mode)
    {
        uint type = mode & 0xF000;
        if (type != 0)
        {
            AppendName(line, type, NameTables.FileType, "S_IF???");
            line.Append('|');
        }
        foreach ((uint bit, string name) in new[] { (0x800u, "S_ISUID|"), (0x400u, "S_ISGID|"), (0x200u, "S_ISVTX|") })
        {
            if ((mode & bit) != 0)
                line.Append(name);
        }
        AppendOctal(line, mode & 0x1FF);
    }
}
