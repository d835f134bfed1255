using Faultline.Elf.Headers;

namespace Faultline.Elf.Unwind;

/// <summary>
/// The unwind table of one image: finds the entry for an address, through the sorted index of .eh_frame_hdr or else entry by entry.
/// Not safe for use by several threads at once.
/// </summary>
internal sealed partial class UnwindTable
{
    /// <summary>Most entries that a search without an index looks at.</summary>
    private const int MaxLinearEntries = 1 << 20;

    private readonly IMemoryReader _image;
    private readonly EntryParser _parser;
    private readonly CfiInterpreter _interpreter;
    private readonly ExpressionEvaluator _evaluator;
    private readonly DwarfCursor _cursor;
    private readonly PointerBases _headerBases;
    private ulong _frames;
    private ulong _framesEnd;
    private ulong _index;
    private ulong _indexCount;
    private byte _indexEncoding;

    private UnwindTable(IMemoryReader image, in PointerBases bases, ulong header)
    {
        _image = image;
        _parser = new EntryParser(image, bases);
        _interpreter = new CfiInterpreter(image, bases);
        _evaluator = new ExpressionEvaluator(image);
        _cursor = new DwarfCursor(image);
        _headerBases = new PointerBases(null, header, null);
    }

    /// <summary>Whether the table has a sorted index.</summary>
    public bool HasIndex => _indexCount != 0;

    /// <summary>
    /// The table of a file: .eh_frame_hdr by PT_GNU_EH_FRAME, or the section .eh_frame. Null when the file has neither.
    /// </summary>
    public static UnwindTable? Create(ElfFile file)
    {
        ElfImageReader image = new(file);
        PointerBases bases = new(
            null, file.Dynamic.TryGet(Dynamic.DynamicTag.DT_PLTGOT, out ulong got) ? got : null, null);
        int index = file.FindSegment(SegmentType.PT_GNU_EH_FRAME);
        if (index >= 0 && FromHeader(image, file.ProgramHeaders[index].p_vaddr, bases) is UnwindTable table)
        {
            return table;
        }

        index = file.Sections.Find(".eh_frame");
        if (index < 0)
        {
            return null;
        }

        ref readonly SectionHeader section = ref file.Sections.Headers[index];
        ulong end = section.sh_addr + section.sh_size;
        return section.sh_type == SectionType.SHT_NOBITS || end < section.sh_addr
            ? null
            : new UnwindTable(image, bases, 0) { _frames = section.sh_addr, _framesEnd = end };
    }

    /// <summary>
    /// The table that an .eh_frame_hdr leads to, such as one of an image in guest memory, whose addresses then are run-time ones and whose
    /// bias is 0. Null when the header is malformed.
    /// </summary>
    public static UnwindTable? FromHeader(IMemoryReader image, ulong header, in PointerBases bases)
    {
        UnwindTable table = new(image, bases, header);
        return table.ReadHeader(header) ? table : null;
    }

    /// <summary>The entry that covers an address of the table's own memory (link-time for a file).</summary>
    public UnwindStatus Find(ulong address, out FrameEntry frame)
    {
        if (_indexCount == 0)
        {
            return FindLinear(address, out frame);
        }

        frame = default;
        if (!TrySearch(address, out ulong entry))
        {
            return UnwindStatus.BadTable;
        }

        if (entry == 0)
        {
            return UnwindStatus.NoEntry;
        }

        return _parser.Parse(entry, _framesEnd, out frame, out _) != EntryParser.Outcome.Frame
            ? UnwindStatus.BadTable
            : frame.Covers(address) ? UnwindStatus.Unwound : UnwindStatus.NoEntry;
    }

    private bool ReadHeader(ulong header)
    {
        _cursor.Seek(header, ulong.MaxValue);
        byte version = _cursor.U8();
        byte framesEncoding = _cursor.U8();
        byte countEncoding = _cursor.U8();
        byte indexEncoding = _cursor.U8();
        if (_cursor.Failed || version != 1 || !PointerEncoding.TryRead(_cursor, framesEncoding, _headerBases, _image, out _frames))
        {
            return false;
        }

        _framesEnd = ulong.MaxValue;
        if (countEncoding != PointerEncoding.DW_EH_PE_omit
            && indexEncoding != PointerEncoding.DW_EH_PE_omit
            && PointerEncoding.SizeOf(indexEncoding) != 0
            && PointerEncoding.TryRead(_cursor, countEncoding, _headerBases, _image, out ulong count))
        {
            // A count that leads past the end of memory is cut there; the search then meets unreadable entries and says so.
            ulong entrySize = 2 * (ulong)PointerEncoding.SizeOf(indexEncoding);
            _index = _cursor.Position;
            _indexCount = Math.Min(count, (ulong.MaxValue - _index) / entrySize);
            _indexEncoding = indexEncoding;
        }

        return true;
    }

    /// <summary>Binary search for the last index entry at or before an address; 0 when there is none.</summary>
    private bool TrySearch(ulong address, out ulong entry)
    {
        entry = 0;
        ulong entrySize = 2 * (ulong)PointerEncoding.SizeOf(_indexEncoding);
        ulong low = 0;
        ulong high = _indexCount;
        while (low < high)
        {
            ulong middle = low + ((high - low) / 2);
            _cursor.Seek(_index + (middle * entrySize), ulong.MaxValue);
            if (!PointerEncoding.TryRead(_cursor, _indexEncoding, _headerBases, _image, out ulong start)
                || !PointerEncoding.TryRead(_cursor, _indexEncoding, _headerBases, _image, out ulong frame))
            {
                return false;
            }

            if (start <= address)
            {
                entry = frame;
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return true;
    }

    private UnwindStatus FindLinear(ulong address, out FrameEntry frame)
    {
        ulong position = _frames;
        for (int i = 0; i < MaxLinearEntries && position < _framesEnd; i++)
        {
            EntryParser.Outcome outcome = _parser.Parse(position, _framesEnd, out frame, out ulong next);
            if (outcome == EntryParser.Outcome.Frame && frame.Covers(address))
            {
                return UnwindStatus.Unwound;
            }

            if (outcome == EntryParser.Outcome.Broken)
            {
                return UnwindStatus.BadTable;
            }

            if (outcome == EntryParser.Outcome.Terminator)
            {
                break;
            }

            position = next;
        }

        frame = default;
        return UnwindStatus.NoEntry;
    }
}
