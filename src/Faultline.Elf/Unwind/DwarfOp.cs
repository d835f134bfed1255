namespace Faultline.Elf.Unwind;

/// <summary>DWARF expression codes (DWARF 5, 7.7.1) that call frame information may use.</summary>
internal static class DwarfOp
{
#pragma warning disable CS1591 // The names are the standard's own and say all there is.
    public const byte DW_OP_addr = 0x03;
    public const byte DW_OP_deref = 0x06;
    public const byte DW_OP_const1u = 0x08;
    public const byte DW_OP_const1s = 0x09;
    public const byte DW_OP_const2u = 0x0a;
    public const byte DW_OP_const2s = 0x0b;
    public const byte DW_OP_const4u = 0x0c;
    public const byte DW_OP_const4s = 0x0d;
    public const byte DW_OP_const8u = 0x0e;
    public const byte DW_OP_const8s = 0x0f;
    public const byte DW_OP_constu = 0x10;
    public const byte DW_OP_consts = 0x11;
    public const byte DW_OP_dup = 0x12;
    public const byte DW_OP_drop = 0x13;
    public const byte DW_OP_over = 0x14;
    public const byte DW_OP_pick = 0x15;
    public const byte DW_OP_swap = 0x16;
    public const byte DW_OP_rot = 0x17;
    public const byte DW_OP_abs = 0x19;
    public const byte DW_OP_and = 0x1a;
    public const byte DW_OP_div = 0x1b;
    public const byte DW_OP_minus = 0x1c;
    public const byte DW_OP_mod = 0x1d;
    public const byte DW_OP_mul = 0x1e;
    public const byte DW_OP_neg = 0x1f;
    public const byte DW_OP_not = 0x20;
    public const byte DW_OP_or = 0x21;
    public const byte DW_OP_plus = 0x22;
    public const byte DW_OP_plus_uconst = 0x23;
    public const byte DW_OP_shl = 0x24;
    public const byte DW_OP_shr = 0x25;
    public const byte DW_OP_shra = 0x26;
    public const byte DW_OP_xor = 0x27;
    public const byte DW_OP_bra = 0x28;
    public const byte DW_OP_eq = 0x29;
    public const byte DW_OP_ge = 0x2a;
    public const byte DW_OP_gt = 0x2b;
    public const byte DW_OP_le = 0x2c;
    public const byte DW_OP_lt = 0x2d;
    public const byte DW_OP_ne = 0x2e;
    public const byte DW_OP_skip = 0x2f;
    public const byte DW_OP_lit0 = 0x30;
    public const byte DW_OP_lit31 = 0x4f;
    public const byte DW_OP_breg0 = 0x70;
    public const byte DW_OP_breg31 = 0x8f;
    public const byte DW_OP_bregx = 0x92;
    public const byte DW_OP_deref_size = 0x94;
    public const byte DW_OP_nop = 0x96;
#pragma warning restore CS1591
}
