using System.Buffers.Binary;

namespace Faultline.Elf.Unwind;

/// <summary>DW_EH_PE_ encodings of addresses in .eh_frame and .eh_frame_hdr (LSB, "DWARF Exception Header Encoding").</summary>
internal static class PointerEncoding
{
    /// <summary>No value is present.</summary>
    public const byte DW_EH_PE_omit = 0xff;

    /// <summary>Eight bytes.</summary>
    public const byte DW_EH_PE_absptr = 0x00;

    /// <summary>Unsigned LEB128.</summary>
    public const byte DW_EH_PE_uleb128 = 0x01;

    /// <summary>Two bytes, unsigned.</summary>
    public const byte DW_EH_PE_udata2 = 0x02;

    /// <summary>Four bytes, unsigned.</summary>
    public const byte DW_EH_PE_udata4 = 0x03;

    /// <summary>Eight bytes, unsigned.</summary>
    public const byte DW_EH_PE_udata8 = 0x04;

    /// <summary>Eight bytes, signed.</summary>
    public const byte DW_EH_PE_signed = 0x08;

    /// <summary>Signed LEB128.</summary>
    public const byte DW_EH_PE_sleb128 = 0x09;

    /// <summary>Two bytes, signed.</summary>
    public const byte DW_EH_PE_sdata2 = 0x0a;

    /// <summary>Four bytes, signed.</summary>
    public const byte DW_EH_PE_sdata4 = 0x0b;

    /// <summary>Eight bytes, signed.</summary>
    public const byte DW_EH_PE_sdata8 = 0x0c;

    /// <summary>Relative to the address of the value itself.</summary>
    public const byte DW_EH_PE_pcrel = 0x10;

    /// <summary>Relative to the start of the text.</summary>
    public const byte DW_EH_PE_textrel = 0x20;

    /// <summary>Relative to the start of the data: of .eh_frame_hdr in that section, of the GOT elsewhere.</summary>
    public const byte DW_EH_PE_datarel = 0x30;

    /// <summary>Relative to the start of the function.</summary>
    public const byte DW_EH_PE_funcrel = 0x40;

    /// <summary>Eight bytes at the next address divisible by eight.</summary>
    public const byte DW_EH_PE_aligned = 0x50;

    /// <summary>The value is the address where the address is.</summary>
    public const byte DW_EH_PE_indirect = 0x80;

    private const byte FormatMask = 0x0f;
    private const byte BaseMask = 0x70;

    /// <summary>Bytes of a value whose size does not depend on it, or 0.</summary>
    public static int SizeOf(byte encoding) => (encoding & FormatMask) switch
    {
        DW_EH_PE_absptr or DW_EH_PE_udata8 or DW_EH_PE_signed or DW_EH_PE_sdata8 => 8,
        DW_EH_PE_udata2 or DW_EH_PE_sdata2 => 2,
        DW_EH_PE_udata4 or DW_EH_PE_sdata4 => 4,
        _ => 0,
    };

    /// <summary>Reads a value without applying its base, as the range of an FDE is written.</summary>
    public static bool TryReadPlain(DwarfCursor cursor, byte encoding, out ulong value)
    {
        value = 0;
        switch (encoding & FormatMask)
        {
            case DW_EH_PE_absptr or DW_EH_PE_udata8 or DW_EH_PE_signed or DW_EH_PE_sdata8:
                value = cursor.U64();
                break;
            case DW_EH_PE_uleb128:
                value = cursor.Uleb();
                break;
            case DW_EH_PE_udata2:
                value = cursor.U16();
                break;
            case DW_EH_PE_udata4:
                value = cursor.U32();
                break;
            case DW_EH_PE_sleb128:
                value = (ulong)cursor.Sleb();
                break;
            case DW_EH_PE_sdata2:
                value = (ulong)(short)cursor.U16();
                break;
            case DW_EH_PE_sdata4:
                value = (ulong)(int)cursor.U32();
                break;
            default:
                return false;
        }

        return !cursor.Failed;
    }

    /// <summary>
    /// Reads an address. False for a malformed or omitted one and where the encoding needs a base that <paramref name="bases"/> does not have.
    /// </summary>
    public static bool TryRead(DwarfCursor cursor, byte encoding, in PointerBases bases, IMemoryReader memory, out ulong value)
    {
        value = 0;
        if (encoding == DW_EH_PE_omit)
        {
            return false;
        }

        if (encoding == DW_EH_PE_aligned)
        {
            cursor.Skip((0 - cursor.Position) & 7);
        }

        ulong self = cursor.Position;
        if (!TryReadPlain(cursor, encoding, out value))
        {
            return false;
        }

        // As in libgcc, 0 stands for no address and has no base added.
        if (value != 0)
        {
            ulong? origin = (encoding & BaseMask) switch
            {
                0 or DW_EH_PE_aligned => 0,
                DW_EH_PE_pcrel => self,
                DW_EH_PE_textrel => bases.Text,
                DW_EH_PE_datarel => bases.Data,
                DW_EH_PE_funcrel => bases.Function,
                _ => null,
            };
            if (origin is null)
            {
                return false;
            }

            value += origin.Value;
        }

        return (encoding & DW_EH_PE_indirect) == 0 || TryReadIndirect(memory, ref value);
    }

    private static bool TryReadIndirect(IMemoryReader memory, ref ulong value)
    {
        Span<byte> bytes = stackalloc byte[8];
        if (memory.Read(value, bytes) != bytes.Length)
        {
            return false;
        }

        value = BinaryPrimitives.ReadUInt64LittleEndian(bytes);
        return true;
    }
}
