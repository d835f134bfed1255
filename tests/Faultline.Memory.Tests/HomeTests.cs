using static Faultline.Memory.Tests.Room;

namespace Faultline.Memory.Tests;

/// <summary>Frames at the places that follow from their guest addresses, and what the home table says of them.</summary>
public unsafe class HomeTests
{
    [Fact]
    public void TouchedPagesAreAtHome()
    {
        using Room room = new(flat: true);
        room.Map(Base, 32 * P);
        room.Map(0x7fff_ffff_0000, 4 * P);
        room.Map(0x5555_5555_4000, 4 * P, R);
        room.Space.Store(Base + 5 * P, 7);
        room.Space.Store(0x7fff_ffff_0000, 8);
        Assert.Equal(0, room.Space.Load(0x5555_5555_4000));
        Assert.Equal(3, HomeBits(room.Space, Base + 5 * P));
        Assert.Equal(3, HomeBits(room.Space, 0x7fff_ffff_0000));
        Assert.Equal(1, HomeBits(room.Space, 0x5555_5555_4000));
        Assert.Equal(0, HomeBits(room.Space, Base + 31 * P));
        Assert.Equal(7, *(byte*)((Base + 5 * P) ^ room.Space.HomeMask));
    }

    [Fact]
    public void AChildCopiesToItsOwnHomesAndTheParentAwayFromIts()
    {
        using Room room = new(flat: true);
        room.Map(Base, 2 * P);
        room.Space.Store(Base, 1);
        room.Space.Store(Base + P, 2);
        AddressSpace child = room.Fork(room.Space);
        Assert.NotEqual(room.Space.HomeMask, child.HomeMask);

        child.Store(Base, 11);
        Assert.Equal(3, HomeBits(child, Base));
        Assert.Equal(2, child.Load(Base + P));
        Assert.Equal(0, HomeBits(child, Base + P));

        // The child still reads the parent's frame, which stays where it is.
        room.Space.Store(Base + P, 22);
        Assert.Equal(0, HomeBits(room.Space, Base + P));
        Assert.Equal((1, 22, 11, 2), (room.Space.Load(Base), room.Space.Load(Base + P), child.Load(Base), child.Load(Base + P)));

        // Alone with its frame again, at home.
        room.Space.Store(Base, 3);
        Assert.Equal(3, HomeBits(room.Space, Base));
    }

    [Fact]
    public void AParentThatEndsLeavesItsFramesToTheChild()
    {
        using Room room = new(flat: true);
        AddressSpace parent = room.NewSpace();
        parent.Map(new Mapping { Start = Base, End = Base + P, Protection = RW });
        parent.Store(Base, 5);
        AddressSpace child = room.Fork(parent);
        parent.Dispose();
        Assert.Equal(5, child.Load(Base));
        child.Store(Base, 6);
        Assert.Equal(6, child.Load(Base));
    }

    [Fact]
    public void MovedPagesComeHome()
    {
        using Room room = new(flat: true);
        room.Map(Base, 2 * P);
        room.Space.Store(Base, 1);
        room.Space.Store(Base + P, 2);
        room.Space.Move(Base, Base + 2 * P, Base + 64 * P);
        Assert.Equal((1, 2), (room.Space.Load(Base + 64 * P), room.Space.Load(Base + 65 * P)));
        Assert.Equal(1, HomeBits(room.Space, Base + 64 * P) & 1);
        room.Map(Base, P);
        Assert.Equal(0, room.Space.Load(Base));
    }

    [Fact]
    public void FramesAreZeroAgainWhetherTheHostGotThemBackOrNot()
    {
        using Room room = new(flat: true);
        foreach (ulong pages in (ReadOnlySpan<ulong>)[1, 3, 64])
        {
            for (int round = 0; round < 3; round++)
            {
                room.Map(Base, pages * P);
                for (ulong i = 0; i < pages; i++)
                {
                    Assert.Equal(0, room.Space.Load(Base + i * P + 9));
                    room.Space.Store(Base + i * P + 9, 0xcc);
                }
                room.Space.Unmap(Base, Base + pages * P);
            }
        }
    }

