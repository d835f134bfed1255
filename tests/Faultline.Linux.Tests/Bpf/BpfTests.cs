using Faultline.Linux.Bpf;

namespace Faultline.Linux.Tests.Bpf;

/// <summary>The check and the execution of classic BPF programs.</summary>
public class BpfTests
{
    private const ushort LoadWord = BpfCode.LD | BpfCode.W | BpfCode.ABS;
    private const ushort LoadByteX = BpfCode.LD | BpfCode.B | BpfCode.IND;
    private const ushort LoadImmediate = BpfCode.LD | BpfCode.IMM;
    private const ushort LoadXImmediate = BpfCode.LDX | BpfCode.IMM;
    private const ushort ReturnA = BpfCode.RET | BpfCode.A;
    private const ushort ReturnK = BpfCode.RET | BpfCode.K;

    private static readonly byte[] _packet = [.. Enumerable.Range(0, 64).Select(i => (byte)(i * 3 + 1))];

    [Fact]
    public void LoadsAreBigEndianAndEndTheProgramBeyondThePacket()
    {
        Assert.Equal(0x0104070Au, Run([new(LoadWord, 0, 0, 0), new(ReturnA, 0, 0, 0)]));
        Assert.Equal(0u, Run([new(LoadWord, 0, 0, 61), new(ReturnK, 0, 0, 7)]));
        Assert.Equal(7u, Run([new(LoadWord, 0, 0, 60), new(ReturnK, 0, 0, 7)]));
        Assert.Equal(0u, Run([new(LoadXImmediate, 0, 0, uint.MaxValue), new(LoadByteX, 0, 0, 0), new(ReturnK, 0, 0, 7)]));
        Assert.Equal(4u * 4, Run([new(BpfCode.LDX | BpfCode.B | BpfCode.MSH, 0, 0, 1), new(BpfCode.MISC | BpfCode.TXA, 0, 0, 0), new(ReturnA, 0, 0, 0)]));
        Assert.Equal(64u, Run([new(BpfCode.LD | BpfCode.W | BpfCode.LEN, 0, 0, 0), new(ReturnA, 0, 0, 0)]));
    }

    [Theory]
    [InlineData(BpfCode.DIV, 0u, 0u)]
    [InlineData(BpfCode.MOD, 0u, 0u)]
    [InlineData(BpfCode.DIV, 7u, 14u)]
    [InlineData(BpfCode.MOD, 7u, 2u)]
    [InlineData(BpfCode.LSH, 33u, 200u)]
    [InlineData(BpfCode.RSH, 33u, 50u)]
    [InlineData(BpfCode.SUB, 101u, uint.MaxValue)]
    [InlineData(BpfCode.XOR, 1u, 101u)]
    public void ComputesWithX(int operation, uint x, uint expected)
    {
        ushort code = (ushort)(BpfCode.ALU | operation | BpfCode.X);
        Assert.Equal(expected, Run([new(LoadXImmediate, 0, 0, x), new(LoadImmediate, 0, 0, 100), new(code, 0, 0, 0), new(ReturnA, 0, 0, 0)]));
    }

