using Faultline.Cpu.State;
using static Iced.Intel.AssemblerRegisters;

namespace Faultline.Cpu.Tests.Integer;

public sealed unsafe class BitTests
{
    [Fact]
    public void BsfOfZeroKeepsTheWholeRegister()
    {
        using GuestCode guest = new();
        guest.State->Gpr[0] = 0x1122334455667788;
        guest.Run(a =>
        {
            a.xor(ecx, ecx);
            a.bsf(eax, ecx);
        });
        Assert.Equal(0x1122334455667788UL, guest.State->Gpr[0]);
        Assert.True(Flags.Zero(guest.State));
    }

    [Fact]
    public void TzcntIsBsfWithoutBmi1()
    {
        using GuestCode guest = new();
        guest.State->Gpr[0] = 5;
        guest.State->Gpr[1] = 0;
        guest.Run(a => a.tzcnt(rax, rcx));
        Assert.Equal(5UL, guest.State->Gpr[0]);
    }

    [Theory]
    [InlineData(0L, 0, 1)]
    [InlineData(100L, 12, 1 << 4)]
    [InlineData(-1L, -4, 1 << 31)]
    [InlineData(-33L, -8, 1 << 31)]
    public void BtsReachesBeyondTheAddressedWord(long bit, int word, int value)
    {
        using GuestCode guest = new();
        ulong data = GuestCode.DataStart + 64;
        guest.State->Gpr[3] = data;
        guest.State->Gpr[1] = (ulong)bit;
        guest.Run(a =>
        {
            a.bts(__dword_ptr[rbx], ecx);
            a.setc(al);
            a.@lock.bts(__dword_ptr[rbx], ecx);
            a.setc(dl);
        });
        byte[] found = new byte[4];
        guest.Memory.Read(data + (ulong)word, found, out _);
        Assert.Equal(value, BitConverter.ToInt32(found));
        Assert.Equal(0, (byte)guest.State->Gpr[0]);
        Assert.Equal(1, (byte)guest.State->Gpr[2]);
    }

    [Fact]
    public void BitTestChangesOnlyCarry()
    {
        using GuestCode guest = new();
        guest.Run(a =>
        {
            a.mov(eax, 0x7fffffff);
            a.add(eax, 1);
            a.bt(eax, 31);
        });
        uint flags = Flags.Materialize(guest.State) & Rflags.Status;
        Assert.Equal(Rflags.CF | Rflags.OF | Rflags.SF | Rflags.PF | Rflags.AF, flags);
    }

    [Fact]
    public void PopcntAndBswap()
    {
        using GuestCode guest = new();
        guest.State->Gpr[1] = 0x0102030405060708;
        guest.Run(a =>
        {
            a.popcnt(rax, rcx);
            a.bswap(rcx);
            a.mov(rbx, rcx);
            a.mov(edx, 0x11223344);
            a.bswap(edx);
        });
        Assert.Equal(13UL, guest.State->Gpr[0]);
        Assert.Equal(0x0807060504030201UL, guest.State->Gpr[3]);
        Assert.Equal(0x44332211UL, guest.State->Gpr[2]);
    }

    [Fact]
    public void Crc32OfTheCheckString()
    {
        // The check value of CRC-32C over "123456789" is E3069283h.
        using GuestCode guest = new();
        guest.Memory.Write(GuestCode.DataStart, "123456789"u8, out _);
        guest.State->Gpr[3] = GuestCode.DataStart;
        guest.Run(a =>
        {
            a.mov(eax, -1);
            a.crc32(rax, __qword_ptr[rbx]);
            a.crc32(eax, __byte_ptr[rbx + 8]);
            a.not(eax);
        });
        Assert.Equal(0xe3069283UL, guest.State->Gpr[0]);
    }

    [Fact]
    public void Compare16BytesExchanges()
    {
        using GuestCode guest = new();
        guest.Memory.Write(GuestCode.DataStart, [1, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0], out _);
        guest.State->Gpr[7] = GuestCode.DataStart;
        guest.Run(a =>
        {
            a.mov(eax, 9);
            a.xor(edx, edx);
            a.mov(ebx, 5);
            a.mov(ecx, 6);
            a.@lock.cmpxchg16b(__xmmword_ptr[rdi]);
            a.setz(r8b);
            a.@lock.cmpxchg16b(__xmmword_ptr[rdi]);
            a.setz(r9b);
        });
        Assert.Equal(0UL, guest.State->Gpr[8]);
        Assert.Equal(1UL, guest.State->Gpr[9]);
        Assert.Equal(1UL, guest.State->Gpr[0]);
        Assert.Equal(2UL, guest.State->Gpr[2]);
        byte[] found = new byte[16];
        guest.Memory.Read(GuestCode.DataStart, found, out _);
        Assert.Equal(5, found[0]);
        Assert.Equal(6, found[8]);
    }

    [Fact]
    public void Compare16BytesMisalignedIsProtectionFault()
    {
        using GuestCode guest = new();
        guest.State->Gpr[7] = GuestCode.DataStart + 8;
        guest.Assemble(a => a.cmpxchg16b(__xmmword_ptr[rdi]));
        Assert.Equal(ExitReason.GeneralProtection, guest.Processor.Run());
    }
}
