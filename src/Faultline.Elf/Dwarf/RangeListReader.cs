using Faultline.Elf.Unwind;

namespace Faultline.Elf.Dwarf;

/// <summary>Lists of address ranges: .debug_ranges of DWARF 4 (section 2.17.3) and .debug_rnglists of DWARF 5 (section 7.25).</summary>
internal static class RangeListReader
{
    private const int MaxEntries = 1 << 16;

    private const byte DW_RLE_end_of_list = 0;
    private const byte DW_RLE_base_addressx = 1;
    private const byte DW_RLE_startx_endx = 2;
    private const byte DW_RLE_startx_length = 3;
    private const byte DW_RLE_offset_pair = 4;
    private const byte DW_RLE_base_address = 5;
    private const byte DW_RLE_start_end = 6;
    private const byte DW_RLE_start_length = 7;

    /// <summary>Adds the ranges of a list, without the empty ones.</summary>
    /// <returns>Whether the list was read to its end.</returns>
    public static bool Collect(DebugSections sections, DebugUnit unit, ulong offset, List<AddressRange> ranges, WorkBudget budget)
    {
        DebugSection? section = unit.Encoding.Version >= 5 ? sections.RangeLists : sections.Ranges;
        if (section is null)
        {
            return false;
        }

        DwarfCursor cursor = section.CreateCursor();
        cursor.Seek(offset, section.Length);
        return unit.Encoding.Version >= 5 ? CollectFive(cursor, unit, ranges, budget) : CollectFour(cursor, unit, ranges, budget);
    }

    private static bool CollectFour(DwarfCursor cursor, DebugUnit unit, List<AddressRange> ranges, WorkBudget budget)
    {
        bool isNarrow = unit.Encoding.AddressSize == 4;
        ulong escape = isNarrow ? uint.MaxValue : ulong.MaxValue;
        ulong start = unit.BaseAddress;
        for (int i = 0; i < MaxEntries && budget.Spend(1); i++)
        {
            ulong low = isNarrow ? cursor.U32() : cursor.U64();
            ulong high = isNarrow ? cursor.U32() : cursor.U64();
            if (cursor.Failed || (low == 0 && high == 0))
            {
                return !cursor.Failed;
            }

            if (low == escape)
            {
                start = high;
            }
            else
            {
                Add(ranges, start + low, start + high);
            }
        }

        return false;
    }

    private static bool CollectFive(DwarfCursor cursor, DebugUnit unit, List<AddressRange> ranges, WorkBudget budget)
    {
        ulong start = unit.BaseAddress;
        for (int i = 0; i < MaxEntries && budget.Spend(1); i++)
        {
            byte kind = cursor.U8();
            if (cursor.Failed || kind == DW_RLE_end_of_list)
            {
                return !cursor.Failed;
            }

            ulong low;
            switch (kind)
            {
                case DW_RLE_base_addressx:
                    start = unit.GetIndexedAddress(cursor.Uleb()) ?? 0;
                    break;
                case DW_RLE_startx_endx:
                    low = unit.GetIndexedAddress(cursor.Uleb()) ?? 0;
                    Add(ranges, low, unit.GetIndexedAddress(cursor.Uleb()) ?? 0);
                    break;
                case DW_RLE_startx_length:
                    low = unit.GetIndexedAddress(cursor.Uleb()) ?? 0;
                    Add(ranges, low, low + cursor.Uleb());
                    break;
                case DW_RLE_offset_pair:
                    low = start + cursor.Uleb();
                    Add(ranges, low, start + cursor.Uleb());
                    break;
                case DW_RLE_base_address:
                    start = Address(cursor, unit);
                    break;
                case DW_RLE_start_end:
                    low = Address(cursor, unit);
                    Add(ranges, low, Address(cursor, unit));
                    break;
                case DW_RLE_start_length:
                    low = Address(cursor, unit);
                    Add(ranges, low, low + cursor.Uleb());
                    break;
                default:
                    return false;
            }
        }

        return false;
    }

    private static ulong Address(DwarfCursor cursor, DebugUnit unit) => unit.Encoding.AddressSize == 4 ? cursor.U32() : cursor.U64();

    private static void Add(List<AddressRange> ranges, ulong low, ulong high)
    {
        if (low < high)
        {
            ranges.Add(new AddressRange(low, high));
        }
    }
}
