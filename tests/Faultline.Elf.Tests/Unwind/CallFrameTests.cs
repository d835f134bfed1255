using Faultline.Elf.Sources;
using Faultline.Elf.Tests.Support;
using Faultline.Elf.Unwind;

namespace Faultline.Elf.Tests.Unwind;

/// <summary>Call frame instructions on known bytes.</summary>
public sealed class CallFrameTests
{
    private const ulong Code = 0x401000;
    private const ulong Table = 0x500000;
    private const ulong Stack = 0x7ffe0000;

    private static readonly byte[] _standard = [Cfa.DW_CFA_def_cfa, 7, 8, Cfa.DW_CFA_offset | 16, 1];

    private static RegisterSet Registers(ulong rip)
    {
        RegisterSet registers = new() { IsExactPc = true };
        for (int i = 0; i < 16; i++)
        {
            registers[(DwarfRegister)i] = 0x1000UL + (ulong)i;
        }

        registers[DwarfRegister.Rsp] = Stack;
        registers[DwarfRegister.Rbp] = Stack + 0x40;
        registers[DwarfRegister.Rip] = rip;
        return registers;
    }

    private static TestMemory StackMemory()
    {
        TestMemory memory = new(Stack, new byte[0x100]);
        for (ulong i = 0; i < 0x100; i += 8)
        {
            memory.Set(Stack + i, 0xabc000 + i);
        }

        return memory;
    }

    /// <summary>A table in memory with an index.</summary>
    private static UnwindTable Build(EhFrameBuilder frames)
    {
        byte[] header = frames.Header(Table);
        byte[] bytes = new byte[0x1000];
        header.CopyTo(bytes, 0);
        frames.Bytes.CopyTo(bytes, 0x200);
        return UnwindTable.FromHeader(new TestMemory(Table, bytes), Table, new PointerBases(null, null, null))!;
    }

    private static UnwindTable Build(params byte[] instructions)
    {
        return Build(new EhFrameBuilder(Table + 0x200).Common("zR", 0x1b, _standard).Frame(Code, 0x100, instructions).End());
    }

    private static UnwindStatus Step(UnwindTable table, ulong rip, out RegisterSet caller)
    {
        return table.Unwind(Registers(rip), 0, StackMemory(), out caller);
    }

    [Fact]
    public void FollowsAPrologue()
    {
        UnwindTable table = Build(
            Cfa.DW_CFA_advance_loc | 1, Cfa.DW_CFA_def_cfa_offset, 16, Cfa.DW_CFA_offset | 6, 2,
            Cfa.DW_CFA_advance_loc | 3, Cfa.DW_CFA_def_cfa_register, 6);
        Assert.True(table.HasIndex);
        Assert.Equal(UnwindStatus.Unwound, Step(table, Code, out RegisterSet caller));
        Assert.Equal(0xabc000UL, caller.Rip);
        Assert.Equal(Stack + 8, caller.Rsp);
        Assert.Equal(Stack + 0x40, caller[DwarfRegister.Rbp]);
        Assert.False(caller.IsExactPc);

        Assert.Equal(UnwindStatus.Unwound, Step(table, Code + 1, out caller));
        Assert.Equal(0xabc008UL, caller.Rip);
        Assert.Equal(0xabc000UL, caller[DwarfRegister.Rbp]);

        Assert.Equal(UnwindStatus.Unwound, Step(table, Code + 4, out caller));
        Assert.Equal(0xabc048UL, caller.Rip);
        Assert.Equal(Stack + 0x50, caller.Rsp);
        Assert.Equal(0xabc040UL, caller[DwarfRegister.Rbp]);
    }

    [Fact]
    public void LooksUpTheCallAndNotTheReturnAddress()
    {
        EhFrameBuilder frames = new EhFrameBuilder(Table + 0x200)
            .Common("zR", 0x1b, _standard)
            .Frame(Code, 0x10, Cfa.DW_CFA_def_cfa_offset, 24)
            .Frame(Code + 0x10, 0x10)
            .End();
        UnwindTable table = Build(frames);
        RegisterSet registers = Registers(Code + 0x10);
        Assert.Equal(UnwindStatus.Unwound, table.Unwind(registers, 0, StackMemory(), out RegisterSet caller));
        Assert.Equal(Stack + 8, caller.Rsp);
        registers.IsExactPc = false;
        Assert.True(table.TryUnwind(registers, 0, StackMemory(), out caller));
        Assert.Equal(Stack + 24, caller.Rsp);
    }

