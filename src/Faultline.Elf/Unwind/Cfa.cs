namespace Faultline.Elf.Unwind;

/// <summary>Call frame instruction codes (DWARF 5, 7.24), and the GNU ones.</summary>
internal static class Cfa
{
    /// <summary>In the two high bits: advance by the low six.</summary>
    public const byte DW_CFA_advance_loc = 0x40;

    /// <summary>In the two high bits: the register in the low six is at an unsigned factored offset.</summary>
    public const byte DW_CFA_offset = 0x80;

    /// <summary>In the two high bits: the register in the low six has its initial rule again.</summary>
    public const byte DW_CFA_restore = 0xc0;

    /// <summary>Nothing; padding.</summary>
    public const byte DW_CFA_nop = 0x00;

    /// <summary>The location is an address.</summary>
    public const byte DW_CFA_set_loc = 0x01;

    /// <summary>Advance by one byte's worth.</summary>
    public const byte DW_CFA_advance_loc1 = 0x02;

    /// <summary>Advance by two bytes' worth.</summary>
    public const byte DW_CFA_advance_loc2 = 0x03;

    /// <summary>Advance by four bytes' worth.</summary>
    public const byte DW_CFA_advance_loc4 = 0x04;

    /// <summary>DW_CFA_offset for any register.</summary>
    public const byte DW_CFA_offset_extended = 0x05;

    /// <summary>DW_CFA_restore for any register.</summary>
    public const byte DW_CFA_restore_extended = 0x06;

    /// <summary>The register is lost.</summary>
    public const byte DW_CFA_undefined = 0x07;

    /// <summary>The register is unchanged.</summary>
    public const byte DW_CFA_same_value = 0x08;

    /// <summary>The register is in another.</summary>
    public const byte DW_CFA_register = 0x09;

    /// <summary>Push the row.</summary>
    public const byte DW_CFA_remember_state = 0x0a;

    /// <summary>Pop the row.</summary>
    public const byte DW_CFA_restore_state = 0x0b;

    /// <summary>The CFA is a register plus an offset.</summary>
    public const byte DW_CFA_def_cfa = 0x0c;

    /// <summary>The CFA's register changes.</summary>
    public const byte DW_CFA_def_cfa_register = 0x0d;

    /// <summary>The CFA's offset changes.</summary>
    public const byte DW_CFA_def_cfa_offset = 0x0e;

    /// <summary>The CFA is an expression.</summary>
    public const byte DW_CFA_def_cfa_expression = 0x0f;

    /// <summary>The register is in memory where an expression says.</summary>
    public const byte DW_CFA_expression = 0x10;

    /// <summary>DW_CFA_offset_extended with a signed offset.</summary>
    public const byte DW_CFA_offset_extended_sf = 0x11;

    /// <summary>DW_CFA_def_cfa with a signed factored offset.</summary>
    public const byte DW_CFA_def_cfa_sf = 0x12;

    /// <summary>DW_CFA_def_cfa_offset with a signed factored offset.</summary>
    public const byte DW_CFA_def_cfa_offset_sf = 0x13;

    /// <summary>The register is the CFA plus an offset.</summary>
    public const byte DW_CFA_val_offset = 0x14;

    /// <summary>The register is the CFA plus a signed offset.</summary>
    public const byte DW_CFA_val_offset_sf = 0x15;

    /// <summary>The register is what an expression gives.</summary>
    public const byte DW_CFA_val_expression = 0x16;

    /// <summary>Size of the arguments pushed.</summary>
    public const byte DW_CFA_GNU_args_size = 0x2e;

    /// <summary>DW_CFA_offset_extended with the offset subtracted.</summary>
    public const byte DW_CFA_GNU_negative_offset_extended = 0x2f;
}
