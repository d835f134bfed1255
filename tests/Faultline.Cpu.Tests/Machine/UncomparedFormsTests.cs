using Faultline.Cpu.Tests.WeakSpots;
using static Iced.Intel.AssemblerRegisters;

namespace Faultline.Cpu.Tests.Machine;

/// <summary>Forms that the differential tests leave out because the host's own answer is another one, or a hazard to the test process.</summary>
public sealed unsafe class UncomparedFormsTests
{
    [Fact]
    public void XgetbvShowsTheStateComponents()
    {
        Spot.CheckHere("0F 01 D0", "rcx=0 rax=ffffffffffffffff rdx=ffffffffffffffff", "rax=7 rdx=0");
        Spot.CheckHere("0F 01 D0", "rcx=2", "trap=d rip=@c error=0");
    }

    [Fact]
    public void CountersGoUpAndTheProcessorIsTheSame()
    {
        using GuestCode guest = new(CpuModel.V3);
        guest.Run(a =>
        {
            a.rdtsc();
            a.mov(r8, rdx);
            a.shl(r8, 32);
            a.or(r8, rax);
            a.rdtscp();
            a.shl(rdx, 32);
            a.or(rdx, rax);
            a.mov(r10, rcx);
            a.rdpid(r9);
        });
        Assert.InRange(guest.State->Gpr[2], guest.State->Gpr[8] + 1, ulong.MaxValue);
        Assert.Equal(guest.State->Gpr[10], guest.State->Gpr[9]);
    }

    [Fact]
    public void PerformanceCountersArePrivileged() => Spot.CheckHere("0F 33", "rcx=0", "trap=d rip=@c error=0");

    [Fact]
    public void RandomNumbersSetTheCarry()
    {
        using GuestCode guest = new(CpuModel.V3);
        guest.State->Gpr[8] = guest.State->Gpr[9] = guest.State->Gpr[10] = guest.State->Gpr[13] = ulong.MaxValue;
        guest.Run(a =>
        {
            a.xor(ebx, ebx);
            a.rdrand(r8w);
            a.adc(ebx, 0);
            a.rdseed(r9w);
            a.adc(ebx, 0);
            a.rdrand(r10d);
            a.adc(ebx, 0);
            a.rdseed(r13d);
            a.adc(ebx, 0);
            a.rdrand(r14);
            a.adc(ebx, 0);
            a.rdseed(r15);
            a.adc(ebx, 0);
        });
        Assert.Equal(6ul, guest.State->Gpr[3]);
        Assert.Equal(ulong.MaxValue >> 16, guest.State->Gpr[8] >> 16);
        Assert.Equal(ulong.MaxValue >> 16, guest.State->Gpr[9] >> 16);
        Assert.Equal(0ul, guest.State->Gpr[10] >> 32);
        Assert.Equal(0ul, guest.State->Gpr[13] >> 32);
        Assert.NotEqual(guest.State->Gpr[14], guest.State->Gpr[15]);
    }

    [Theory]
    [InlineData("F3 48 0F AE D0 F3 48 0F AE C1", "rax=123456789abc", "rcx=123456789abc")]
    [InlineData("F3 48 0F AE D8 F3 48 0F AE C9", "rax=ffff800000000000", "rcx=ffff800000000000")]
    [InlineData("F3 0F AE D0 F3 48 0F AE C1", "rax=ffffffff80000000", "rcx=80000000")]
    [InlineData("F3 0F AE D8 F3 0F AE C9", "rax=1122334455667788 rcx=ffffffffffffffff", "rcx=55667788")]
    [InlineData("F3 48 0F AE D0 64 48 8B 0F", "rax=@d rdi=8 [@d+8]=8877665544332211", "rcx=1122334455667788")]
    [InlineData("F3 48 0F AE D8 65 48 8B 0F", "rax=@d rdi=8 [@d+8]=8877665544332211", "rcx=1122334455667788")]
    [InlineData("F3 48 0F AE D0", "rax=800000000000", "trap=d rip=@c error=0")]
    [InlineData("F3 48 0F AE D8", "rax=800000000000", "trap=d rip=@c error=0")]
    public void SegmentBases(string code, string before, string after) => Spot.CheckHere(code, before, after);

