using static Faultline.Memory.Tests.Room;

namespace Faultline.Memory.Tests;

/// <summary>Runs of pages at home that allow loads and stores, and when they may not be so any more.</summary>
public sealed class WindowTests
{
    private const ulong Reach = 2048;

    [Fact]
    public void PagesThatNobodyHasTouchedAreFilled()
    {
        using Room room = new(flat: true);
        room.Map(Base, 1024 * P);
        Assert.True(room.Space.TryFindWindow(Base + 512 * P, Reach, Reach, out ulong low, out ulong end, out long stamp));
        Assert.True(low <= Base + 511 * P && end >= Base + 513 * P);
        Assert.Equal(room.Space.StoresTaken, stamp);
        Assert.Equal(0, room.Space.Load(Base + 511 * P));
        Assert.Equal(3, HomeBits(room.Space, Base + 511 * P) & 3);
    }

    [Fact]
    public void ItReachesAsFarAsPagesAreThere()
    {
        using Room room = new(flat: true);
        room.Map(Base, 32 * P);
        for (ulong page = 8; page < 24; page++)
            room.Space.Store(Base + page * P, 1);
        room.Space.Protect(Base + 20 * P, Base + 21 * P, R);
        Assert.True(room.Space.TryFindWindow(Base + 10 * P, Reach, Reach, out ulong low, out ulong end, out _));
        Assert.True(low <= Base + 8 * P);
        Assert.Equal(Base + 20 * P, end);
    }

    /// <summary>Within the reach of an end, of a page that cannot be stored to, or of one that holds code there is none.</summary>
    [Fact]
    public void AllPagesInReachMustAllowStores()
    {
        using Room room = new(flat: true);
        room.Map(Base, 16 * P);
        room.Map(Base + 16 * P, 8 * P, RWX);
        room.Space.Protect(Base + 4 * P, Base + 5 * P, R);
        room.Space.Execute(Base + 20 * P);
        Assert.True(room.Space.MarkCode((Base + 20 * P) >> GuestPage.Shift));
        foreach (ulong address in (ulong[])[0, 1, Reach, Base, Base + Reach - 1, Base + 4 * P - Reach + 1, Base + 4 * P, Base + 5 * P + Reach - 1, Base + 20 * P, Base + 24 * P - Reach + 1, Base + 24 * P,
            GuestPage.CanonicalEnd - 1, GuestPage.CanonicalEnd, GuestPage.CanonicalEnd + Base + 8 * P, ulong.MaxValue - Reach, ulong.MaxValue])
            Assert.False(room.Space.TryFindWindow(address, Reach, Reach, out _, out _, out _), $"0x{address:x}");
        foreach (ulong address in (ulong[])[Base + Reach, Base + 4 * P - Reach, Base + 5 * P + Reach, Base + 20 * P - Reach, Base + 21 * P + Reach, Base + 24 * P - Reach])
            Assert.True(room.Space.TryFindWindow(address, Reach, Reach, out _, out _, out _), $"0x{address:x}");
        // Nobody was told of a change of code.
        Assert.Empty(room.Changed);
    }

    [Fact]
    public void StacksDoNotGrowByIt()
    {
        using Room room = new(flat: true);
        room.Map(Base, 4 * P, growsDown: true);
        Assert.False(room.Space.TryFindWindow(Base + 16, Reach, Reach, out _, out _, out _));
        Assert.Equal(Base, room.Space.Find(Base)!.Start);
        Assert.True(room.Space.TryFindWindow(Base + Reach, Reach, Reach, out ulong low, out _, out _));
        Assert.Equal(Base, low);
        Assert.Equal(Base, room.Space.Find(Base)!.Start);
    }

    [Fact]
    public void MemoryOfObjectsIsNotFilled()
    {
        using Room room = new(flat: true);
        room.Map(Base, 4 * P, source: room.NewSource(4 * P));
        Assert.False(room.Space.TryFindWindow(Base + 2 * P, Reach, Reach, out _, out _, out _));
    }

