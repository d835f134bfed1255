using static Faultline.Memory.Tests.Room;

namespace Faultline.Memory.Tests;

public class ForkTests
{
    [Theory, InlineData(true), InlineData(false)]
    public void NeitherSideSeesTheOthersStores(bool flat)
    {
        using Room room = new(flat);
        room.Map(Base, 4 * P);
        for (ulong i = 0; i < 4; i++)
            room.Space.Store(Base + i * P, (byte)(10 + i));
        Assert.Equal(4, room.Pool.FramesInUse);
        AddressSpace child = room.Fork(room.Space);
        Assert.Equal(4, room.Pool.FramesInUse);

        room.Space.Store(Base, 100);
        child.Store(Base + P, 101);
        Assert.Equal(6, room.Pool.FramesInUse);
        Assert.Equal(100, room.Space.Load(Base));
        Assert.Equal(10, child.Load(Base));
        Assert.Equal(11, room.Space.Load(Base + P));
        Assert.Equal(101, child.Load(Base + P));

        // Whoever is left alone with a frame stores in place.
        child.Store(Base, 102);
        room.Space.Store(Base + P, 103);
        Assert.Equal(6, room.Pool.FramesInUse);
        Assert.Equal(100, room.Space.Load(Base));
        Assert.Equal(101, child.Load(Base + P));
    }

    [Theory, InlineData(true), InlineData(false)]
    public void TheFramesOfAChildThatEndedAreReclaimedWithoutACopy(bool flat)
    {
        using Room room = new(flat);
        room.Map(Base, P);
        room.Space.Store(Base, 1);
        AddressSpace child = room.Fork(room.Space);
        Assert.Equal(1, child.Load(Base));
        child.Dispose();
        room.Space.Store(Base, 2);
        Assert.Equal(1, room.Pool.FramesInUse);
        Assert.Equal(2, room.Space.Load(Base));
    }

    [Theory, InlineData(true), InlineData(false)]
    public void WhatASystemCallStoresIsNotLostToACopy(bool flat)
    {
        using Room room = new(flat);
        room.Space.Join(new AddressSpaceUser(room, () => { }));
        room.Map(Base, 2 * P);
        room.Space.Store(Base, 1);
        room.Space.Store(Base + P, 1);

        // A thread is about to store; another forks, and stores to the first of the pages, which gets another frame.
        ulong start = Base + P - 4;
        Assert.True(room.Space.TryGetSpan(start, 4, MemoryAccess.Write, out Span<byte> first, out _));
        Assert.True(room.Space.TryGetSpan(Base + P, 4, MemoryAccess.Write, out Span<byte> second, out _));
        AddressSpace child = room.Fork(room.Space);
        room.Space.Store(Base, 2);
        first.Fill(7);
        second.Fill(8);
        room.Space.Confirm(start, first);
        room.Space.Confirm(Base + P, second);

        room.Space.Store(Base + P + 9, 9);
        byte[] found = new byte[8];
        Assert.Equal(8, room.Space.Read(start, found, out _));
        Assert.Equal([7, 7, 7, 7, 8, 8, 8, 8], found);
        Assert.Equal(2, room.Space.Load(Base));
        Assert.Equal(1, child.Load(Base));

        // A page that is gone meanwhile takes nothing.
        room.Space.Unmap(Base, Base + P);
        room.Space.Confirm(start, first);
        Assert.Equal(-(int)MemoryFault.NotMapped, room.Space.Load(Base));
    }

    [Theory, InlineData(true), InlineData(false)]
    public void GrandchildrenKeepTheirOwnView(bool flat)
    {
        using Room room = new(flat);
        room.Map(Base, P);
        room.Space.Store(Base, 1);
        AddressSpace child = room.Fork(room.Space);
        AddressSpace grandchild = room.Fork(child);
        AddressSpace sibling = room.Fork(room.Space);
        Assert.Equal(1, room.Pool.FramesInUse);
        child.Store(Base, 2);
        Assert.Equal(1, grandchild.Load(Base));
        grandchild.Store(Base, 3);
        room.Space.Store(Base, 4);
        Assert.Equal(4, room.Pool.FramesInUse);
        Assert.Equal(4, room.Space.Load(Base));
        Assert.Equal(2, child.Load(Base));
        Assert.Equal(3, grandchild.Load(Base));
        Assert.Equal(1, sibling.Load(Base));
        sibling.Store(Base, 5);
        Assert.Equal(4, room.Pool.FramesInUse);
    }

    [Theory, InlineData(true), InlineData(false)]
    public void UntouchedPagesFillInEachSideOnItsOwn(bool flat)
    {
        using Room room = new(flat);
        CountingSource source = room.NewSource(100 * P);
        room.Map(Base, 100 * P, RW, source);
        AddressSpace child = room.Fork(room.Space);
        Assert.Equal(2, source.References);
        child.Store(Base + 50 * P, 0);
        Assert.Equal(CountingSource.ByteAt(50 * P), room.Space.Load(Base + 50 * P));
        room.Space.Unmap(Base, Base + 100 * P);
        Assert.Equal(1, source.References);
        Assert.Equal(CountingSource.ByteAt(99 * P), child.Load(Base + 99 * P));
    }

    [Theory, InlineData(true), InlineData(false)]
    public void SharedMappingsStayShared(bool flat)
    {
        using Room room = new(flat);
        CountingSource source = room.NewSource(4 * P);
        room.Map(Base, 4 * P, RW, source, shared: true);
        room.Space.Store(Base, 1);
        AddressSpace child = room.Fork(room.Space);
        child.Store(Base, 2);
        Assert.Equal(2, room.Space.Load(Base));
        room.Space.Store(Base + P, 3);
        Assert.Equal(3, child.Load(Base + P));
        Assert.Equal(0, room.Pool.FramesInUse);
    }

    [Theory, InlineData(true), InlineData(false)]
    public void ProtectionAndStackLimitAreTheChildsOwn(bool flat)
    {
        using Room room = new(flat);
        room.Map(Base, 2 * P);
        room.Space.Store(Base, 1);
        room.Space.StackLimit = 12345;
        AddressSpace child = room.Fork(room.Space);
        Assert.Equal(12345UL, child.StackLimit);
        child.Protect(Base, Base + P, R);
        Assert.Equal(MemoryFault.Protection, child.Store(Base, 2));
        Assert.Equal(MemoryFault.None, room.Space.Store(Base, 2));
        child.Protect(Base, Base + P, RW);
        Assert.Equal(1, child.Load(Base));
        Assert.Equal(MemoryFault.None, child.Store(Base, 3));
        Assert.Equal(2, room.Space.Load(Base));
    }

    [Fact]
    public void ACopyThatFindsNoFrameFaultsAndChangesNothing()
    {
        using Room room = new(flat: true, frameLimit: 1);
        room.Map(Base, P);
        room.Space.Store(Base, 1);
        AddressSpace child = room.Fork(room.Space);
        Assert.Equal(MemoryFault.OutOfMemory, child.Store(Base, 2));
        Assert.Equal(1, child.Load(Base));
        room.Space.Dispose();
        Assert.Equal(MemoryFault.None, child.Store(Base, 2));
    }

    [Fact]
    public void LoadsThroughTheTableFollowACopy()
    {
        using Room room = new(flat: true);
        room.Map(Base, P);
        room.Space.Store(Base, 1);
        AddressSpace child = room.Fork(room.Space);
        Assert.Equal(1, child.Load(Base));
        child.Store(Base, 2);
        Assert.Equal(2, child.Load(Base));
        Assert.Equal(1, room.Space.Load(Base));
    }
}