    [Fact]
    public void WhereTheHostHasSomethingElseThePoolServes()
    {
        using Room room = new(flat: true);
        byte* taken = (byte*)((0x3_4000_0000UL ^ room.Space.HomeMask) + 5 * P);
        Assert.True(HostMemory.ReserveAt(taken, (nuint)Environment.SystemPageSize));
        room.Map(0x3_4000_0000, 4 * P);
        room.Space.Store(0x3_4000_0000, 9);
        Assert.Equal(9, room.Space.Load(0x3_4000_0000));
        Assert.Equal(0, HomeBits(room.Space, 0x3_4000_0000));
        HostMemory.Free(taken, (nuint)Environment.SystemPageSize);
    }

    [Fact]
    public void TheNextPageIsFilledWhereItIsMappedAndNobodyElseHasIt()
    {
        using Room room = new(flat: true);
        room.Map(Base, 17 * P);
        room.Map(Base + 17 * P, P, R);
        room.Space.Load(Base);
        Assert.Equal((3, 0), (PairBits(room.Space, Base + 14 * P), PairBits(room.Space, Base + 15 * P)));
        room.Space.FillNext(Base + 15 * P);
        Assert.Equal(3, PairBits(room.Space, Base + 15 * P));

        // Not of the same protection, and nothing.
        room.Space.FillNext(Base + 16 * P);
        Assert.Equal(1, PairBits(room.Space, Base + 16 * P));
        room.Space.FillNext(Base + 17 * P);
        Assert.Equal(0, PairBits(room.Space, Base + 17 * P));

        // A page without a frame is none to look behind, nor is one that is gone.
        room.Map(Base + 64 * P, 2 * P);
        room.Space.FillNext(Base + 64 * P);
        Assert.Equal((0, 0), (HomeBits(room.Space, Base + 64 * P), HomeBits(room.Space, Base + 65 * P)));
        room.Space.Unmap(Base + 16 * P, Base + 17 * P);
        Assert.Equal((3, 0), (HomeBits(room.Space, Base + 15 * P), PairBits(room.Space, Base + 15 * P)));
    }

    [Fact]
    public void TheLimitHolds()
    {
        using Room room = new(flat: true, frameLimit: 10);
        room.Map(Base, 64 * P);
        for (ulong i = 0; i < 10; i++)
            Assert.Equal(MemoryFault.None, room.Space.Store(Base + i * P, 1));
        Assert.Equal(MemoryFault.OutOfMemory, room.Space.Store(Base + 20 * P, 1));
    }

    [Fact]
    public void TheHomeTableSaysNoMoreThanTheOthers()
    {
        using Room room = new(flat: true);
        Random random = new(20261121);
        List<AddressSpace> spaces = [room.Space];
        PageProtection[] protections = [PageProtection.None, R, RW, RX];
        for (int step = 0; step < 4000; step++)
        {
            AddressSpace space = spaces[random.Next(spaces.Count)];
            ulong start = Base + (ulong)random.Next(60) * P, end = start + (ulong)random.Next(1, 8) * P;
            switch (random.Next(9))
            {
                case 0:
                    space.Map(new Mapping { Start = start, End = end, Protection = protections[random.Next(4)] });
                    break;
                case 1:
                    space.Unmap(start, end);
                    break;
                case 2:
                    space.Protect(start, end, protections[random.Next(4)]);
                    break;
                case 3 when spaces.Count < 4:
                    spaces.Add(room.Fork(space));
                    break;
                case 4:
                    space.Move(start, end, start + 100 * P);
                    break;
                case 5:
                    space.Load(start);
                    break;
                case 6:
                    space.FillNext(start);
                    break;
                default:
                    space.Store(start, (byte)step);
                    break;
            }
            for (ulong at = Base; at < Base + 170 * P; at += P)
            {
                ulong page = at / P;
                int expected = Bit(space.ReadTable[page], at, space.HomeMask, 1) | Bit(space.WriteTable[page], at, space.HomeMask, 2);
                Assert.True(expected == HomeBits(space, at), $"step {step}, page {page - Base / P}");
                int pair = HomeBits(space, at) & HomeBits(space, at + P);
                Assert.True(pair == PairBits(space, at), $"step {step}, page {page - Base / P} and the next");
            }
        }

        static int Bit(long entry, ulong at, ulong mask, int bit) => entry != 0 && (ulong)((long)at + entry) == (at ^ mask) ? bit : 0;
    }

    private static int HomeBits(AddressSpace space, ulong address) => space.HomeTable[address / P] & (FlatTables.HomeLoads | FlatTables.HomeStores);

    private static int PairBits(AddressSpace space, ulong address) => space.HomeTable[address / P] >> 2;
}
