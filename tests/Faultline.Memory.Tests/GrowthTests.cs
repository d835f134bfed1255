using static Faultline.Memory.Tests.Room;

namespace Faultline.Memory.Tests;

public class GrowthTests
{
    [Theory, InlineData(true), InlineData(false)]
    public void MappingAndUnmappingAGibibyteAgainAndAgainReusesIt(bool flat)
    {
        using Room room = new(flat);
        const ulong Length = 1UL << 30;
        long reserved = 0;
        for (int round = 0; round < 6; round++)
        {
            room.Map(Base, Length);
            for (ulong at = 0; at < Length; at += 16 * P)
                room.Space.Load(Base + at);
            if (round == 1)
                reserved = room.Pool.ReservedBytes;
            room.Space.Unmap(Base, Base + Length);
            Assert.Equal(0, room.Pool.FramesInUse);
            Assert.InRange(room.Space.StaleFrames, 0, 1024);
        }
        // With tables the frames are at home, and go back to the host.
        Assert.InRange(reserved, flat ? 0 : (long)Length / 2 / 16, (long)Length + (64 << 20));
        Assert.Equal(reserved, room.Pool.ReservedBytes);
    }

    [Theory, InlineData(true), InlineData(false)]
    public void EverNewAddressesDoNotGrowTheDirectory(bool flat)
    {
        using Room room = new(flat);
        ulong at = Base;
        for (int i = 0; i < 20_000; i++)
        {
            room.Map(at, P);
            Assert.Equal(MemoryFault.None, room.Space.Store(at, 1));
            room.Space.Unmap(at, at + P);
            at += 1UL << 32;
            Assert.InRange(room.Space.DirectoryLeaves, 0, 200);
        }
        Assert.InRange(room.Pool.ReservedBytes, 1, 64 << 20);
        Assert.InRange(room.Space.StaleFrames, 0, 1024);
    }

    [Fact]
    public void ManySparsePagesForkAndDisposeInReasonableTime()
    {
        using Room room = new(flat: false);
        for (ulong i = 0; i < 20_000; i++)
        {
            room.Map(Base + (i << 30), P);
            room.Space.Store(Base + (i << 30), (byte)i);
        }
        long start = Environment.TickCount64;
        AddressSpace child = room.Fork(room.Space);
        Assert.Equal(77, child.Load(Base + (77UL << 30)));
        child.Unmap(0, GuestPage.CanonicalEnd);
        Assert.InRange(Environment.TickCount64 - start, 0, 3000);
        Assert.Equal(20_000, room.Pool.FramesInUse);
        Assert.Equal(77, room.Space.Load(Base + (77UL << 30)));
    }
}