    [Theory]
    [InlineData("0F 00 C0", "rax=0")]
    [InlineData("66 0F 00 C0", "rax=ffffffffffff0000")]
    [InlineData("48 0F 00 C8", "rax=40")]
    [InlineData("66 0F 00 C8", "rax=ffffffffffff0040")]
    [InlineData("48 0F 01 E0", "rax=80050033")]
    [InlineData("66 0F 01 E0", "rax=ffffffffffff0033")]
    [InlineData("0F 01 27", "[@d]=3300FF")]
    [InlineData("0F 01 07", "[@d]=00000000FEFFFFFFFFFFFF")]
    [InlineData("0F 01 0F", "[@d]=00000000FFFFFFFFFFFFFF")]
    public void SystemRegistersShowWhatLinuxShows(string code, string after) =>
        Spot.CheckHere(code, $"rax={(code.StartsWith("66", StringComparison.Ordinal) ? "ffffffffffffffff" : "0")} rdi=@d [@d]=FFFFFFFFFFFFFFFFFFFFFFFF", after.ToLowerInvariant());

    [Theory]
    [InlineData("0F 02 C1", "2b", "rax=cff300 flags=40")]
    [InlineData("0F 02 C1", "33", "rax=affb00 flags=40")]
    [InlineData("48 0F 02 C1", "33", "rax=affb00 flags=40")]
    [InlineData("66 0F 02 C1", "33", "rax=777777777777fb00 flags=40")]
    [InlineData("0F 03 C1", "2b", "rax=ffffffff flags=40")]
    [InlineData("48 0F 03 C1", "33", "rax=ffffffff flags=40")]
    [InlineData("66 0F 03 C1", "33", "rax=777777777777ffff flags=40")]
    [InlineData("0F 02 C1", "0", "rax=7777777777777777 flags=0")]
    [InlineData("0F 03 C1", "fff8", "rax=7777777777777777 flags=0")]
    [InlineData("0F 00 E1", "2b", "flags=40")]
    [InlineData("0F 00 E1", "33", "flags=40")]
    [InlineData("0F 00 E1", "0", "flags=0")]
    [InlineData("0F 00 E9", "2b", "flags=40")]
    [InlineData("0F 00 E9", "33", "flags=0")]
    [InlineData("0F 00 E9", "fff8", "flags=0")]
    public void Descriptors(string code, string selector, string after) => Spot.Check(code, $"rax=7777777777777777 rcx={selector}", after);

    [Theory]
    [InlineData("0F B4 07 8C E1", "[@d]=785634122B00", "rax=12345678 rcx=2b")]
    [InlineData("66 0F B5 07 8C E9", "[@d]=78562B00", "rax=5678 rcx=2b")]
    [InlineData("48 0F B2 07 8C D1", "[@d]=88776655443322112B00", "rax=1122334455667788 rcx=2b")]
    [InlineData("0F B4 07", "[@d]=785634121000", "trap=d rip=@c error=10 rax=0")]
    [InlineData("0F B2 07", "[@d]=785634120000", "trap=d rip=@c error=0 rax=0")]
    [InlineData("8E D8 8C D9", "rax=2b", "rcx=2b")]
    [InlineData("8E 07 8C C1", "[@d]=2B00", "rcx=2b")]
    [InlineData("8E D0", "rax=0", "trap=d rip=@c error=0")]
    [InlineData("8E E0", "rax=10", "trap=d rip=@c error=10")]
    [InlineData("0F A1 8C E1", "[@s]=2B00000000000000", "rcx=2b rsp=@s+8")]
    [InlineData("66 0F A9 8C E9", "[@s]=2B00", "rcx=2b rsp=@s+2")]
    [InlineData("0F A1", "[@s]=1000000000000000", "trap=d rip=@c error=10 rsp=@s")]
    public void SegmentLoads(string code, string before, string after) => Spot.CheckHere(code, "rdi=@d " + before, after);

    [Theory]
    [InlineData("0F 0D C1", "rcx=2", "rcx=2")]
    [InlineData("66 63 C1", "rax=ffffffffffffffff rcx=12345678", "rax=ffffffffffff5678")]
    [InlineData("66 63 07", "rdi=@e-2 [@e-2]=3412", "rax=1234")]
    [InlineData("0F 38 C8 07", "rdi=@d+1", "trap=d rip=@c error=0")]
    [InlineData("0F 38 CD 07", "rdi=@d+8", "trap=d rip=@c error=0")]
    public void WhatVendorsDisagreeAboutIsAsOnIntel(string code, string before, string after) => Spot.CheckHere(code, before, after);
}
