using Faultline.Elf.Tests.Support;
using Faultline.Elf.Unwind;

namespace Faultline.Elf.Tests.Unwind;

/// <summary>DWARF expressions on known bytes.</summary>
public sealed class ExpressionTests
{
    private const byte Lit = DwarfOp.DW_OP_lit0;

    private static UnwindStatus Evaluate(byte[] expression, out ulong result)
    {
        RegisterSet registers = default;
        registers[DwarfRegister.Rsp] = 0x1000;
        registers[DwarfRegister.Rip] = 0x2000;
        TestMemory memory = new TestMemory(0x1000, new byte[16]).Set(0x1000, 0x8877665544332211);
        ExpressionEvaluator evaluator = new(new TestMemory(0x5000, expression));
        RegisterRule rule = new(RuleKind.ValExpression, 0x5000, (ulong)expression.Length);
        return evaluator.Evaluate(rule, null, registers, 0x100, memory, out result);
    }

    [Theory]
    [InlineData(31UL, new byte[] { Lit + 31 })]
    [InlineData(0xfeUL, new byte[] { DwarfOp.DW_OP_const1u, 0xfe })]
    [InlineData(ulong.MaxValue - 1, new byte[] { DwarfOp.DW_OP_const1s, 0xfe })]
    [InlineData(0xfffeUL, new byte[] { DwarfOp.DW_OP_const2u, 0xfe, 0xff })]
    [InlineData(ulong.MaxValue - 1, new byte[] { DwarfOp.DW_OP_const2s, 0xfe, 0xff })]
    [InlineData(0xfffffffeUL, new byte[] { DwarfOp.DW_OP_const4u, 0xfe, 0xff, 0xff, 0xff })]
    [InlineData(ulong.MaxValue - 1, new byte[] { DwarfOp.DW_OP_const4s, 0xfe, 0xff, 0xff, 0xff })]
    [InlineData(0x0807060504030201UL, new byte[] { DwarfOp.DW_OP_const8u, 1, 2, 3, 4, 5, 6, 7, 8 })]
    [InlineData(0x0807060504030301UL, new byte[] { DwarfOp.DW_OP_addr, 1, 2, 3, 4, 5, 6, 7, 8 })]
    [InlineData(0x80UL, new byte[] { DwarfOp.DW_OP_constu, 0x80, 1 })]
    [InlineData(ulong.MaxValue, new byte[] { DwarfOp.DW_OP_consts, 0x7f })]
    [InlineData(0xff8UL, new byte[] { DwarfOp.DW_OP_breg0 + 7, 0x78 })]
    [InlineData(0x2001UL, new byte[] { DwarfOp.DW_OP_bregx, 16, 1 })]
    [InlineData(0x8877665544332211UL, new byte[] { DwarfOp.DW_OP_breg0 + 7, 0, DwarfOp.DW_OP_deref })]
    [InlineData(0x2211UL, new byte[] { DwarfOp.DW_OP_breg0 + 7, 0, DwarfOp.DW_OP_deref_size, 2 })]
    [InlineData(3UL, new byte[] { Lit + 3, Lit + 4, DwarfOp.DW_OP_drop })]
    [InlineData(3UL, new byte[] { Lit + 3, Lit + 4, DwarfOp.DW_OP_over })]
    [InlineData(2UL, new byte[] { Lit + 2, Lit + 3, Lit + 4, DwarfOp.DW_OP_pick, 2 })]
    [InlineData(1UL, new byte[] { Lit + 3, Lit + 4, DwarfOp.DW_OP_swap, DwarfOp.DW_OP_minus, DwarfOp.DW_OP_nop })]
    [InlineData(8UL, new byte[] { Lit + 2, Lit + 3, Lit + 8, DwarfOp.DW_OP_rot, DwarfOp.DW_OP_drop, DwarfOp.DW_OP_drop })]
    [InlineData(16UL, new byte[] { Lit + 4, DwarfOp.DW_OP_dup, DwarfOp.DW_OP_mul })]
    [InlineData(5UL, new byte[] { DwarfOp.DW_OP_const1s, 0xfb, DwarfOp.DW_OP_abs })]
    [InlineData(ulong.MaxValue - 4, new byte[] { Lit + 5, DwarfOp.DW_OP_neg })]
    [InlineData(ulong.MaxValue, new byte[] { Lit, DwarfOp.DW_OP_not })]
    [InlineData(2UL, new byte[] { Lit + 6, Lit + 3, DwarfOp.DW_OP_and })]
    [InlineData(7UL, new byte[] { Lit + 6, Lit + 3, DwarfOp.DW_OP_or })]
    [InlineData(5UL, new byte[] { Lit + 6, Lit + 3, DwarfOp.DW_OP_xor })]
    [InlineData(ulong.MaxValue - 1, new byte[] { DwarfOp.DW_OP_const1s, 0xfa, Lit + 3, DwarfOp.DW_OP_div })]
    [InlineData(0UL, new byte[] { Lit + 6, Lit + 3, DwarfOp.DW_OP_mod })]
    [InlineData(48UL, new byte[] { Lit + 6, Lit + 3, DwarfOp.DW_OP_shl })]
    [InlineData(0UL, new byte[] { Lit + 6, DwarfOp.DW_OP_const1u, 64, DwarfOp.DW_OP_shl })]
    [InlineData(1UL, new byte[] { DwarfOp.DW_OP_const1s, 0xff, DwarfOp.DW_OP_const1u, 63, DwarfOp.DW_OP_shr })]
    [InlineData(ulong.MaxValue, new byte[] { DwarfOp.DW_OP_const1s, 0x80, DwarfOp.DW_OP_const1u, 200, DwarfOp.DW_OP_shra })]
    [InlineData(1UL, new byte[] { DwarfOp.DW_OP_const1s, 0xff, Lit, DwarfOp.DW_OP_lt })]
    [InlineData(1UL, new byte[] { Lit, Lit, DwarfOp.DW_OP_le })]
    [InlineData(1UL, new byte[] { Lit, Lit, DwarfOp.DW_OP_eq })]
    [InlineData(0UL, new byte[] { Lit, Lit, DwarfOp.DW_OP_ne })]
    [InlineData(0UL, new byte[] { Lit, Lit, DwarfOp.DW_OP_gt })]
    [InlineData(1UL, new byte[] { Lit, Lit, DwarfOp.DW_OP_ge })]
    [InlineData(9UL, new byte[] { Lit + 9, DwarfOp.DW_OP_skip, 1, 0, Lit + 8 })]
    [InlineData(9UL, new byte[] { Lit + 9, Lit + 1, DwarfOp.DW_OP_bra, 1, 0, Lit + 8 })]
    [InlineData(8UL, new byte[] { Lit + 9, Lit, DwarfOp.DW_OP_bra, 1, 0, Lit + 8 })]
    [InlineData(10UL, new byte[] { Lit + 3, DwarfOp.DW_OP_plus_uconst, 7 })]
    public void Computes(ulong expected, byte[] expression)
    {
        Assert.Equal(UnwindStatus.Unwound, Evaluate(expression, out ulong result));
        Assert.Equal(expected, result);
    }

