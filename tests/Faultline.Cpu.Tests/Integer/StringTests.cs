using Faultline.Cpu.State;
using Faultline.Memory;

namespace Faultline.Cpu.Tests.Integer;

public sealed unsafe class StringTests
{
    private const ulong Data = GuestCode.DataStart;

    // Each ends in HLT, which is #GP here and leaves RCX alone, unlike SYSCALL.
    private static readonly byte[] _repMovsb = [0xf3, 0xa4, 0xf4];
    private static readonly byte[] _repMovsd = [0xf3, 0xa5, 0xf4];
    private static readonly byte[] _repStosq = [0xf3, 0x48, 0xab, 0xf4];
    private static readonly byte[] _repneScasb = [0xf2, 0xae, 0xf4];
    private static readonly byte[] _repeCmpsb = [0xf3, 0xa6, 0xf4];

    [Theory]
    // Every distance around an element and a page, both directions of overlap, and lengths that cross pages.
    [InlineData(1, 100)]
    [InlineData(2, 5000)]
    [InlineData(3, 9000)]
    [InlineData(7, 4097)]
    [InlineData(4096, 9000)]
    [InlineData(-1, 9000)]
    [InlineData(-5000, 9000)]
    [InlineData(0, 9000)]
    public void MovsCopiesElementByElement(int distance, int length)
    {
        foreach ((byte[] code, int size) in new[] { (_repMovsb, 1), (_repMovsd, 4) })
        {
            using GuestCode guest = new();
            byte[] memory = new byte[0x10000];
            new Random(distance * 7 + length).NextBytes(memory);
            guest.Memory.Write(Data, memory, out _);
            guest.WriteCode(code);
            int source = 0x4001;
            int target = source + distance;
            int count = length / size;
            guest.State->Gpr[1] = (ulong)count;
            guest.State->Gpr[6] = Data + (ulong)source;
            guest.State->Gpr[7] = Data + (ulong)target;
            Assert.Equal(ExitReason.GeneralProtection, guest.Processor.Run());

            for (int i = 0; i < count; i++)
            {
                byte[] element = memory.AsSpan(source + i * size, size).ToArray();
                element.CopyTo(memory, target + i * size);
            }
            byte[] found = new byte[memory.Length];
            guest.Memory.Read(Data, found, out _);
            Assert.Equal(memory, found);
            Assert.Equal(Data + (ulong)(source + count * size), guest.State->Gpr[6]);
            Assert.Equal(Data + (ulong)(target + count * size), guest.State->Gpr[7]);
        }
    }

    [Fact]
    public void BackwardMoveGoesDown()
    {
        using GuestCode guest = new();
        guest.Memory.Write(Data, "abcdefgh"u8, out _);
        guest.WriteCode([0xfd, .. _repMovsb]);
        guest.State->Gpr[1] = 4;
        guest.State->Gpr[6] = Data + 3;
        guest.State->Gpr[7] = Data + 4;
        Assert.Equal(ExitReason.GeneralProtection, guest.Processor.Run());
        byte[] found = new byte[8];
        guest.Memory.Read(Data, found, out _);
        Assert.Equal("aabcdfgh"u8.ToArray(), found);
        Assert.Equal(Data - 1, guest.State->Gpr[6]);
        Assert.Equal(Data, guest.State->Gpr[7]);
    }

    [Fact]
    public void FaultLeavesTheRegistersAtTheFaultingElement()
    {
        using GuestCode guest = new();
        guest.WriteCode(_repStosq);
        ulong end = Data + 0x10000;
        guest.State->Gpr[0] = 0x1111111111111111;
        guest.State->Gpr[1] = 1000;
        guest.State->Gpr[7] = end - 8 * 600 - 3;
        Assert.Equal(ExitReason.PageFault, guest.Processor.Run());
        Assert.Equal(GuestCode.CodeStart, guest.State->Rip);
        Assert.Equal(end, guest.State->ExitAddress);
        Assert.Equal(400UL, guest.State->Gpr[1]);
        Assert.Equal(end - 3, guest.State->Gpr[7]);
        byte[] last = new byte[3];
        guest.Memory.Read(end - 3, last, out _);
        Assert.Equal(new byte[3], last);
    }

    [Fact]
    public void ZeroCountTouchesNothing()
    {
        using GuestCode guest = new();
        guest.WriteCode([0xf9, .. _repeCmpsb]);
        guest.State->Gpr[6] = 0x1234;
        guest.State->Gpr[7] = 0x5678;
        Assert.Equal(ExitReason.GeneralProtection, guest.Processor.Run());
        Assert.Equal(0x1234UL, guest.State->Gpr[6]);
        Assert.True(Flags.Carry(guest.State));
    }

    [Fact]
    public void ZeroCountWith32BitAddressesKeepsTheUpperHalves()
    {
        using GuestCode guest = new();
        guest.WriteCode([0x67, .. _repMovsb]);
        guest.State->Gpr[1] = 0xabcdef0000000000;
        guest.State->Gpr[6] = 0x1234567800001000;
        Assert.Equal(ExitReason.GeneralProtection, guest.Processor.Run());
        Assert.Equal(0xabcdef0000000000UL, guest.State->Gpr[1]);
        Assert.Equal(0x1234567800001000UL, guest.State->Gpr[6]);
    }

