using static Faultline.Memory.Tests.Room;

namespace Faultline.Memory.Tests;

public unsafe class CodeMarkTests
{
    private const ulong Page = Base >> GuestPage.Shift;

    public static TheoryData<string, bool> Changes()
    {
        TheoryData<string, bool> data = [];
        foreach (string change in new[] { "store", "unmap", "replace", "protect", "discard", "move", "move onto", "dispose" })
        {
            data.Add(change, true);
            data.Add(change, false);
        }
        return data;
    }

    [Theory, MemberData(nameof(Changes))]
    public void EachChangeTellsOnce(string change, bool flat)
    {
        using Room room = new(flat);
        AddressSpace space = room.Space;
        room.Map(Base, 4 * P, RWX);
        space.Store(Base, 0x90);
        Assert.True(space.MarkCode(Page));
        Assert.True(space.MarkCode(Page));
        Assert.Equal(0x90, space.Load(Base));
        Assert.Equal(MemoryFault.None, space.Execute(Base));
        Assert.Equal(MemoryFault.None, space.Store(Base + P, 1));
        Assert.Empty(room.Changed);

        switch (change)
        {
            case "store":
                space.Store(Base + 5, 1);
                space.Store(Base + 6, 1);
                break;
            case "unmap":
                space.Unmap(Base, Base + P);
                break;
            case "replace":
                room.Map(Base, P);
                break;
            case "protect":
                space.Protect(Base, Base + P, R);
                space.Protect(Base, Base + P, RX);
                break;
            case "discard":
                space.Discard(Base, Base + P);
                break;
            case "move":
                space.Move(Base, Base + P, Base + 8 * P);
                break;
            case "move onto":
                space.Move(Base + P, Base + 2 * P, Base);
                break;
            default:
                space.Dispose();
                break;
        }
        Assert.Equal([Page], room.Changed);
    }

    [Theory, InlineData(true), InlineData(false)]
    public void AfterTheNoticeAPageCanBeMarkedAgain(bool flat)
    {
        using Room room = new(flat);
        room.Map(Base, P, RWX);
        Assert.False(room.Space.MarkCode(Page));
        for (int i = 1; i <= 3; i++)
        {
            Assert.Equal(MemoryFault.None, room.Space.Execute(Base));
            Assert.True(room.Space.MarkCode(Page));
            room.Space.Store(Base, (byte)i);
            room.Space.Store(Base, (byte)i);
            Assert.Equal(i, room.Changed.Count);
        }
        Assert.False(room.Space.MarkCode(ulong.MaxValue >> GuestPage.Shift));
    }

    /// <summary>Whoever fetches and marks does two things, and nobody is told of what comes between: it is the marking that notices.</summary>
    [Theory, InlineData(true), InlineData(false)]
    public void WhatAFetchHasFoundIsMarkedOnlyWhileItIsThere(bool flat)
    {
        using Room room = new(flat);
        room.Map(Base, P, RWX);
        room.Space.Store(Base, 0x90);
        byte* found = room.Space.Resolve(Base, MemoryAccess.Execute, out _);
        room.Space.Protect(Base, Base + P, PageProtection.Read);
        Assert.False(room.Space.MarkCode(Page, found, out _));
        Assert.Empty(room.Changed);
        room.Space.Protect(Base, Base + P, RWX);
        Assert.True(room.Space.MarkCode(Page, found, out _));

        room.Space.Unmap(Base, Base + P);
        room.Map(Base + P, P, RWX);
        room.Space.Store(Base + P, 0x90);
        room.Map(Base, P, RWX);
        Assert.False(room.Space.MarkCode(Page, found, out _));
        room.Space.Store(Base, 0x92);
        Assert.True(room.Space.MarkCode(Page, room.Space.Resolve(Base, MemoryAccess.Execute, out _), out _));
    }

    [Theory, InlineData(true), InlineData(false)]
    public void AForkKeepsTheParentsMarkAndGivesTheChildNone(bool flat)
    {
        using Room room = new(flat);
        room.Map(Base, P, RWX);
        room.Space.Store(Base, 1);
        room.Space.MarkCode(Page);
        AddressSpace child = room.Fork(room.Space);
        Room observer = room;
        child.Join(new AddressSpaceUser(observer, () => { }));
        child.Store(Base, 2);
        Assert.Empty(room.Changed);
        room.Space.Store(Base, 3);
        room.Space.Store(Base, 4);
        Assert.Equal([Page], room.Changed);
        Assert.Equal(2, child.Load(Base));
    }

    [Fact]
    public void AnObserverSeesTheOldBytes()
    {
        using Room room = new(flat: true);
        room.Map(Base, P, RWX);
        room.Space.Store(Base, 1);
        room.Space.MarkCode(Page);
        OldBytes observer = new(room.Space);
        room.Space.Join(new AddressSpaceUser(observer, () => { }));
        room.Space.Store(Base, 2);
        Assert.Equal(1, observer.Seen);
        Assert.Equal(2, room.Space.Load(Base));
    }

    /// <summary>
    /// One thread stores to code and waits until nobody runs it any more. Until then another one may not store there either: once a store there could go unnoticed, a third thread that
    /// runs the old code could write to it and go on with what it has overwritten.
    /// </summary>
    [Theory, InlineData("same page"), InlineData("through the other mapping"), InlineData("after a change of rights")]
    public void AStoreWaitsWhileOldCodeMayStillRun(string how)
    {
        const ulong other = Base + 8 * P;
        using Room room = new(flat: true);
        AddressSpace space = room.Space;
        CountingSource? source = how == "through the other mapping" ? room.NewSource(P) : null;
        room.Map(Base, P, RWX, source, shared: source is not null);
        if (source is not null)
            room.Map(other, P, RW, source, shared: true);
        Assert.Equal(MemoryFault.None, space.Store(Base, 1));
        Assert.True(space.MarkCode(Page));

        TellsOfChanges observer = new();
        AddressSpaceUser runs = new(observer, () => { });
        space.Join(runs);
        runs.EnterGuest();
        Thread first = new(() =>
        {
            if (how == "after a change of rights")
                space.Protect(Base, Base + P, RW);
            else
                space.Store(Base, 2);
        });
        Thread second = new(() => space.Store(source is not null ? other : Base + 1, 3));
        first.Start();
        observer.Told.Wait();
        second.Start();
        Assert.False(second.Join(50));
        Assert.Equal(0, space.WriteTable[Page]);
        while (first.IsAlive || second.IsAlive)
        {
            runs.Pass();
            Thread.Yield();
        }
        runs.LeaveGuest();
        Assert.Equal(MemoryFault.None, space.Store(Base, 4));
        Assert.NotEqual(0, space.WriteTable[Page]);
        runs.FallAsleep();
        space.Leave(runs);
    }

    private sealed class TellsOfChanges : ICodeObserver
    {
        public ManualResetEventSlim Told { get; } = new();

        public void CodeChanged(ulong page) => Told.Set();
    }

    private sealed class OldBytes(AddressSpace space) : ICodeObserver
    {
        public int Seen { get; private set; }

        public void CodeChanged(ulong page) => Seen = space.Load(page << GuestPage.Shift);
    }
}