    [Fact]
    public void DividesTheSmallestNumberByMinusOne()
    {
        byte[] expression = [DwarfOp.DW_OP_const8u, 0, 0, 0, 0, 0, 0, 0, 0x80, DwarfOp.DW_OP_const1s, 0xff, DwarfOp.DW_OP_div];
        Assert.Equal(UnwindStatus.Unwound, Evaluate(expression, out ulong result));
        Assert.Equal(1UL << 63, result);
    }

    [Theory]
    [InlineData(UnwindStatus.BadTable, new byte[] { DwarfOp.DW_OP_breg0 + 30, 0 })]
    [InlineData(UnwindStatus.Unreadable, new byte[] { DwarfOp.DW_OP_breg0 + 3, 0 })]
    [InlineData(UnwindStatus.Unreadable, new byte[] { Lit, DwarfOp.DW_OP_deref })]
    [InlineData(UnwindStatus.BadTable, new byte[] { DwarfOp.DW_OP_breg0 + 7, 0, DwarfOp.DW_OP_deref_size, 3 })]
    [InlineData(UnwindStatus.BadTable, new byte[] { DwarfOp.DW_OP_deref })]
    [InlineData(UnwindStatus.BadTable, new byte[] { Lit, DwarfOp.DW_OP_pick, 1 })]
    [InlineData(UnwindStatus.BadTable, new byte[] { Lit + 1, DwarfOp.DW_OP_const2u, 1 })]
    [InlineData(UnwindStatus.BadTable, new byte[] { DwarfOp.DW_OP_drop })]
    internal void Refuses(UnwindStatus expected, byte[] expression)
    {
        Assert.Equal(expected, Evaluate(expression, out _));
    }
}
