using Faultline.Elf.Unwind;

namespace Faultline.Elf.Dwarf;

/// <summary>Widths in which a unit or a line program writes its numbers.</summary>
/// <param name="Start">Offset in .debug_info of the unit, which its references count from; 0 for line programs.</param>
/// <param name="Version">DWARF version.</param>
/// <param name="Is64Bit">Whether offsets have 8 bytes rather than 4.</param>
/// <param name="AddressSize">Bytes of an address: 4 or 8.</param>
internal readonly record struct UnitEncoding(ulong Start, ushort Version, bool Is64Bit, byte AddressSize)
{
    /// <summary>Bytes of an offset.</summary>
    public int OffsetSize => Is64Bit ? 8 : 4;

    /// <summary>An offset at the cursor.</summary>
    public ulong ReadOffset(DwarfCursor cursor) => Is64Bit ? cursor.U64() : cursor.U32();

    /// <summary>
    /// The length that every unit begins with (DWARF 5, section 7.4): 4 bytes, or 0xffffffff and 8. False for the reserved values and at the end.
    /// </summary>
    public static bool TryReadLength(DwarfCursor cursor, out ulong length, out bool is64Bit)
    {
        const uint Escape = 0xffffffff;
        const uint FirstReserved = 0xfffffff0;
        length = cursor.U32();
        is64Bit = length == Escape;
        if (is64Bit)
        {
            length = cursor.U64();
        }
        else if (length >= FirstReserved)
        {
            return false;
        }

        return !cursor.Failed;
    }
}
