using System.Runtime.Intrinsics;
using Faultline.Cpu.State;
using Faultline.Memory;
using static Iced.Intel.AssemblerRegisters;

namespace Faultline.Cpu.Tests.Vector;

/// <summary>AVX rules that hold whatever the instruction: what is cleared, what may be misaligned, what a mask keeps from faulting.</summary>
public sealed unsafe class AvxTests
{
    private const ulong End = GuestCode.DataStart + 0x10000;

    private static readonly Vector512<uint> s_ones = Vector512<uint>.AllBitsSet;

    [Fact]
    public void ResultsClearTheRegisterAboveThem()
    {
        using GuestCode guest = Guest();
        guest.Run(a =>
        {
            a.vpaddd(xmm0, xmm1, xmm2);
            a.vpaddd(ymm3, ymm4, ymm5);
            a.vmovdqu(xmm6, xmm7);
            a.paddd(xmm8, xmm9);
        });
        Assert.Equal(Vector512.Create(Vector256.Create(Vector128.Create(0xfffffffeu), default), default), Register(guest, 0));
        Assert.Equal(Vector512.Create(Vector256.Create(0xfffffffeu), default), Register(guest, 3));
        Assert.Equal(Vector512.Create(Vector256.Create(Vector128.Create(uint.MaxValue), default), default), Register(guest, 6));
        Assert.Equal(s_ones.WithLower(Register(guest, 8).GetLower()), Register(guest, 8));
        Assert.Equal(Vector128.Create(uint.MaxValue), Register(guest, 8).GetLower().GetUpper());
    }

    [Fact]
    public void ZeroUpperAndZeroAllLeaveTheRegistersAbove15()
    {
        using GuestCode guest = Guest();
        guest.Run(a => a.vzeroupper());
        Assert.Equal(Vector512.Create(Vector256.Create(Vector128.Create(uint.MaxValue), default), default), Register(guest, 15));
        Assert.Equal(s_ones, Register(guest, 16));
        guest.Run(a => a.vzeroall());
        Assert.Equal(Vector512<uint>.Zero, Register(guest, 0));
        Assert.Equal(s_ones, Register(guest, 16));
    }

    [Fact]
    public void OnlyAlignedMovesNeedAlignment()
    {
        using GuestCode guest = Guest();
        guest.Run(a =>
        {
            a.vpaddd(ymm0, ymm1, __ymmword_ptr[GuestCode.DataStart + 1]);
            a.vmovups(__ymmword_ptr[GuestCode.DataStart + 1], ymm1);
        });
        // Aligned for XMM, not for YMM.
        guest.Assemble(a => a.vmovaps(ymm0, __ymmword_ptr[GuestCode.DataStart + 16]));
        Assert.Equal(ExitReason.GeneralProtection, guest.Processor.Run());
        guest.Assemble(a => a.vmovntdq(__ymmword_ptr[GuestCode.DataStart + 16], ymm0));
        Assert.Equal(ExitReason.GeneralProtection, guest.Processor.Run());
        guest.Run(a => a.vmovaps(xmm0, __xmmword_ptr[GuestCode.DataStart + 16]));
    }

