using static Faultline.Memory.Tests.Room;

namespace Faultline.Memory.Tests;

public class FindFreeTests
{
    private const ulong Gap = 256 * P;

    [Fact]
    public void TopDownTakesTheHighestGapThatFits()
    {
        using Room room = new(flat: false);
        ulong high = Base + 100 * P;
        Assert.Equal(high - 4 * P, room.Space.FindFreeTopDown(4 * P, Base, high));
        room.Map(Base + 98 * P, P);
        Assert.Equal(Base + 99 * P, room.Space.FindFreeTopDown(P, Base, high));
        Assert.Equal(Base + 96 * P, room.Space.FindFreeTopDown(2 * P, Base, high));
        Assert.Equal(Base, room.Space.FindFreeTopDown(98 * P, Base, high));
        Assert.Equal(0UL, room.Space.FindFreeTopDown(99 * P, Base, high));
        Assert.Equal(0UL, room.Space.FindFreeTopDown(ulong.MaxValue & ~GuestPage.Mask, Base, high));
    }

    [Fact]
    public void TopDownHonoursAlignment()
    {
        using Room room = new(flat: false);
        ulong high = Base + 100 * P;
        Assert.Equal(Base + 80 * P, room.Space.FindFreeTopDown(P, Base, high - P * 4, 16 * P));
        room.Map(Base + 90 * P, P);
        Assert.Equal(Base + 64 * P, room.Space.FindFreeTopDown(11 * P, Base, high, 32 * P));
    }

    [Fact]
    public void TopDownMeetsMappingsAtAndAcrossTheLimit()
    {
        using Room room = new(flat: false);
        ulong high = Base + 100 * P;
        room.Map(high, P);
        Assert.Equal(high - P, room.Space.FindFreeTopDown(P, Base, high));
        room.Map(high - P, 2 * P);
        Assert.Equal(high - 2 * P, room.Space.FindFreeTopDown(P, Base, high));
    }

    [Theory, InlineData(0), InlineData(1), InlineData(100)]
    public void TopDownKeepsTheGuardGapBelowAStack(int pagesAboveTheLimit)
    {
        using Room room = new(flat: false);
        ulong high = Base + 1000 * P;
        ulong stack = high + (ulong)pagesAboveTheLimit * P;
        room.Map(stack, 4 * P, growsDown: true);
        Assert.Equal(stack - Gap - P, room.Space.FindFreeTopDown(P, Base, high));
    }

    [Fact]
    public void BottomUpTakesTheLowestGapThatFits()
    {
        using Room room = new(flat: false);
        ulong high = Base + 1000 * P;
        Assert.Equal(Base, room.Space.FindFreeBottomUp(P, Base, high));
        room.Map(Base - P, 3 * P);
        room.Map(Base + 4 * P, P);
        Assert.Equal(Base + 2 * P, room.Space.FindFreeBottomUp(2 * P, Base, high));
        Assert.Equal(Base + 5 * P, room.Space.FindFreeBottomUp(3 * P, Base, high));
        Assert.Equal(0UL, room.Space.FindFreeBottomUp(996 * P, Base, high));
        Assert.Equal(Base + 5 * P, room.Space.FindFreeBottomUp(995 * P, Base, high));
    }

    [Fact]
    public void BottomUpKeepsTheGuardGapBelowAStack()
    {
        using Room room = new(flat: false);
        ulong high = Base + 1000 * P;
        room.Map(Base + 300 * P, 4 * P, growsDown: true);
        Assert.Equal(Base, room.Space.FindFreeBottomUp(44 * P, Base, high));
        Assert.Equal(Base + 304 * P, room.Space.FindFreeBottomUp(45 * P, Base, high));
        room.Map(high + P, 4 * P, growsDown: true);
        Assert.Equal(0UL, room.Space.FindFreeBottomUp(500 * P, Base, high));
    }
}
