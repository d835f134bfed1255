using static Faultline.Memory.Tests.Room;

namespace Faultline.Memory.Tests;

public class ManySpacesTests
{
    [Fact]
    public void BeyondWhatTheHostHoldsSpacesWorkWithoutTables()
    {
        using FramePool pool = new();
        List<AddressSpace> spaces = [];
        try
        {
            for (int i = 0; i < 300; i++)
            {
                AddressSpace space = i % 3 == 2 ? spaces[i - 1].Fork() : new AddressSpace(pool);
                spaces.Add(space);
                space.Map(new Mapping { Start = Base, End = Base + P, Protection = RW });
                Assert.Equal(MemoryFault.None, space.Store(Base, (byte)i));
            }
            for (int i = 0; i < 300; i++)
                Assert.Equal((byte)i, spaces[i].Load(Base));
            Assert.InRange(spaces.Count(s => s.PageLimit != 0), 1, FlatTables.MaxPairs);
            Assert.Contains(spaces, s => s.PageLimit == 0);
            Assert.Equal(300, pool.FramesInUse);

            // Room that comes free is used again, also by the child of a space that has no tables.
            AddressSpace without = spaces.First(s => s.PageLimit == 0);
            AddressSpace with = spaces.Last(s => s.PageLimit != 0);
            with.Dispose();
            using AddressSpace child = without.Fork();
            Assert.NotEqual(0UL, child.PageLimit);
            Assert.Equal(without.Load(Base), child.Load(Base));
        }
        finally
        {
            foreach (AddressSpace space in spaces)
                space.Dispose();
        }
        Assert.Equal(0, pool.FramesInUse);
    }

    [Fact]
    public void ATooLargeReservationLeavesNoTables()
    {
        using FlatTables tables = new(1UL << 50);
        Assert.Equal(0UL, tables.PageLimit);
        unsafe
        {
            Assert.True(tables.Read is null && tables.Write is null);
            tables.Set(5, (byte*)4096, (byte*)4096);
        }
        tables.ClearWrite(5);
        tables.Discard(0, 512);
    }
}
