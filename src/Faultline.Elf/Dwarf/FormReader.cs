using Faultline.Elf.Unwind;

namespace Faultline.Elf.Dwarf;

/// <summary>Reads one attribute (DWARF 5, section 7.5.6).</summary>
internal static class FormReader
{
    /// <summary>
    /// Reads the value at the cursor and leaves it behind it. A form that is not known makes the cursor fail, because nothing after it can be
    /// found.
    /// </summary>
    /// <param name="cursor">In .debug_info, or in the tables of a line program.</param>
    /// <param name="form">The form.</param>
    /// <param name="constant">The value of DW_FORM_implicit_const.</param>
    /// <param name="encoding">Widths of offsets and addresses.</param>
    public static AttributeValue Read(DwarfCursor cursor, DwarfForm form, long constant, in UnitEncoding encoding)
    {
        if (form == DwarfForm.DW_FORM_indirect)
        {
            form = (DwarfForm)Math.Min(cursor.Uleb(), ushort.MaxValue);
            if (form is DwarfForm.DW_FORM_indirect or DwarfForm.DW_FORM_implicit_const)
            {
                form = DwarfForm.None;
            }
        }

        ulong bits;
        switch (form)
        {
            case DwarfForm.DW_FORM_flag_present:
                bits = 1;
                break;
            case DwarfForm.DW_FORM_implicit_const:
                bits = (ulong)constant;
                break;
            case DwarfForm.DW_FORM_data1 or DwarfForm.DW_FORM_flag or DwarfForm.DW_FORM_strx1 or DwarfForm.DW_FORM_addrx1:
                bits = cursor.U8();
                break;
            case DwarfForm.DW_FORM_data2 or DwarfForm.DW_FORM_strx2 or DwarfForm.DW_FORM_addrx2:
                bits = cursor.U16();
                break;
            case DwarfForm.DW_FORM_strx3 or DwarfForm.DW_FORM_addrx3:
                bits = cursor.U16() | ((ulong)cursor.U8() << 16);
                break;
            case DwarfForm.DW_FORM_data4 or DwarfForm.DW_FORM_strx4 or DwarfForm.DW_FORM_addrx4 or DwarfForm.DW_FORM_ref_sup4:
                bits = cursor.U32();
                break;
            case DwarfForm.DW_FORM_data8 or DwarfForm.DW_FORM_ref_sig8 or DwarfForm.DW_FORM_ref_sup8:
                bits = cursor.U64();
                break;
            case DwarfForm.DW_FORM_udata or DwarfForm.DW_FORM_strx or DwarfForm.DW_FORM_addrx or DwarfForm.DW_FORM_loclistx or DwarfForm.DW_FORM_rnglistx:
                bits = cursor.Uleb();
                break;
            case DwarfForm.DW_FORM_sdata:
                bits = (ulong)cursor.Sleb();
                break;
            case DwarfForm.DW_FORM_addr:
                bits = encoding.AddressSize == 4 ? cursor.U32() : cursor.U64();
                break;
            case DwarfForm.DW_FORM_strp or DwarfForm.DW_FORM_line_strp or DwarfForm.DW_FORM_sec_offset or DwarfForm.DW_FORM_ref_addr
                or DwarfForm.DW_FORM_strp_sup or DwarfForm.DW_FORM_GNU_ref_alt or DwarfForm.DW_FORM_GNU_strp_alt:
                bits = encoding.ReadOffset(cursor);
                break;
            case DwarfForm.DW_FORM_ref1:
                bits = encoding.Start + cursor.U8();
                break;
            case DwarfForm.DW_FORM_ref2:
                bits = encoding.Start + cursor.U16();
                break;
            case DwarfForm.DW_FORM_ref4:
                bits = encoding.Start + cursor.U32();
                break;
            case DwarfForm.DW_FORM_ref8:
                bits = encoding.Start + cursor.U64();
                break;
            case DwarfForm.DW_FORM_ref_udata:
                bits = encoding.Start + cursor.Uleb();
                break;
            case DwarfForm.DW_FORM_string:
                bits = cursor.Position;
                cursor.SkipString();
                break;
            case DwarfForm.DW_FORM_data16:
                bits = cursor.Position;
                cursor.Skip(16);
                break;
            default:
                bits = SkipBlock(cursor, form);
                break;
        }

        return new AttributeValue(form, bits);
    }

    private static ulong SkipBlock(DwarfCursor cursor, DwarfForm form)
    {
        ulong length = form switch
        {
            DwarfForm.DW_FORM_block1 => cursor.U8(),
            DwarfForm.DW_FORM_block2 => cursor.U16(),
            DwarfForm.DW_FORM_block4 => cursor.U32(),
            DwarfForm.DW_FORM_block or DwarfForm.DW_FORM_exprloc => cursor.Uleb(),
            _ => ulong.MaxValue,
        };
        ulong start = cursor.Position;
        cursor.Skip(length);
        return start;
    }
}