    [Fact]
    public void KnowsWhatACalleePreserves()
    {
        Assert.Equal(UnwindStatus.Unwound, Step(Build(), Code, out RegisterSet caller));
        Assert.Equal(0x1003UL, caller[DwarfRegister.Rbx]);
        Assert.Equal(0x100fUL, caller[DwarfRegister.R15]);
        Assert.True(caller.IsKnown(DwarfRegister.R12));
        Assert.False(caller.IsKnown(DwarfRegister.Rax));
        Assert.False(caller.IsKnown(DwarfRegister.R11));
        Assert.Equal(0UL, caller[DwarfRegister.Rax]);
    }

    [Fact]
    public void AppliesEveryRule()
    {
        UnwindTable table = Build(
        [
            Cfa.DW_CFA_def_cfa_sf, 7, 0x7e,                                             // CFA = rsp + -2 * -8
            Cfa.DW_CFA_offset_extended, 3, 2,                                           // rbx at CFA-16
            Cfa.DW_CFA_offset_extended_sf, 12, 0x7f,                                    // r12 at CFA+8
            Cfa.DW_CFA_val_offset, 13, 1,                                               // r13 = CFA-8
            Cfa.DW_CFA_val_offset_sf, 14, 0x7e,                                         // r14 = CFA+16
            Cfa.DW_CFA_register, 15, 0,                                                 // r15 = rax
            Cfa.DW_CFA_undefined, 6,
            Cfa.DW_CFA_same_value, 0,
            Cfa.DW_CFA_expression, 1, 2, DwarfOp.DW_OP_plus_uconst, 0x20,               // rdx at CFA+32
            Cfa.DW_CFA_val_expression, 2, 3, DwarfOp.DW_OP_lit0 + 5, DwarfOp.DW_OP_plus, DwarfOp.DW_OP_nop, // rcx = CFA+5
            Cfa.DW_CFA_GNU_negative_offset_extended, 4, 1,                              // rsi at CFA+8
            Cfa.DW_CFA_GNU_args_size, 16,
            Cfa.DW_CFA_offset_extended, 40, 9,                                          // a column that is not followed
        ]);
        Assert.Equal(UnwindStatus.Unwound, Step(table, Code, out RegisterSet caller));
        Assert.Equal(0xabc008UL, caller.Rip);
        Assert.Equal(0xabc000UL, caller[DwarfRegister.Rbx]);
        Assert.Equal(0xabc018UL, caller[DwarfRegister.R12]);
        Assert.Equal(Stack + 8, caller[DwarfRegister.R13]);
        Assert.Equal(Stack + 0x20, caller[DwarfRegister.R14]);
        Assert.Equal(0x1000UL, caller[DwarfRegister.R15]);
        Assert.False(caller.IsKnown(DwarfRegister.Rbp));
        Assert.Equal(0x1000UL, caller[DwarfRegister.Rax]);
        Assert.Equal(0xabc030UL, caller[DwarfRegister.Rdx]);
        Assert.Equal(Stack + 21, caller[DwarfRegister.Rcx]);
        Assert.Equal(0xabc018UL, caller[DwarfRegister.Rsi]);
    }

    [Fact]
    public void RemembersAndRestores()
    {
        UnwindTable table = Build(
            Cfa.DW_CFA_def_cfa_offset, 24, Cfa.DW_CFA_offset | 3, 2, Cfa.DW_CFA_remember_state,
            Cfa.DW_CFA_advance_loc1, 4, Cfa.DW_CFA_def_cfa_offset, 8, Cfa.DW_CFA_restore | 3,
            Cfa.DW_CFA_advance_loc2, 4, 0, Cfa.DW_CFA_restore_state,
            Cfa.DW_CFA_advance_loc4, 4, 0, 0, 0, Cfa.DW_CFA_restore_extended, 3, Cfa.DW_CFA_def_cfa_offset_sf, 0x7c);
        Step(table, Code + 3, out RegisterSet caller);
        Assert.Equal((Stack + 24, 0xabc008UL), (caller.Rsp, caller[DwarfRegister.Rbx]));
        Step(table, Code + 4, out caller);
        Assert.Equal((Stack + 8, 0x1003UL), (caller.Rsp, caller[DwarfRegister.Rbx]));
        Step(table, Code + 8, out caller);
        Assert.Equal((Stack + 24, 0xabc008UL), (caller.Rsp, caller[DwarfRegister.Rbx]));
        Step(table, Code + 12, out caller);
        Assert.Equal((Stack + 32, 0x1003UL), (caller.Rsp, caller[DwarfRegister.Rbx]));
    }

