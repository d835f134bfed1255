using static Faultline.Memory.Tests.Room;

namespace Faultline.Memory.Tests;

public class MappingTests
{
    [Fact]
    public void NeighboursThatContinueEachOtherBecomeOne()
    {
        using Room room = new(flat: false);
        room.Map(Base, 2 * P);
        room.Map(Base + 4 * P, 2 * P);
        Assert.Equal("0-2rw- 4-6rw-", room.Ranges());
        room.Map(Base + 2 * P, 2 * P);
        Assert.Equal("0-6rw-", room.Ranges());
        room.Map(Base + 6 * P, P, R);
        Assert.Equal("0-6rw- 6-7r--", room.Ranges());
        room.Map(Base + 7 * P, P, R, name: "[heap]");
        Assert.Equal(3, room.Space.MappingCount);
    }

    [Fact]
    public void SourcesMergeOnlyWhereOffsetsContinue()
    {
        using Room room = new(flat: false);
        CountingSource source = room.NewSource(100 * P);
        room.Map(Base, 2 * P, R, source, offset: 4 * P);
        room.Map(Base + 2 * P, 2 * P, R, source, offset: 6 * P);
        Assert.Equal(1, room.Space.MappingCount);
        Assert.Equal(1, source.References);
        room.Map(Base + 4 * P, 2 * P, R, source, offset: 9 * P);
        Assert.Equal(2, room.Space.MappingCount);
        Assert.Equal(2, source.References);
        room.Map(Base + 6 * P, 2 * P, R, room.NewSource(100 * P), offset: 11 * P);
        Assert.Equal(3, room.Space.MappingCount);
    }

    [Fact]
    public void ReplacingTheMiddleSplitsAndCounts()
    {
        using Room room = new(flat: false);
        CountingSource source = room.NewSource(100 * P);
        room.Map(Base, 10 * P, R, source, offset: 5 * P);
        room.Map(Base + 3 * P, 2 * P, RW);
        Assert.Equal("0-3r-- 3-5rw- 5-10r--", room.Ranges());
        Assert.Equal(2, source.References);
        Assert.Equal(10 * P, room.Space.Find(Base + 5 * P)!.Offset);
        Assert.Equal(CountingSource.ByteAt(10 * P), room.Space.Load(Base + 5 * P));
        room.Space.Unmap(Base + P, Base + 6 * P);
        Assert.Equal("0-1r-- 6-10r--", room.Ranges());
        Assert.Equal(11 * P, room.Space.Find(Base + 6 * P)!.Offset);
        room.Space.Unmap(Base + 7 * P, Base + 8 * P);
        Assert.Equal(3, source.References);
        room.Space.Unmap(0, GuestPage.CanonicalEnd);
        Assert.Equal(0, room.Space.MappingCount);
        Assert.Equal(0, source.References);
    }

    [Fact]
    public void ReplacingTheOnlyMappingOfASourceKeepsItAlive()
    {
        using Room room = new(flat: false);
        CountingSource source = room.NewSource(100 * P);
        room.Map(Base, 4 * P, R, source);
        room.Map(Base, 4 * P, RW, source);
        Assert.Equal(1, source.References);
        Assert.True(source.Lowest >= 1);
    }

    [Fact]
    public void AnonymousPiecesHaveNoOffset()
    {
        using Room room = new(flat: false);
        room.Map(Base, 10 * P);
        room.Space.Unmap(Base + 3 * P, Base + 4 * P);
        Assert.Equal(0UL, room.Space.Find(Base + 5 * P)!.Offset);
    }

    [Fact]
    public void AnEmptyRangeChangesNothing()
    {
        using Room room = new(flat: false);
        room.Map(Base, 4 * P);
        room.Space.Store(Base + P, 7);
        room.Space.Unmap(Base + P, Base + P);
        room.Space.Protect(Base + P, Base + P, R);
        room.Space.Discard(Base + P, Base + P);
        Assert.Equal("0-4rw-", room.Ranges());
        Assert.Equal(7, room.Space.Load(Base + P));
    }

    [Fact]
    public void WhatIsNotWholePagesOfTheUserHalfIsRefused()
    {
        using Room room = new(flat: false);
        Assert.Throws<ArgumentException>(() => room.Map(Base + 1, P));
        Assert.Throws<ArgumentException>(() => room.Map(Base, P + 1));
        Assert.ThrowsAny<ArgumentException>(() => room.Map(Base, 0));
        Assert.ThrowsAny<ArgumentException>(() => room.Map(GuestPage.CanonicalEnd - P, 2 * P));
        Assert.Equal(0, room.Space.MappingCount);
    }