    [Fact]
    public void LanesThatAreNotSelectedCannotFault()
    {
        using GuestCode guest = Guest();
        Register(guest, 1) = Vector512.Create(0x80000000, 0, 0x80000000, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
        Register(guest, 2) = Vector512.Create(7u);
        guest.Run(a =>
        {
            a.vpmaskmovd(__ymmword_ptr[End - 12], ymm1, ymm2);
            a.vmaskmovps(ymm3, ymm1, __ymmword_ptr[End - 12]);
        });
        Assert.Equal(Vector256.Create(7u, 0, 7, 0, 0, 0, 0, 0), Register(guest, 3).GetLower());

        // The third lane is beyond the end, so the first must not be stored either.
        guest.Assemble(a => a.vpmaskmovd(__ymmword_ptr[End - 8], ymm1, ymm2));
        Assert.Equal(ExitReason.PageFault, guest.Processor.Run());
        Assert.Equal(End, guest.State->ExitAddress);
        Assert.Equal(0u, Word(guest, End - 8));
    }

    [Fact]
    public void GatherContinuesAfterAFault()
    {
        using GuestCode guest = Guest();
        Store(guest, End - 8, 5);
        Store(guest, End - 4, 6);
        Register(guest, 1) = Vector512.Create(0, 1, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0u);
        Register(guest, 2) = Vector512.Create(0x80000000, 0, 0x80000000, 0x80000000, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
        guest.State->Gpr[0] = End - 8;
        guest.Assemble(a => a.vpgatherdd(xmm0, __[rax + xmm1 * 4], xmm2));
        Assert.Equal(ExitReason.PageFault, guest.Processor.Run());
        Assert.Equal(End, guest.State->ExitAddress);
        Assert.Equal(Vector128.Create(5u, uint.MaxValue, uint.MaxValue, uint.MaxValue), Register(guest, 0).GetLower().GetLower());
        Assert.Equal(Vector128.Create(0, 0, 0x80000000, 0x80000000), Register(guest, 2).GetLower().GetLower());

        guest.Map(End, 0x1000, PageProtection.Read | PageProtection.Write);
        Store(guest, End - 8, 9);
        Assert.Equal(ExitReason.SystemCall, guest.Processor.Run());
        Assert.Equal(Vector512.Create(5, uint.MaxValue, 0, 9, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0), Register(guest, 0));
        Assert.Equal(Vector512<uint>.Zero, Register(guest, 2));
    }

    /// <summary>Destination, index and mask of a gather must be three registers (SDM vol. 2, VPGATHERDD).</summary>
    [Theory]
    [InlineData(1, 2, 3, ExitReason.SystemCall)]
    [InlineData(1, 1, 3, ExitReason.InvalidOpcode)]
    [InlineData(1, 2, 1, ExitReason.InvalidOpcode)]
    [InlineData(1, 2, 2, ExitReason.InvalidOpcode)]
    public void GatherNeedsThreeRegisters(byte destination, byte index, byte mask, object exit)
    {
        using GuestCode guest = Guest();
        for (int i = 0; i < 4; i++)
            Register(guest, i) = default;
        // VPGATHERDD xmm, [rax + xmm], xmm, then SYSCALL; the mask is in VEX.vvvv, inverted.
        guest.WriteCode([0xc4, 0xe2, (byte)(0x01 | ((~mask & 15) << 3)), 0x90, (byte)(0x04 | (destination << 3)), (byte)(index << 3), 0x0f, 0x05]);
        Assert.Equal(exit, guest.Processor.Run());
    }

    [Fact]
    public void AModelWithoutAvxExecutesNone()
    {
        using GuestCode guest = new(CpuModel.V2);
        guest.Assemble(a => a.vpaddd(xmm0, xmm1, xmm2));
        Assert.Equal(ExitReason.InvalidOpcode, guest.Processor.Run());
        guest.Assemble(a => a.vzeroupper());
        Assert.Equal(ExitReason.InvalidOpcode, guest.Processor.Run());
    }

    /// <summary>AES alone gives the legacy encodings; those with a VEX prefix need AVX besides.</summary>
    [Fact]
    public void VexFormsNeedAvxBesidesTheirOwnFeature()
    {
        const int aes = 1 << 25;
        using GuestCode guest = new(CpuModel.HostLike((leaf, _) => leaf switch
        {
            0 => (1, 0, 0, 0),
            1 => (0, 0, aes, 0),
            _ => default,
        }));
        guest.Run(a => a.aesenc(xmm0, xmm1));
        guest.Assemble(a => a.vaesenc(xmm0, xmm0, xmm1));
        Assert.Equal(ExitReason.InvalidOpcode, guest.Processor.Run());
    }

    private static GuestCode Guest()
    {
        GuestCode guest = new(CpuModel.Full);
        for (int i = 0; i < 32; i++)
            Register(guest, i) = s_ones;
        return guest;
    }

    private static ref Vector512<uint> Register(GuestCode guest, int number) => ref *(Vector512<uint>*)((byte*)guest.State + CpuState.VectorOffset(number));

    private static uint Word(GuestCode guest, ulong address)
    {
        uint value;
        Assert.Equal(4, guest.Memory.Read(address, new Span<byte>(&value, 4), out _));
        return value;
    }

    private static void Store(GuestCode guest, ulong address, uint value) =>
        Assert.Equal(4, guest.Memory.Write(address, new ReadOnlySpan<byte>(&value, 4), out _));
}