    [Fact]
    public void With32BitAddressesRegistersAreTruncated()
    {
        using GuestCode guest = new();
        guest.Memory.Write(Data, "abc"u8, out _);
        guest.WriteCode([0x67, .. _repMovsb]);
        guest.State->Gpr[1] = 0xabcdef0000000003;
        guest.State->Gpr[6] = 0x1234567800000000 + Data;
        guest.State->Gpr[7] = 0x8765432100000000 + Data + 16;
        Assert.Equal(ExitReason.GeneralProtection, guest.Processor.Run());
        Assert.Equal(0UL, guest.State->Gpr[1]);
        Assert.Equal(Data + 3, guest.State->Gpr[6]);
        Assert.Equal(Data + 19, guest.State->Gpr[7]);
        byte[] found = new byte[3];
        guest.Memory.Read(Data + 16, found, out _);
        Assert.Equal("abc"u8.ToArray(), found);
    }

    [Theory]
    [InlineData(4000, 4000)]
    [InlineData(4000, 5000)]
    [InlineData(1, 9000)]
    public void ScasStopsAfterTheMatch(int start, int at)
    {
        using GuestCode guest = new();
        byte[] memory = new byte[0x4000];
        memory.AsSpan().Fill(1);
        memory[at] = 7;
        guest.Memory.Write(Data, memory, out _);
        guest.WriteCode(_repneScasb);
        guest.State->Gpr[0] = 7;
        guest.State->Gpr[1] = ulong.MaxValue;
        guest.State->Gpr[7] = Data + (ulong)start;
        Assert.Equal(ExitReason.GeneralProtection, guest.Processor.Run());
        Assert.Equal(Data + (ulong)at + 1, guest.State->Gpr[7]);
        Assert.Equal(ulong.MaxValue - (ulong)(at - start + 1), guest.State->Gpr[1]);
        Assert.True(Flags.Zero(guest.State));
    }

    [Theory]
    [InlineData(5000, false)]
    [InlineData(8999, false)]
    [InlineData(-1, true)]
    public void CmpsStopsAtTheDifference(int difference, bool equal)
    {
        using GuestCode guest = new();
        byte[] memory = new byte[9000];
        new Random(3).NextBytes(memory);
        guest.Memory.Write(Data + 5, memory, out _);
        if (difference >= 0)
            memory[difference] = (byte)(memory[difference] + 1);
        guest.Memory.Write(Data + 0x5000, memory, out _);
        guest.WriteCode(_repeCmpsb);
        guest.State->Gpr[1] = 9000;
        guest.State->Gpr[6] = Data + 5;
        guest.State->Gpr[7] = Data + 0x5000;
        Assert.Equal(ExitReason.GeneralProtection, guest.Processor.Run());
        int done = equal ? 9000 : difference + 1;
        Assert.Equal((ulong)(9000 - done), guest.State->Gpr[1]);
        Assert.Equal(Data + 5 + (ulong)done, guest.State->Gpr[6]);
        Assert.Equal(equal, Flags.Zero(guest.State));
    }

    [Fact]
    public void FaultInARepeatedCompareKeepsTheFlags()
    {
        using GuestCode guest = new();
        guest.WriteCode([0xf9, .. _repeCmpsb]);
        guest.State->Gpr[1] = 100;
        guest.State->Gpr[6] = Data;
        guest.State->Gpr[7] = Data + 0x10000 - 10;
        Assert.Equal(ExitReason.PageFault, guest.Processor.Run());
        Assert.Equal(90UL, guest.State->Gpr[1]);
        Assert.True(Flags.Carry(guest.State));
        Assert.False(Flags.Zero(guest.State));
    }

    [Fact]
    public void LongRepetitionCanBeInterruptedAndResumed()
    {
        using GuestCode guest = new();
        guest.Map(0x10000000, 0x4000000, PageProtection.Read | PageProtection.Write);
        guest.WriteCode([0xf3, 0xaa, 0xf4]);
        guest.State->Gpr[0] = 0x5a;
        guest.State->Gpr[1] = 0x4000000;
        guest.State->Gpr[7] = 0x10000000;
        guest.Processor.RequestInterrupt();
        Assert.Equal(ExitReason.Interrupted, guest.Processor.Run());
        Assert.Equal(GuestCode.CodeStart, guest.State->Rip);
        Assert.Equal(0x14000000UL, guest.State->Gpr[7] + guest.State->Gpr[1]);
        Assert.NotEqual(0UL, guest.State->Gpr[1]);
        Assert.Equal(ExitReason.GeneralProtection, guest.Processor.Run());
        Assert.Equal(0UL, guest.State->Gpr[1]);
    }

    [Fact]
    public void SourceTakesTheSegmentBaseAndTheDestinationDoesNot()
    {
        using GuestCode guest = new();
        guest.Memory.Write(Data + 0x100, "x"u8, out _);
        guest.WriteCode([0x64, 0xa4, 0xf4]);
        guest.State->FsBase = 0x100;
        guest.State->Gpr[6] = Data;
        guest.State->Gpr[7] = Data + 0x200;
        Assert.Equal(ExitReason.GeneralProtection, guest.Processor.Run());
        byte[] found = new byte[1];
        guest.Memory.Read(Data + 0x200, found, out _);
        Assert.Equal((byte)'x', found[0]);
    }
}