    [Theory, InlineData(true), InlineData(false)]
    public void ProtectionIsWhatTheNextAccessMeets(bool flat)
    {
        using Room room = new(flat);
        room.Map(Base, 6 * P);
        for (ulong i = 0; i < 6; i++)
            Assert.Equal(MemoryFault.None, room.Space.Store(Base + i * P, (byte)(i + 1)));

        room.Space.Protect(Base + 2 * P, Base + 4 * P, R);
        Assert.Equal("0-2rw- 2-4r-- 4-6rw-", room.Ranges());
        Assert.Equal(MemoryFault.Protection, room.Space.Store(Base + 2 * P, 9));
        Assert.Equal(3, room.Space.Load(Base + 2 * P));
        Assert.Equal(MemoryFault.Protection, room.Space.Execute(Base + 2 * P));
        Assert.Equal(MemoryFault.None, room.Space.Store(Base + P, 2));

        room.Space.Protect(Base + 3 * P, Base + 5 * P, PageProtection.None);
        Assert.Equal(-(int)MemoryFault.Protection, room.Space.Load(Base + 3 * P));
        Assert.Equal(-(int)MemoryFault.Protection, room.Space.Load(Base + 4 * P));

        room.Space.Protect(Base, Base + 6 * P, RW);
        Assert.Equal("0-6rw-", room.Ranges());
        for (ulong i = 0; i < 6; i++)
            Assert.Equal((int)i + 1, room.Space.Load(Base + i * P));
    }

    [Fact]
    public void WriteOrExecuteAloneAllowsLoads()
    {
        using Room room = new(flat: true);
        room.Map(Base, P, PageProtection.Write);
        room.Map(Base + P, P, PageProtection.Execute);
        Assert.Equal(0, room.Space.Load(Base));
        Assert.Equal(0, room.Space.Load(Base + P));
        Assert.Equal(MemoryFault.None, room.Space.Execute(Base + P));
        Assert.Equal(MemoryFault.Protection, room.Space.Execute(Base));
        Assert.Equal(MemoryFault.Protection, room.Space.Store(Base + P, 1));
    }

    [Fact]
    public void ProtectLeavesHolesAlone()
    {
        using Room room = new(flat: false);
        room.Map(Base + P, P);
        room.Map(Base + 3 * P, P);
        room.Space.Protect(Base, Base + 10 * P, R);
        Assert.Equal("1-2r-- 3-4r--", room.Ranges());
        Assert.Equal(-(int)MemoryFault.NotMapped, room.Space.Load(Base + 2 * P));
    }

    [Fact]
    public void UpdateSplitsAndMergesAgain()
    {
        using Room room = new(flat: false);
        room.Map(Base, 6 * P);
        room.Space.Update(Base + 2 * P, Base + 4 * P, m => m with { Name = "[anon:x]" });
        Assert.Equal(3, room.Space.MappingCount);
        Assert.Equal("[anon:x]", room.Space.Find(Base + 2 * P)!.Name);
        room.Space.Update(Base, Base + 6 * P, m => m with { Name = "" });
        Assert.Equal("0-6rw-", room.Ranges());
    }

    [Fact]
    public void QueriesAgreeWithTheList()
    {
        using Room room = new(flat: false);
        room.Map(Base + 2 * P, 2 * P);
        room.Map(Base + 4 * P, P, R);
        room.Map(Base + 6 * P, P);
        Assert.Null(room.Space.Find(Base + 2 * P - 1));
        Assert.Equal(Base + 2 * P, room.Space.Find(Base + 4 * P - 1)!.Start);
        Assert.Equal(Base + 2 * P, room.Space.FindOrNext(Base)!.Start);
        Assert.Equal(Base + 6 * P, room.Space.FindOrNext(Base + 5 * P)!.Start);
        Assert.Null(room.Space.FindOrNext(Base + 7 * P));
        Assert.True(room.Space.IsMapped(Base + 2 * P, Base + 5 * P));
        Assert.False(room.Space.IsMapped(Base + 2 * P, Base + 5 * P + 1));
        Assert.False(room.Space.IsMapped(Base + P, Base + 5 * P));
        Assert.True(room.Space.IsFree(Base, Base + 2 * P));
        Assert.True(room.Space.IsFree(Base + 5 * P, Base + 6 * P));
        Assert.False(room.Space.IsFree(Base + 5 * P, Base + 6 * P + 1));
        Assert.False(room.Space.IsFree(Base + 4 * P, Base + 6 * P));
        Assert.False(room.Space.IsPresent(Base + 2 * P));
        Assert.Equal(0, room.Space.Load(Base + 2 * P));
        Assert.True(room.Space.IsPresent(Base + 2 * P));
        Assert.False(room.Space.IsPresent(ulong.MaxValue));
    }
}
