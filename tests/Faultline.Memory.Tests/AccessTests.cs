using static Faultline.Memory.Tests.Room;

namespace Faultline.Memory.Tests;

public class AccessTests
{
    [Theory, InlineData(true), InlineData(false)]
    public void PartialCountsEndAtTheFirstByteThatFaults(bool flat)
    {
        using Room room = new(flat);
        room.Map(Base, 2 * P);
        room.Map(Base + 2 * P, P, R);
        byte[] data = new byte[3 * P];
        Random.Shared.NextBytes(data);
        Assert.Equal(2 * (int)P - 10, room.Space.Write(Base + 10, data, out MemoryFault fault));
        Assert.Equal(MemoryFault.Protection, fault);
        byte[] back = new byte[4 * P];
        Assert.Equal(3 * (int)P - 10, room.Space.Read(Base + 10, back, out fault));
        Assert.Equal(MemoryFault.NotMapped, fault);
        Assert.Equal(data[..(2 * (int)P - 10)], back[..(2 * (int)P - 10)]);
        Assert.Equal(0, room.Space.Fetch(Base, back, out fault));
        Assert.Equal(MemoryFault.Protection, fault);
        Assert.Equal(0, room.Space.Read(Base + 100 * P, [], out fault));
        Assert.Equal(MemoryFault.None, fault);
    }

    [Theory]
    [InlineData(0x0000_0000_0000_0000, MemoryFault.NotMapped)]
    [InlineData(0x0000_7FFF_FFFF_FFFF, MemoryFault.NotMapped)]
    [InlineData(0x0000_8000_0000_0000, MemoryFault.NonCanonical)]
    [InlineData(0xFFFF_7FFF_FFFF_FFFF, MemoryFault.NonCanonical)]
    [InlineData(0xFFFF_8000_0000_0000, MemoryFault.NotMapped)]
    [InlineData(0xFFFF_FFFF_FFFF_FFFF, MemoryFault.NotMapped)]
    public void EveryAddressHasAnAnswer(ulong address, object expected)
    {
        foreach (bool flat in new[] { true, false })
        {
            using Room room = new(flat);
            Assert.Equal(-(int)(MemoryFault)expected, room.Space.Load(address));
            Assert.Equal((MemoryFault)expected, room.Space.Store(address, 1));
            Assert.Equal((MemoryFault)expected, room.Space.Execute(address));
        }
    }

    [Theory, InlineData(true), InlineData(false)]
    public void ATransferRunsIntoTheEndOfTheUserHalf(bool flat)
    {
        using Room room = new(flat);
        room.Map(GuestPage.CanonicalEnd - P, P);
        byte[] data = new byte[2 * P];
        Assert.Equal(8, room.Space.Write(GuestPage.CanonicalEnd - 8, data, out MemoryFault fault));
        Assert.Equal(MemoryFault.NonCanonical, fault);
        Assert.Equal(0, room.Space.Read(ulong.MaxValue - 3, data, out fault));
        Assert.Equal(MemoryFault.NotMapped, fault);
    }

    [Theory, InlineData(true), InlineData(false)]
    public void ASpanReachesAsFarAsHostMemoryFollows(bool flat)
    {
        using Room room = new(flat);
        room.Map(Base, 8 * P);
        Assert.True(room.Space.TryGetSpan(Base + 5, 3 * (int)P, MemoryAccess.Write, out Span<byte> span, out _));
        Assert.Equal(3 * (int)P, span.Length);
        span[^1] = 77;
        Assert.Equal(77, room.Space.Load(Base + 5 + 3 * P - 1));
        Assert.True(room.Space.TryGetSpan(Base + 7 * P + 5, 3 * (int)P, MemoryAccess.Read, out span, out _));
        Assert.Equal((int)P - 5, span.Length);
        Assert.True(room.Space.TryGetSpan(Base, int.MaxValue, MemoryAccess.Read, out span, out _));
        Assert.Equal(8 * (int)P, span.Length);
        Assert.False(room.Space.TryGetSpan(Base + 8 * P, 1, MemoryAccess.Read, out span, out MemoryFault fault));
        Assert.Equal(MemoryFault.NotMapped, fault);
        Assert.True(room.Space.TryGetSpan(Base + 8 * P, 0, MemoryAccess.Read, out span, out _));
    }

    [Fact]
    public unsafe void TheTablesHoldHostMinusGuest()
    {
        using Room room = new(flat: true);
        room.Map(Base, P);
        room.Map(Base + P, P, R);
        ulong page = Base >> GuestPage.Shift;
        Assert.Equal(0, room.Space.ReadTable[page]);
        room.Space.Store(Base + 3, 9);
        Assert.Equal(9, *(byte*)(room.Space.ReadTable[page] + (long)Base + 3));
        Assert.Equal(room.Space.ReadTable[page], room.Space.WriteTable[page]);
        Assert.Equal(0, room.Space.Load(Base + P));
        Assert.NotEqual(0, room.Space.ReadTable[page + 1]);
        Assert.Equal(0, room.Space.WriteTable[page + 1]);
        room.Space.Protect(Base, Base + P, PageProtection.None);
        Assert.Equal(0, room.Space.ReadTable[page]);
        Assert.Equal(0, room.Space.WriteTable[page]);
    }

    [Fact]
    public void ADisposedSpaceMapsNothing()
    {
        using FramePool pool = new();
        AddressSpace space = new(pool);
        space.Map(new Mapping { Start = Base, End = Base + P, Protection = RW });
        space.Store(Base, 1);
        space.Dispose();
        space.Dispose();
        Assert.Equal(0, pool.FramesInUse);
        Assert.Equal(-(int)MemoryFault.NotMapped, space.Load(Base));
    }
}
