using static Faultline.Memory.Tests.Room;

namespace Faultline.Memory.Tests;

public class FillTests
{
    [Theory, InlineData(true), InlineData(false)]
    public void AnonymousMemoryReadsAsZeroAndCostsNothingUntouched(bool flat)
    {
        using Room room = new(flat);
        room.Map(Base, 1UL << 40);
        Assert.Equal(0, room.Pool.FramesInUse);
        Assert.Equal(0, room.Space.Load(Base + (1UL << 39) + 5));
        Assert.Equal(MemoryFault.None, room.Space.Store(Base + (1UL << 39) + 5, 1));
        Assert.Equal(1, room.Space.Load(Base + (1UL << 39) + 5));
        Assert.InRange(room.Pool.FramesInUse, 1, 16);
    }

    [Fact]
    public void AnonymousClustersStopAtTheMappingAndAtPresentPages()
    {
        using Room room = new(flat: true);
        room.Map(Base, 3 * P);
        room.Space.Store(Base, 1);
        Assert.Equal(3, room.Pool.FramesInUse);
        room.Map(Base + 20 * P, 40 * P);
        room.Space.Store(Base + 25 * P, 5);
        Assert.Equal(3 + 16, room.Pool.FramesInUse);
        room.Space.Store(Base + 22 * P, 2);
        Assert.Equal(3 + 16 + 3, room.Pool.FramesInUse);
        Assert.Equal(5, room.Space.Load(Base + 25 * P));
        Assert.Equal(0, room.Space.Load(Base + 24 * P));
    }

    [Theory, InlineData(true), InlineData(false)]
    public void TheLastPageIsZeroTailedAndTheNextFaults(bool flat)
    {
        using Room room = new(flat);
        CountingSource source = room.NewSource(2 * P + 100);
        room.Map(Base, 40 * P, R, source);
        Assert.Equal(-(int)MemoryFault.BeyondObject, room.Space.Load(Base + 3 * P));
        Assert.Equal(-(int)MemoryFault.BeyondObject, room.Space.Load(Base + 39 * P));
        Assert.Equal(0, room.Pool.FramesInUse);
        byte[] all = new byte[4 * P];
        Assert.Equal(3 * (int)P, room.Space.Read(Base, all, out MemoryFault fault));
        Assert.Equal(MemoryFault.BeyondObject, fault);
        for (int i = 0; i < 3 * (int)P; i++)
            Assert.Equal(i < 2 * (int)P + 100 ? CountingSource.ByteAt((ulong)i) : 0, all[i]);
        Assert.Equal(3, room.Pool.FramesInUse);

        source.Length = 10 * P;
        Assert.Equal(CountingSource.ByteAt(4 * P), room.Space.Load(Base + 4 * P));
        Assert.Equal(0, room.Space.Load(Base + 2 * P + 100));
    }

    [Fact]
    public void OfALargeObjectOnlyTouchedClustersAreRead()
    {
        using Room room = new(flat: true);
        const ulong Length = 370UL << 20;
        CountingSource source = room.NewSource(Length);
        room.Map(Base, Length, R, source);
        Assert.Equal(0, source.BytesAsked);
        for (ulong i = 0; i < 10; i++)
        {
            ulong at = i * 37 * (1 << 20) + 12345;
            Assert.Equal(CountingSource.ByteAt(at), room.Space.Load(Base + at));
        }
        Assert.Equal(10 * 16 * (long)P, source.BytesAsked);
        Assert.Equal(10 * 16, room.Pool.FramesInUse);
        Assert.Equal(CountingSource.ByteAt(Length - 1), room.Space.Load(Base + Length - 1));
        Assert.Equal(CountingSource.ByteAt(12345 + P), room.Space.Load(Base + 12345 + P));
        Assert.Equal(11, source.Fills);
    }

    [Fact]
    public void AFileWindowIsClippedToItsMappingAndToPresentPages()
    {
        using Room room = new(flat: false);
        CountingSource source = room.NewSource(1000 * P);
        ulong start = Base + 5 * P;
        room.Map(start, 20 * P, RW, source, offset: 7 * P);
        Assert.Equal(CountingSource.ByteAt(7 * P + 4 * P), room.Space.Load(start + 4 * P));
        Assert.Equal(16, room.Pool.FramesInUse);
        Assert.Equal(CountingSource.ByteAt(7 * P), room.Space.Load(start));
        Assert.Equal(1, source.Fills);
        room.Space.Discard(start + 2 * P, start + 4 * P);
        room.Space.Store(start + P, 0);
        Assert.Equal(CountingSource.ByteAt(7 * P + 3 * P), room.Space.Load(start + 3 * P));
        Assert.Equal(0, room.Space.Load(start + P));
        Assert.Equal(16, room.Pool.FramesInUse);
        Assert.Equal(CountingSource.ByteAt(7 * P + 2 * P), room.Space.Load(start + 2 * P));
    }

