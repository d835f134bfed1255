using Faultline.Cpu.State;
using static Iced.Intel.AssemblerRegisters;

namespace Faultline.Cpu.Tests.Integer;

public sealed unsafe class MultiplyDivideTests
{
    [Theory]
    [InlineData(0xffffffffffffffffUL, 0xffffffffffffffffUL, 1UL, 0xfffffffffffffffeUL, true)]
    [InlineData(3UL, 5UL, 15UL, 0UL, false)]
    public void Mul64(ulong a, ulong b, ulong low, ulong high, bool overflow)
    {
        using GuestCode guest = new();
        guest.State->Gpr[0] = a;
        guest.State->Gpr[3] = b;
        guest.Run(c => c.mul(rbx));
        Assert.Equal(low, guest.State->Gpr[0]);
        Assert.Equal(high, guest.State->Gpr[2]);
        Assert.Equal(overflow, Flags.Carry(guest.State));
        Assert.Equal(overflow, Flags.Overflow(guest.State));
    }

    [Theory]
    [InlineData(-3, 5, -15, false)]
    [InlineData(0x10000, 0x10000, 0, true)]
    [InlineData(int.MinValue, -1, int.MinValue, true)]
    public void Imul32(int a, int b, int expected, bool overflow)
    {
        using GuestCode guest = new();
        guest.Run(c =>
        {
            c.mov(eax, a);
            c.imul(edx, eax, b);
        });
        Assert.Equal((uint)expected, guest.State->Gpr[2]);
        Assert.Equal(overflow, Flags.Carry(guest.State));
    }

    [Theory]
    // The quotient of 2^127 - 2^63 fits nowhere; the largest that fits in each direction does.
    [InlineData(0L, 100UL, 7L, 14L, 2L, true)]
    [InlineData(-1L, unchecked((ulong)-100L), 7L, -14L, -2L, true)]
    [InlineData(-1L, 0UL, 2L, long.MinValue, 0L, true)]
    [InlineData(1L, 0UL, 2L, 0L, 0L, false)]
    [InlineData(-1L, 0x8000000000000000UL, -1L, 0L, 0L, false)]
    [InlineData(1L, 0UL, -2L, long.MinValue, 0L, true)]
    [InlineData(0L, 5UL, 0L, 0L, 0L, false)]
    public void Idiv64(long high, ulong low, long divisor, long quotient, long remainder, bool fits)
    {
        using GuestCode guest = new();
        guest.State->Gpr[0] = low;
        guest.State->Gpr[2] = (ulong)high;
        guest.State->Gpr[3] = (ulong)divisor;
        guest.Assemble(a => a.idiv(rbx));
        ExitReason exit = guest.Processor.Run();
        if (fits)
        {
            Assert.Equal(ExitReason.SystemCall, exit);
            Assert.Equal(quotient, (long)guest.State->Gpr[0]);
            Assert.Equal(remainder, (long)guest.State->Gpr[2]);
        }
        else
        {
            Assert.Equal(ExitReason.DivideError, exit);
            Assert.Equal(GuestCode.CodeStart, guest.State->Rip);
            Assert.Equal(low, guest.State->Gpr[0]);
            Assert.Equal((ulong)high, guest.State->Gpr[2]);
        }
    }

    [Fact]
    public void WideDivisionAgreesWithBigArithmetic()
    {
        using GuestCode guest = new();
        guest.Assemble(a => a.div(rbx));
        Random random = new(1);
        for (int i = 0; i < 2000; i++)
        {
            ulong divisor = (ulong)random.NextInt64() << 1 >> random.Next(63) | 1;
            ulong high = (ulong)random.NextInt64() % divisor;
            ulong low = (ulong)random.NextInt64() << 1;
            guest.State->Rip = GuestCode.CodeStart;
            guest.State->Gpr[0] = low;
            guest.State->Gpr[2] = high;
            guest.State->Gpr[3] = divisor;
            Assert.Equal(ExitReason.SystemCall, guest.Processor.Run());
            UInt128 dividend = new(high, low);
            Assert.Equal((ulong)(dividend / divisor), guest.State->Gpr[0]);
            Assert.Equal((ulong)(dividend % divisor), guest.State->Gpr[2]);
        }
    }

    [Fact]
    public void Div8PutsTheRemainderInAh()
    {
        using GuestCode guest = new();
        guest.Run(a =>
        {
            a.mov(eax, 0x12340000 | 1000);
            a.mov(ecx, 7);
            a.div(cl);
        });
        Assert.Equal(0x12340000UL | 6 << 8 | 142, guest.State->Gpr[0]);
    }

    [Fact]
    public void SignExtensions()
    {
        using GuestCode guest = new();
        guest.Run(a =>
        {
            a.mov(rax, 0x1122334455667780);
            a.cbw();
            a.mov(r8, rax);
            a.cwde();
            a.mov(r9, rax);
            a.cdqe();
            a.mov(r10, rax);
            a.cdq();
            a.mov(r11d, edx);
            a.cqo();
            a.mov(rbx, rdx);
        });
        Assert.Equal(0x112233445566ff80UL, guest.State->Gpr[8]);
        Assert.Equal(0xffffff80UL, guest.State->Gpr[9]);
        Assert.Equal(0xffffffffffffff80UL, guest.State->Gpr[10]);
        Assert.Equal(ulong.MaxValue, guest.State->Gpr[3]);
    }
}