    /// <summary>Whatever takes stores away from a page changes the number that whoever has found a window looks at.</summary>
    [Theory]
    [InlineData("unmap")]
    [InlineData("protect")]
    [InlineData("none")]
    [InlineData("map")]
    [InlineData("discard")]
    [InlineData("move")]
    [InlineData("onto")]
    [InlineData("fork")]
    [InlineData("code")]
    public void WhatTakesStoresAwayIsNoticed(string change)
    {
        using Room room = new(flat: true);
        AddressSpace space = room.Space;
        room.Map(Base, 16 * P, RWX);
        room.Map(Base + 64 * P, 16 * P);
        Assert.True(space.TryFindWindow(Base + 8 * P, Reach, Reach, out _, out _, out long stamp));
        Assert.Equal(stamp, space.StoresTaken);
        ulong start = Base + 8 * P;
        switch (change)
        {
            case "unmap":
                space.Unmap(start, start + P);
                break;
            case "protect":
                space.Protect(start, start + P, R);
                break;
            case "none":
                space.Protect(start, start + P, PageProtection.None);
                break;
            case "map":
                room.Map(start, P);
                break;
            case "discard":
                space.Discard(start, start + P);
                break;
            case "move":
                space.Move(start, start + P, Base + 128 * P);
                break;
            case "onto":
                space.Move(Base + 64 * P, Base + 65 * P, start);
                break;
            case "fork":
                room.Fork(space);
                break;
            default:
                space.Execute(start);
                space.MarkCode(start >> GuestPage.Shift);
                break;
        }
        Assert.NotEqual(stamp, space.StoresTaken);
    }

    /// <summary>A child copies what it shares to its own homes; the parent finds no window until it is alone with its frames again.</summary>
    [Fact]
    public void CopiesAreMadeWhereTheyAreAtHome()
    {
        using Room room = new(flat: true);
        room.Map(Base, 4 * P);
        room.Space.Store(Base + P, 1);
        room.Space.Store(Base + 2 * P, 2);
        AddressSpace child = room.Fork(room.Space);
        Assert.False(room.Space.TryFindWindow(Base + 2 * P, Reach, Reach, out _, out _, out _));
        Assert.True(child.TryFindWindow(Base + 2 * P, Reach, Reach, out _, out _, out _));
        child.Store(Base + P, 11);
        child.Store(Base + 2 * P, 12);
        Assert.True(room.Space.TryFindWindow(Base + 2 * P, Reach, Reach, out _, out _, out _));
        Assert.Equal((1, 2, 11, 12), (room.Space.Load(Base + P), room.Space.Load(Base + 2 * P), child.Load(Base + P), child.Load(Base + 2 * P)));
    }

    /// <summary>A copy is made for a window while another thread may still load from the frame before.</summary>
    [Fact]
    public void CopiesWaitForOtherThreads()
    {
        using Room room = new(flat: true);
        room.Map(Base, 4 * P);
        room.Space.Store(Base + P, 1);
        AddressSpace child = room.Fork(room.Space);
        AddressSpaceUser self = new(null, () => { });
        bool interrupted = false;
        AddressSpaceUser other = new(null, () => Volatile.Write(ref interrupted, true));
        child.Join(self);
        child.Join(other);
        other.EnterGuest();
        bool found = false;
        Thread thread = new(() =>
        {
            self.EnterGuest();
            found = child.TryFindWindow(Base + 2 * P, Reach, Reach, out _, out _, out _);
            self.LeaveGuest();
        });
        thread.Start();
        SpinWait.SpinUntil(() => Volatile.Read(ref interrupted));
        Assert.True(thread.IsAlive);
        other.FallAsleep();
        thread.Join();
        Assert.True(found);
        child.Leave(self);
        child.Leave(other);
    }

    [Fact]
    public void WithoutTablesThereIsNone()
    {
        using Room room = new(flat: false);
        room.Map(Base, 4 * P);
        Assert.False(room.Space.TryFindWindow(Base + 2 * P, Reach, Reach, out _, out _, out _));
    }

    private static unsafe int HomeBits(AddressSpace space, ulong address) => space.HomeTable[address >> GuestPage.Shift];
}