    [Fact]
    public void SetsTheLocation()
    {
        // DW_CFA_set_loc holds an address in the encoding of the FDE, here relative to itself.
        EhFrameBuilder probe = new EhFrameBuilder(Table + 0x200).Common("zR", 0x04, _standard);
        UnwindTable table = Build(
            probe.Frame(Code, 0x100, [Cfa.DW_CFA_set_loc, .. BitConverter.GetBytes(Code + 0x20), Cfa.DW_CFA_def_cfa_offset, 32]).End());
        Step(table, Code + 0x1f, out RegisterSet caller);
        Assert.Equal(Stack + 8, caller.Rsp);
        Step(table, Code + 0x20, out caller);
        Assert.Equal(Stack + 32, caller.Rsp);
    }

    [Fact]
    public void UnwindsThroughThePltAndSignalFramesOfAFile()
    {
        ElfFile file = ElfFile.Open(new MemoryElfSource(SampleElf.Build(withSections: false)), out _)!;
        UnwindTable table = UnwindTable.Create(file)!;
        const ulong Bias = 0x10000000;
        RegisterSet registers = Registers(SampleElf.F2 + 10 + Bias);
        Assert.Equal(UnwindStatus.Unwound, table.Unwind(registers, Bias, StackMemory(), out RegisterSet caller));
        Assert.Equal(Stack + 8, caller.Rsp);
        registers[DwarfRegister.Rip] = SampleElf.F2 + 11 + Bias;
        Assert.Equal(UnwindStatus.Unwound, table.Unwind(registers, Bias, StackMemory(), out caller));
        Assert.Equal(Stack + 16, caller.Rsp);
        Assert.Equal(0xabc008UL, caller.Rip);

        registers[DwarfRegister.Rip] = SampleElf.Label + Bias;
        Assert.True(table.IsSignalTrampoline(registers, Bias));
        Assert.Equal(UnwindStatus.Unwound, table.Unwind(registers, Bias, StackMemory(), out caller));
        Assert.Equal(0xabc0a8UL, caller.Rip);
        Assert.True(caller.IsExactPc);

        registers[DwarfRegister.Rip] = SampleElf.Label + 0x10 + Bias;
        Assert.Equal(UnwindStatus.NoEntry, table.Unwind(registers, Bias, StackMemory(), out _));
        registers[DwarfRegister.Rip] = 0;
        Assert.Equal(UnwindStatus.NoEntry, table.Unwind(registers, Bias, StackMemory(), out _));
    }

    [Theory]
    [InlineData("zR", 0x00)]
    [InlineData("zR", 0x01)]
    [InlineData("zR", 0x02)]
    [InlineData("zR", 0x03)]
    [InlineData("zR", 0x04)]
    [InlineData("zR", 0x08)]
    [InlineData("zR", 0x09)]
    [InlineData("zR", 0x0b)]
    [InlineData("zR", 0x0c)]
    [InlineData("zR", 0x1b)]
    [InlineData("zR", 0x1c)]
    [InlineData("zR", 0x3b)]
    [InlineData("zR", 0x50)]
    [InlineData("", 0x00)]
    [InlineData("z", 0x00)]
    public void ReadsEveryEncoding(string augmentation, int encoding)
    {
        ulong code = (encoding & 0x0f) == 2 ? 0x4000 : Code;
        foreach (byte version in new byte[] { 1, 3, 4 })
        {
            EhFrameBuilder frames = new EhFrameBuilder(Table + 0x200) { DataBase = Table + 0x80 }
                .Common(augmentation, (byte)encoding, _standard, version)
                .Frame(code, 0x40, Cfa.DW_CFA_def_cfa_offset, 24)
                .End();
            byte[] bytes = new byte[0x400];
            frames.Header(Table).CopyTo(bytes, 0);
            frames.Bytes.CopyTo(bytes, 0x200);
            UnwindTable table = UnwindTable.FromHeader(new TestMemory(Table, bytes), Table, new PointerBases(null, Table + 0x80, null))!;
            Assert.Equal(UnwindStatus.Unwound, table.FindRow(code + 0x3f, out FrameEntry frame, out UnwindRow row));
            Assert.Equal((code, 0x40UL), (frame.Start, frame.Size));
            Assert.Equal(24UL, row.CfaOffset);
            Assert.Equal(UnwindStatus.NoEntry, table.FindRow(code + 0x40, out _, out _));
        }
    }