    [Fact]
    public void RefusesWhatLinuxRefuses()
    {
        BpfInstruction end = new(ReturnK, 0, 0, 1);
        Assert.False(BpfVerifier.IsValid([]));
        Assert.False(BpfVerifier.IsValid(new BpfInstruction[4097]));
        Assert.False(BpfVerifier.IsValid([new(LoadImmediate, 0, 0, 0)]));
        Assert.False(BpfVerifier.IsValid([new(0xFFFF, 0, 0, 0), end]));
        Assert.False(BpfVerifier.IsValid([new(BpfCode.ALU | BpfCode.DIV, 0, 0, 0), end]));
        Assert.False(BpfVerifier.IsValid([new(BpfCode.ALU | BpfCode.LSH, 0, 0, 32), end]));
        Assert.False(BpfVerifier.IsValid([new(BpfCode.ST, 0, 0, 16), end]));
        Assert.False(BpfVerifier.IsValid([new(BpfCode.LD | BpfCode.MEM, 0, 0, 3), end]));
        Assert.False(BpfVerifier.IsValid([new(BpfCode.JMP, 0, 0, 1), end]));
        Assert.False(BpfVerifier.IsValid([new(BpfCode.JMP, 0, 0, uint.MaxValue), end]));
        Assert.False(BpfVerifier.IsValid([new(BpfCode.JMP | BpfCode.JEQ, 0, 1, 0), end]));
        Assert.False(BpfVerifier.IsValid([new(LoadWord, 0, 0, BpfCode.AncillaryOffset + 64), end]));
        // Written on one of two ways only.
        Assert.False(BpfVerifier.IsValid([new(BpfCode.JMP | BpfCode.JEQ, 0, 1, 0), new(BpfCode.ST, 0, 0, 3), new(BpfCode.LD | BpfCode.MEM, 0, 0, 3), end]));
        Assert.True(BpfVerifier.IsValid([new(BpfCode.ST, 0, 0, 3), new(BpfCode.LD | BpfCode.MEM, 0, 0, 3), end]));
        Assert.True(BpfVerifier.IsValid([new(LoadWord, 0, 0, BpfCode.AncillaryOffset + 40), end]));
        Assert.Null(BpfProgram.ForSeccomp([new(LoadWord, 0, 0, 64), end]));
        Assert.Null(BpfProgram.ForSeccomp([new(LoadWord, 0, 0, 2), end]));
        Assert.Null(BpfProgram.ForSeccomp([new(LoadByteX, 0, 0, 0), end]));
        Assert.NotNull(BpfProgram.ForSeccomp([new(LoadWord, 0, 0, 60), end]));
    }

    /// <summary>Programs of random instructions, most of them nearly right: whatever passes must end, without an exception, on packets of any length.</summary>
    [Fact]
    public void WhatPassesEnds()
    {
        Random random = new(20240607);
        ushort[] codes = [.. Enumerable.Range(0, 256).Select(code => (ushort)code).Where(code => BpfVerifier.IsValid([new(code, 0, 0, 1), new(code, 0, 0, 1), new(ReturnK, 0, 0, 0)])
            || (code & 7) is BpfCode.LD or BpfCode.LDX)];
        int passed = 0, seccomp = 0;
        for (int round = 0; round < 200_000; round++)
        {
            BpfInstruction[] code = new BpfInstruction[random.Next(1, 24)];
            for (int i = 0; i < code.Length; i++)
            {
                uint k = random.Next(8) switch { 0 => (uint)random.NextInt64(), 1 => BpfCode.AncillaryOffset + (uint)random.Next(80), _ => (uint)random.Next(20) };
                code[i] = new BpfInstruction(random.Next(40) == 0 ? (ushort)random.Next(0x10000) : codes[random.Next(codes.Length)], (byte)random.Next(4), (byte)random.Next(4), k);
            }
            if (random.Next(10) != 0)
                code[^1] = new BpfInstruction(random.Next(2) == 0 ? ReturnA : ReturnK, 0, 0, 1);
            if (BpfProgram.ForPackets(code) is { } program)
            {
                passed++;
                _ = program.Run(_packet.AsSpan(0, random.Next(_packet.Length)));
                _ = program.Run([]);
            }
            if (BpfProgram.ForSeccomp(code) is { } filter)
            {
                seccomp++;
                _ = filter.Run(_packet);
            }
        }
        Assert.True(passed > 2000, $"only {passed} programs passed");
        Assert.True(seccomp > 500, $"only {seccomp} filters of system calls passed");
    }

    private static uint Run(BpfInstruction[] code)
    {
        BpfProgram? program = BpfProgram.ForPackets(code);
        Assert.NotNull(program);
        return program.Run(_packet);
    }
}
