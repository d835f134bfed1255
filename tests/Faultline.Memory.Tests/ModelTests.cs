using static Faultline.Memory.Tests.Room;

namespace Faultline.Memory.Tests;

/// <summary>Random histories against <see cref="MemoryModel"/>. A failure names the seed and the step, which repeat it.</summary>
public class ModelTests
{
    /// <summary>The arena: pages around a boundary between two leaves of the directory.</summary>
    private const ulong FirstPage = (Base >> GuestPage.Shift) + 512 - 40;
    private const int ArenaPages = 96;

    [Theory]
    [InlineData(1, true)]
    [InlineData(1, false)]
    [InlineData(2, true)]
    [InlineData(2, false)]
    [InlineData(3, true)]
    [InlineData(3, false)]
    public void RandomHistoriesAgreeWithTheModel(int seed, bool flat)
    {
        using Room room = new(flat);
        History history = new(room, new Random(seed));
        int step = 0;
        try
        {
            for (; step < 20_000; step++)
                history.Step();
        }
        catch (Exception e)
        {
            throw new InvalidOperationException($"seed {seed}, step {step}, {history.Last}", e);
        }
    }

    private sealed class History(Room room, Random random)
    {
        private readonly CountingSource[] _sources = [room.NewSource(30 * P + 77), room.NewSource(5 * P)];
        private readonly List<(AddressSpace Space, MemoryModel Model)> _processes = [];
        private readonly Dictionary<(CountingSource, ulong), byte> _shared = [];

        public string Last { get; private set; } = "";

        public void Step()
        {
            if (_processes.Count == 0)
            {
                // The objects are held for the whole history, so that what was stored to them stays.
                foreach (CountingSource source in _sources)
                    room.NewSpace().Map(new Mapping { Start = Base, End = Base + P, Protection = R, Source = source, Shared = true });
                _processes.Add((room.Space, new MemoryModel(_shared)));
            }
            int which = random.Next(_processes.Count);
            (AddressSpace space, MemoryModel model) = _processes[which];
            if (random.Next(50) == 0)
                model.AssertSame(space.Snapshot());
            ulong first = FirstPage + (ulong)random.Next(ArenaPages);
            ulong count = (ulong)random.Next(1, random.Next(2, 25));
            ulong start = first << GuestPage.Shift, end = start + (count << GuestPage.Shift);
            int action = random.Next(100);
            Last = $"process {which}, action {action}, page {first - FirstPage}, count {count}";
            switch (action)
            {
                case < 8:
                    Map(space, model, first, count);
                    break;
                case < 12:
                    space.Unmap(start, end);
                    model.Unmap(first, count);
                    break;
                case < 17:
                    PageProtection protection = (PageProtection)random.Next(8);
                    space.Protect(start, end, protection);
                    model.Protect(first, count, protection);
                    break;
                case < 20:
                    space.Discard(start, end);
                    model.Discard(first, count);
                    break;
                case < 23:
                    ulong target = FirstPage + (ulong)random.Next(ArenaPages);
                    if (target >= first + count || target + count <= first)
                    {
                        space.Move(start, end, target << GuestPage.Shift);
                        model.Move(first, count, target);
                    }
                    break;
                case < 25:
                    ForkOrEnd(which);
                    break;
                case < 28:
                    space.MarkCode(first);
                    break;
                case < 60:
                    Write(space, model, start);
                    break;
                default:
                    Read(space, model, start, random.Next(4) == 0 ? MemoryAccess.Execute : MemoryAccess.Read);
                    break;
            }
        }

        private void Map(AddressSpace space, MemoryModel model, ulong first, ulong count)
        {
            CountingSource? source = random.Next(2) == 0 ? null : _sources[random.Next(_sources.Length)];
            Mapping mapping = new()
            {
                Start = first << GuestPage.Shift,
                End = (first + count) << GuestPage.Shift,
                Protection = random.Next(3) == 0 ? (PageProtection)random.Next(8) : RWX,
                Source = source,
                Offset = source is null ? 0 : (ulong)random.Next(20) * P,
                Shared = source is not null && random.Next(2) == 0,
            };
            space.Map(mapping);
            model.Map(first, count, mapping.Protection, source, mapping.Offset, mapping.Shared);
        }

        private void ForkOrEnd(int which)
        {
            if (_processes.Count < 6)
            {
                _processes.Add((room.Fork(_processes[which].Space), _processes[which].Model.Fork()));
            }
            else
            {
                _processes[which].Space.Dispose();
                _processes.RemoveAt(which);
            }
        }

        private void Write(AddressSpace space, MemoryModel model, ulong page)
        {
            ulong address = page + (ulong)random.Next((int)P);
            byte[] data = new byte[random.Next(1, random.Next(4) == 0 ? 9000 : 20)];
            random.NextBytes(data);
            int done = space.Write(address, data, out MemoryFault fault);
            Assert.Equal(Reach(model, address, data.Length, MemoryAccess.Write, out MemoryFault expected), done);
            Assert.Equal(expected, fault);
            for (int i = 0; i < done; i++)
                model.Store(address + (ulong)i, data[i]);
        }

        private void Read(AddressSpace space, MemoryModel model, ulong page, MemoryAccess access)
        {
            ulong address = page + (ulong)random.Next((int)P);
            byte[] data = new byte[random.Next(1, 9000)];
            int done = access == MemoryAccess.Read ? space.Read(address, data, out MemoryFault fault) : space.Fetch(address, data, out fault);
            Assert.Equal(Reach(model, address, data.Length, access, out MemoryFault expected), done);
            Assert.Equal(expected, fault);
            for (int i = 0; i < done; i++)
            {
                if (model.Load(address + (ulong)i) != data[i])
                    Assert.Fail($"byte at {address + (ulong)i:x}: {data[i]:x2} instead of {model.Load(address + (ulong)i):x2}");
            }
        }

        private static int Reach(MemoryModel model, ulong address, int length, MemoryAccess access, out MemoryFault fault)
        {
            int reach = 0;
            while ((fault = model.Check(address + (ulong)reach, access)) == MemoryFault.None)
            {
                reach += GuestPage.Size - (int)((address + (ulong)reach) & GuestPage.Mask);
                if (reach >= length)
                    return length;
            }
            return reach;
        }
    }
}
