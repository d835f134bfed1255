using Faultline.Elf.Unwind;

namespace Faultline.Elf.Dwarf;

/// <summary>The header of a line program (DWARF 5, section 6.2.4; earlier versions in DWARF 4): its files, and how its opcodes count.</summary>
internal sealed class LineHeader
{
    private const int MaxEntries = 1 << 16;
    private const int MaxFormats = 16;
    private const ulong DW_LNCT_path = 1;
    private const ulong DW_LNCT_directory_index = 2;

    private readonly DebugUnit _unit;
    private readonly List<AttributeValue> _folders = [];
    private readonly List<(AttributeValue Name, ulong Folder)> _files = [];
    private readonly DebugSections _sections;

    private LineHeader(DebugSections sections, DebugUnit unit, in UnitEncoding encoding)
    {
        _sections = sections;
        _unit = unit;
        Encoding = encoding;
    }

    /// <summary>Widths of the program's numbers.</summary>
    public UnitEncoding Encoding { get; private set; }

    /// <summary>Offset of the first opcode.</summary>
    public ulong Program { get; private set; }

    /// <summary>Offset after the last opcode.</summary>
    public ulong End { get; private set; }

    /// <summary>minimum_instruction_length.</summary>
    public byte InstructionLength { get; private set; }

    /// <summary>maximum_operations_per_instruction, at least 1.</summary>
    public byte OperationsPerInstruction { get; private set; } = 1;

    /// <summary>line_base: the least line advance of a special opcode.</summary>
    public sbyte LineBase { get; private set; }

    /// <summary>line_range: how many line advances special opcodes have; never 0.</summary>
    public byte LineRange { get; private set; }

    /// <summary>standard_opcode_lengths: operands of opcode n at n - 1.</summary>
    public byte[] OperandCounts { get; private set; } = [];

    /// <summary>Reads the header at the cursor; null when it is malformed or of a version that is not known.</summary>
    /// <param name="sections">Where strings are.</param>
    /// <param name="unit">The unit that the program belongs to.</param>
    /// <param name="cursor">On .debug_line, at the header.</param>
    public static LineHeader? Read(DebugSections sections, DebugUnit unit, DwarfCursor cursor)
    {
        if (!UnitEncoding.TryReadLength(cursor, out ulong length, out bool is64Bit) || length > cursor.End - cursor.Position)
        {
            return null;
        }

        ulong end = cursor.Position + length;
        ushort version = cursor.U16();
        if (version is < 2 or > 5)
        {
            return null;
        }

        byte addressSize = unit.Encoding.AddressSize;
        if (version == 5)
        {
            addressSize = cursor.U8();
            cursor.Skip(1);
        }

        UnitEncoding encoding = new(0, version, is64Bit, addressSize);
        LineHeader header = new(sections, unit, encoding) { End = end };
        ulong headerLength = encoding.ReadOffset(cursor);
        if (cursor.Failed || headerLength > end - Math.Min(end, cursor.Position))
        {
            return null;
        }

        header.Program = cursor.Position + headerLength;
        header.InstructionLength = cursor.U8();
        header.OperationsPerInstruction = version >= 4 ? Math.Max((byte)1, cursor.U8()) : (byte)1;
        cursor.Skip(1);
        header.LineBase = (sbyte)cursor.U8();
        header.LineRange = cursor.U8();
        int opcodeBase = cursor.U8();
        header.OperandCounts = new byte[Math.Max(0, opcodeBase - 1)];
        for (int i = 0; i < header.OperandCounts.Length; i++)
        {
            header.OperandCounts[i] = cursor.U8();
        }

        bool isRead = version == 5 ? header.ReadTables(cursor) : header.ReadOldTables(cursor);
        return isRead && header.LineRange != 0 && opcodeBase != 0 ? header : null;
    }

    /// <summary>The path of a file by its number in this program; empty when there is none.</summary>
    public string GetFile(ulong index)
    {
        // From version 5 on files and folders count from 0; before, from 1, and folder 0 is the one that the compiler ran in.
        bool isOld = Encoding.Version < 5;
        ulong at = isOld ? index - 1 : index;
        if (at >= (ulong)_files.Count)
        {
            return string.Empty;
        }

        (AttributeValue name, ulong folderIndex) = _files[(int)at];
        string file = GetString(name);
        if (file.StartsWith('/'))
        {
            return file;
        }

        ulong folderAt = isOld ? folderIndex - 1 : folderIndex;
        string folder = folderAt < (ulong)_folders.Count ? GetString(_folders[(int)folderAt]) : string.Empty;
        string path = folder.Length == 0 ? file : $"{folder}/{file}";
        bool isCompleted = path.StartsWith('/') || (!isOld && folderAt == 0) || _unit.Folder.Length == 0;
        return isCompleted ? path : $"{_unit.Folder}/{path}";
    }

    private string GetString(in AttributeValue value)
    {
        return (value.Form == DwarfForm.DW_FORM_string ? _sections.Lines?.ReadString(value.Bits) : _unit.GetString(value)) ?? string.Empty;
    }

    private bool ReadOldTables(DwarfCursor cursor)
    {
        while (_folders.Count < MaxEntries)
        {
            ulong position = cursor.Position;
            if (cursor.U8() == 0)
            {
                break;
            }

            cursor.SkipString();
            _folders.Add(new AttributeValue(DwarfForm.DW_FORM_string, position));
        }

        while (_files.Count < MaxEntries)
        {
            ulong position = cursor.Position;
            if (cursor.U8() == 0)
            {
                break;
            }

            cursor.SkipString();
            _files.Add((new AttributeValue(DwarfForm.DW_FORM_string, position), cursor.Uleb()));
            cursor.Uleb();
            cursor.Uleb();
        }

        return !cursor.Failed;
    }

    private bool ReadTables(DwarfCursor cursor)
    {
        return ReadTable(cursor, (name, _) => _folders.Add(name)) && ReadTable(cursor, (name, folder) => _files.Add((name, folder)));
    }

    private bool ReadTable(DwarfCursor cursor, Action<AttributeValue, ulong> add)
    {
        int formatCount = cursor.U8();
        (ulong Kind, DwarfForm Form)[] formats = new (ulong, DwarfForm)[Math.Min(formatCount, MaxFormats)];
        for (int i = 0; i < formats.Length; i++)
        {
            formats[i] = (cursor.Uleb(), (DwarfForm)Math.Min(cursor.Uleb(), ushort.MaxValue));
        }

        ulong count = cursor.Uleb();
        if (cursor.Failed || formatCount > MaxFormats || count > MaxEntries || (formatCount == 0 && count != 0))
        {
            return false;
        }

        for (ulong i = 0; i < count; i++)
        {
            AttributeValue name = default;
            ulong folder = 0;
            foreach ((ulong kind, DwarfForm form) in formats)
            {
                AttributeValue value = FormReader.Read(cursor, form, 0, Encoding);
                if (kind == DW_LNCT_path)
                {
                    name = value;
                }
                else if (kind == DW_LNCT_directory_index)
                {
                    folder = value.Bits;
                }
            }

            if (cursor.Failed)
            {
                return false;
            }

            add(name, folder);
        }

        return true;
    }
}
