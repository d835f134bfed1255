using static Faultline.Memory.Tests.Room;

namespace Faultline.Memory.Tests;

public class StackTests
{
    private const ulong Top = Base + 10000 * P;

    [Theory, InlineData(true), InlineData(false)]
    public void ATouchBelowGrowsTheStackUpToItsLimit(bool flat)
    {
        using Room room = new(flat);
        room.Space.StackLimit = 100 * P;
        room.Map(Top - 4 * P, 4 * P, growsDown: true, name: "[stack]");
        Assert.Equal(MemoryFault.None, room.Space.Store(Top - 50 * P + 7, 1));
        Assert.Equal(Top - 50 * P, room.Space.Find(Top - 1)!.Start);
        Assert.Equal(0, room.Space.Load(Top - 100 * P));
        Assert.Equal(-(int)MemoryFault.NotMapped, room.Space.Load(Top - 100 * P - 1));
        Assert.Equal(1, room.Space.Load(Top - 50 * P + 7));
        Assert.Equal(1, room.Space.MappingCount);
    }

    [Fact]
    public void TheGuardGapHoldsAgainstAccessibleNeighbours()
    {
        using Room room = new(flat: false);
        room.Map(Top - 4 * P, 4 * P, growsDown: true);
        room.Map(Top - 400 * P, 10 * P, R);
        Assert.Equal(0, room.Space.Load(Top - 390 * P + 256 * P));
        Assert.Equal(-(int)MemoryFault.NotMapped, room.Space.Load(Top - 390 * P + 256 * P - 1));
    }

    [Fact]
    public void NoAccessAndOtherStacksNeedNoGap()
    {
        using Room room = new(flat: false);
        room.Map(Top - 4 * P, 4 * P, growsDown: true);
        room.Map(Top - 40 * P, 10 * P, PageProtection.None);
        Assert.Equal(0, room.Space.Load(Top - 30 * P));
        room.Map(Top - 1000 * P, 10 * P, growsDown: true);
        room.Map(Top - 1100 * P, 10 * P, growsDown: true);
        Assert.Equal(0, room.Space.Load(Top - 1090 * P));
    }

    [Fact]
    public void AReadOnlyStackGrowsAndThenRefusesTheStore()
    {
        using Room room = new(flat: false);
        room.Map(Top - 4 * P, 4 * P, R, growsDown: true);
        Assert.Equal(MemoryFault.Protection, room.Space.Store(Top - 6 * P, 1));
        Assert.Equal(Top - 6 * P, room.Space.Find(Top - 1)!.Start);
    }

    [Fact]
    public void AStackOfAnObjectGrowsTowardsItsBeginningOnly()
    {
        using Room room = new(flat: false);
        CountingSource source = room.NewSource(100 * P);
        room.Map(Top - 4 * P, 4 * P, RW, source, offset: 3 * P, growsDown: true);
        Assert.Equal(CountingSource.ByteAt(0), room.Space.Load(Top - 7 * P));
        Assert.Equal(CountingSource.ByteAt(3 * P), room.Space.Load(Top - 4 * P));
        Assert.Equal(-(int)MemoryFault.NotMapped, room.Space.Load(Top - 8 * P));
        Assert.Equal(1, source.References);
    }
}