    [Fact]
    public void PassesOverPersonalityAndLanguageData()
    {
        EhFrameBuilder frames = new EhFrameBuilder(Table + 0x200)
            .Common("zPLR", 0x1b, _standard, augmentationData: [0x9b, 1, 2, 3, 4, 0x1b, 0x1b])
            .Frame(Code, 0x40)
            .End();
        UnwindTable table = Build(frames);
        Assert.Equal(UnwindStatus.Unwound, table.FindRow(Code, out FrameEntry frame, out _));
        Assert.Equal(0x1b, frame.Common.LsdaEncoding);
    }

    [Fact]
    public void StopsWhereTheReturnAddressIsUndefined()
    {
        Assert.Equal(UnwindStatus.EndOfStack, Step(Build(Cfa.DW_CFA_undefined, 16), Code, out _));
        UnwindTable table = Build();
        TestMemory zeros = new(Stack, new byte[64]);
        Assert.Equal(UnwindStatus.EndOfStack, table.Unwind(Registers(Code), 0, zeros, out _));
        Assert.Equal(UnwindStatus.Unreadable, table.Unwind(Registers(Code), 0, new TestMemory(0x1000, new byte[8]), out _));
    }

    [Fact]
    public void RefusesBadPrograms()
    {
        byte[][] programs =
        [
            [0x2d],                                                                     // DW_CFA_GNU_window_save: SPARC
            [0x3f],
            [Cfa.DW_CFA_restore_state],
            [Cfa.DW_CFA_def_cfa, 200, 1, 0],                                            // a register that does not exist
            [.. Enumerable.Repeat(Cfa.DW_CFA_remember_state, 100)],
            [Cfa.DW_CFA_def_cfa_offset, .. Enumerable.Repeat((byte)0xff, 20)],
            [Cfa.DW_CFA_def_cfa_expression, 0x7f, 0],                                   // longer than the entry
            [Cfa.DW_CFA_def_cfa_expression, 3, DwarfOp.DW_OP_skip, 0xfd, 0xff],         // an endless loop
            [Cfa.DW_CFA_def_cfa_expression, 3, DwarfOp.DW_OP_skip, 0xfc, 0xff],         // a jump out
            [Cfa.DW_CFA_def_cfa_expression, 4, DwarfOp.DW_OP_lit0, DwarfOp.DW_OP_skip, 0xfc, 0xff], // a growing stack
            [Cfa.DW_CFA_def_cfa_expression, 1, DwarfOp.DW_OP_plus],                     // an empty stack
            [Cfa.DW_CFA_def_cfa_expression, 0],
            [Cfa.DW_CFA_def_cfa_expression, 3, DwarfOp.DW_OP_lit0 + 1, DwarfOp.DW_OP_lit0, DwarfOp.DW_OP_div],
            [Cfa.DW_CFA_def_cfa_expression, 1, 0x97],                                   // DW_OP_push_object_address
            [Cfa.DW_CFA_def_cfa_expression, 2, DwarfOp.DW_OP_lit0, 0, Cfa.DW_CFA_def_cfa_offset, 8],
        ];
        for (int i = 0; i < programs.Length; i++)
        {
            Assert.True(Step(Build(programs[i]), Code, out _) == UnwindStatus.BadTable, $"program {i}");
        }
    }

    [Fact]
    public void WalksNoFurtherThanTheTableGoes()
    {
        byte[] bytes = SampleElf.Build(withSections: true, withIndex: false);
        ElfFile file = ElfFile.Open(new MemoryElfSource(bytes), out _)!;
        UnwindTable table = UnwindTable.Create(file)!;
        Assert.False(table.HasIndex);
        Assert.Equal(UnwindStatus.Unwound, table.FindRow(SampleElf.Label, out _, out _));
        Assert.Equal(UnwindStatus.NoEntry, table.FindRow(SampleElf.Label + 0x20, out _, out _));
        int section = file.Sections.Find(".eh_frame");
        BitConverter.TryWriteBytes(bytes.AsSpan((int)file.Sections.Headers[section].sh_offset), 0x7fffffff);
        Assert.Equal(UnwindStatus.BadTable, UnwindTable.Create(file)!.FindRow(SampleElf.Label, out _, out _));
    }
}