    [Fact]
    public void AWindowWhoseRunIsTooShortFillsThePageAlone()
    {
        using Room room = new(flat: false, frameLimit: 2);
        CountingSource source = room.NewSource(1000 * P);
        room.Map(Base, 32 * P, R, source);
        Assert.Equal(CountingSource.ByteAt(9 * P), room.Space.Load(Base + 9 * P));
        Assert.Equal(1, room.Pool.FramesInUse);
        Assert.Equal(CountingSource.ByteAt(20 * P), room.Space.Load(Base + 20 * P));
        Assert.Equal(-(int)MemoryFault.OutOfMemory, room.Space.Load(Base + 2 * P));
        Assert.Equal(2, room.Pool.FramesInUse);
    }

    [Fact]
    public void WithManyRecycledFramesAWindowStillFillsThePageThatWasTouched()
    {
        using Room room = new(flat: true);
        for (ulong i = 0; i < 3000; i++)
        {
            room.Map(Base + i * P, P);
            room.Space.Store(Base + i * P, 0xEE);
        }
        room.Space.Unmap(Base, Base + 3000 * P);
        long reserved = room.Pool.ReservedBytes;
        CountingSource source = room.NewSource(64 * P + 5);
        room.Map(Base, 80 * P, R, source);
        for (ulong i = 0; i < 80; i++)
        {
            ulong page = i * 23 % 80;
            int expected = page <= 64 ? CountingSource.ByteAt(page * P + 1) : -(int)MemoryFault.BeyondObject;
            Assert.Equal(expected, room.Space.Load(Base + page * P + 1));
        }
        Assert.Equal(0, room.Space.Load(Base + 64 * P + 5));
        Assert.Equal(65, room.Pool.FramesInUse);
        Assert.Equal(reserved, room.Pool.ReservedBytes);
    }

    [Fact]
    public void APrivateStoreDoesNotReachTheObject()
    {
        using Room room = new(flat: true);
        CountingSource source = room.NewSource(4 * P);
        room.Map(Base, 4 * P, RW, source);
        room.Map(Base + 8 * P, 4 * P, RW, source);
        byte other = (byte)(CountingSource.ByteAt(5) ^ 0xFF);
        room.Space.Store(Base + 5, other);
        Assert.Equal(other, room.Space.Load(Base + 5));
        Assert.Equal(CountingSource.ByteAt(5), room.Space.Load(Base + 8 * P + 5));
        room.Space.Discard(Base, Base + P);
        Assert.Equal(CountingSource.ByteAt(5), room.Space.Load(Base + 5));
    }

    [Theory, InlineData(true), InlineData(false)]
    public void ASharedStoreIsSeenThroughEveryMapping(bool flat)
    {
        using Room room = new(flat);
        CountingSource source = room.NewSource(3 * P + 1);
        room.Map(Base, 8 * P, RW, source, shared: true);
        AddressSpace other = room.NewSpace();
        other.Map(new Mapping { Start = Base + 100 * P, End = Base + 102 * P, Protection = R, Source = source, Offset = 2 * P, Shared = true });
        Assert.Equal(CountingSource.ByteAt(2 * P), other.Load(Base + 100 * P));
        room.Space.Store(Base + 2 * P, 0xAB);
        Assert.Equal(0xAB, other.Load(Base + 100 * P));
        Assert.Equal(MemoryFault.Protection, other.Store(Base + 100 * P, 1));
        Assert.Equal(-(int)MemoryFault.BeyondObject, room.Space.Load(Base + 4 * P));
        room.Space.Discard(Base, Base + 8 * P);
        Assert.Equal(0xAB, room.Space.Load(Base + 2 * P));
        Assert.Equal(0, room.Pool.FramesInUse);
        Assert.Equal(0, source.Fills);
    }

    [Fact]
    public void DiscardMakesAnonymousMemoryZeroAgainAndReleasesIt()
    {
        using Room room = new(flat: true);
        room.Map(Base, 8 * P);
        for (ulong i = 0; i < 8; i++)
            room.Space.Store(Base + i * P, 1);
        room.Space.Discard(Base + 2 * P, Base + 5 * P);
        Assert.Equal(5, room.Pool.FramesInUse);
        for (ulong i = 0; i < 8; i++)
            Assert.Equal(i is >= 2 and < 5 ? 0 : 1, room.Space.Load(Base + i * P));
    }
}
