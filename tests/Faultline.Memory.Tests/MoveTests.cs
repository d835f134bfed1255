using static Faultline.Memory.Tests.Room;

namespace Faultline.Memory.Tests;

public class MoveTests
{
    [Theory]
    [InlineData(true, 16)]
    [InlineData(false, 16)]
    [InlineData(true, 1 << 20)]
    [InlineData(false, 1 << 20)]
    public void ContentsAndProtectionMoveAlong(bool flat, int distance)
    {
        // The near distance lies in the same leaf of the directory.
        using Room room = new(flat);
        ulong target = Base + (ulong)distance * P;
        CountingSource source = room.NewSource(100 * P);
        room.Map(Base, 2 * P);
        room.Map(Base + 2 * P, 4 * P, R, source, offset: 8 * P);
        room.Map(target + P, 2 * P, RW, source);
        room.Space.Store(Base + P, 42);
        Assert.Equal(CountingSource.ByteAt(8 * P), room.Space.Load(Base + 2 * P));
        Assert.NotEqual(0, room.Space.Load(target + P));

        room.Space.Move(Base + P, Base + 4 * P, target);

        Assert.Equal(42, room.Space.Load(target));
        Assert.Equal(CountingSource.ByteAt(8 * P), room.Space.Load(target + P));
        Assert.Equal(CountingSource.ByteAt(9 * P + 3), room.Space.Load(target + 2 * P + 3));
        Assert.Equal(MemoryFault.Protection, room.Space.Store(target + P, 1));
        Assert.Equal(-(int)MemoryFault.NotMapped, room.Space.Load(Base + P));
        Assert.Equal(-(int)MemoryFault.NotMapped, room.Space.Load(Base + 3 * P));
        Assert.Equal(CountingSource.ByteAt(10 * P), room.Space.Load(Base + 4 * P));
        Assert.Equal(2, source.References);
        Assert.Equal(4, room.Space.MappingCount);
    }

    [Fact]
    public void WhatLandsNextToItsContinuationBecomesOneMapping()
    {
        using Room room = new(flat: false);
        room.Map(Base, 4 * P);
        room.Map(Base + 10 * P, 2 * P);
        room.Space.Move(Base + 10 * P, Base + 12 * P, Base + 4 * P);
        Assert.Equal("0-6rw-", room.Ranges());
    }

    [Fact]
    public void ASharedFrameStillCopiesAfterAMove()
    {
        using Room room = new(flat: true);
        room.Map(Base, P);
        room.Space.Store(Base, 1);
        AddressSpace child = room.Fork(room.Space);
        room.Space.Move(Base, Base + P, Base + 8 * P);
        room.Space.Store(Base + 8 * P, 2);
        Assert.Equal(1, child.Load(Base));
        Assert.Equal(2, room.Space.Load(Base + 8 * P));
    }

    [Fact]
    public void AnOverlapIsRefusedBeforeAnythingChanges()
    {
        using Room room = new(flat: false);
        room.Map(Base, 4 * P);
        room.Space.Store(Base, 7);
        Assert.Throws<ArgumentOutOfRangeException>(() => room.Space.Move(Base, Base + 4 * P, Base + 3 * P));
        Assert.Throws<ArgumentOutOfRangeException>(() => room.Space.Move(Base, Base + 4 * P, Base - P));
        Assert.Throws<ArgumentOutOfRangeException>(() => room.Space.Move(Base, Base + 4 * P, GuestPage.CanonicalEnd - 3 * P));
        Assert.Equal(7, room.Space.Load(Base));
        room.Space.Move(Base, Base + 4 * P, GuestPage.CanonicalEnd - 4 * P);
        Assert.Equal(7, room.Space.Load(GuestPage.CanonicalEnd - 4 * P));
    }
}
