using Faultline.Cpu.State;
using static Iced.Intel.AssemblerRegisters;

namespace Faultline.Cpu.Tests.Integer;

public sealed unsafe class ShiftTests
{
    // Expected flags are those of the manual; AF is left out because it is undefined.
    private const uint Checked = Rflags.CF | Rflags.PF | Rflags.ZF | Rflags.SF | Rflags.OF;

    [Theory]
    [InlineData(0x80000000u, 1, 0u, Rflags.CF | Rflags.OF | Rflags.ZF | Rflags.PF)]
    [InlineData(0x40000000u, 1, 0x80000000u, Rflags.OF | Rflags.SF | Rflags.PF)]
    [InlineData(0xc0000001u, 1, 0x80000002u, Rflags.CF | Rflags.SF)]
    [InlineData(1u, 31, 0x80000000u, Rflags.OF | Rflags.SF | Rflags.PF)]
    public void Shl32(uint value, byte count, uint expected, uint flags)
    {
        using GuestCode guest = new();
        guest.Run(a =>
        {
            a.mov(eax, value);
            a.shl(eax, count);
        });
        Assert.Equal(expected, guest.State->Gpr[0]);
        Assert.Equal(flags, Flags.Materialize(guest.State) & Checked);
    }

    [Fact]
    public void ZeroCountKeepsFlagsAndClearsTheUpperHalf()
    {
        using GuestCode guest = new();
        guest.Run(a =>
        {
            a.mov(rax, -1L);
            a.mov(ecx, 32);
            a.stc();
            a.shl(eax, cl);
        });
        Assert.Equal(0xffffffffUL, guest.State->Gpr[0]);
        Assert.True(Flags.Carry(guest.State));
    }

    [Fact]
    public void ShortFormsShiftByOne()
    {
        using GuestCode guest = new();
        // shl al,1; sar dl,1; rol bx,1 in their D0/D1 encodings
        guest.WriteCode([0xd0, 0xe0, 0xd0, 0xfa, 0x66, 0xd1, 0xc3, 0x0f, 0x05]);
        guest.State->Gpr[0] = 0x1241;
        guest.State->Gpr[2] = 0x81;
        guest.State->Gpr[3] = 0x8001;
        Assert.Equal(ExitReason.SystemCall, guest.Processor.Run());
        Assert.Equal(0x1282UL, guest.State->Gpr[0]);
        Assert.Equal(0xc0UL, guest.State->Gpr[2]);
        Assert.Equal(0x0003UL, guest.State->Gpr[3]);
    }

    [Theory]
    [InlineData(0x81, 1, false, 0x02, true)]
    [InlineData(0x81, 1, true, 0x03, true)]
    [InlineData(0x5a, 9, true, 0x5a, true)]
    [InlineData(0x01, 8, false, 0x00, true)]
    public void Rcl8GoesThroughCarry(byte value, byte count, bool carry, byte expected, bool carryOut)
    {
        using GuestCode guest = new();
        guest.Run(a =>
        {
            a.mov(eax, value);
            a.mov(ecx, count);
            if (carry)
                a.stc();
            else
                a.clc();
            a.rcl(al, cl);
        });
        Assert.Equal(expected, (byte)guest.State->Gpr[0]);
        Assert.Equal(carryOut, Flags.Carry(guest.State));
    }

    [Fact]
    public void Rcr64ByMoreThanOne()
    {
        using GuestCode guest = new();
        guest.Run(a =>
        {
            a.mov(rax, 0x8000000000000005UL);
            a.stc();
            a.rcr(rax, 3);
        });
        // From bit 61 upwards: CF, bit 0, bit 1; bit 2 ends in CF.
        Assert.Equal(0x7000000000000000UL, guest.State->Gpr[0]);
        Assert.True(Flags.Carry(guest.State));
    }

    [Fact]
    public void RotateKeepsTheResultFlags()
    {
        using GuestCode guest = new();
        guest.Run(a =>
        {
            a.mov(eax, 0x80000000);
            a.cmp(eax, eax);
            a.rol(eax, 1);
        });
        uint flags = Flags.Materialize(guest.State);
        Assert.Equal(1UL, guest.State->Gpr[0]);
        Assert.Equal(Rflags.ZF | Rflags.PF | Rflags.CF | Rflags.OF, flags & Rflags.Status);
    }

    [Theory]
    [InlineData(4, 0x23456789u, true)]
    [InlineData(8, 0x3456789au, false)]
    public void Shld32ShiftsTheSourceIn(byte count, uint expected, bool carry)
    {
        using GuestCode guest = new();
        guest.Run(a =>
        {
            a.mov(eax, 0x12345678);
            a.mov(edx, 0x9abcdef0);
            a.shld(eax, edx, count);
        });
        Assert.Equal(expected, guest.State->Gpr[0]);
        Assert.Equal(carry, Flags.Carry(guest.State));
    }

    [Fact]
    public void MemoryFormsFaultBeforeFlagsChange()
    {
        using GuestCode guest = new();
        guest.Assemble(a =>
        {
            a.stc();
            a.shr(__dword_ptr[0x1000], 1);
        });
        Assert.Equal(ExitReason.PageFault, guest.Processor.Run());
        Assert.True(Flags.Carry(guest.State));
        Assert.Equal(6u, guest.State->ExitCode);
    }
}
