using static Faultline.Memory.Tests.Room;

namespace Faultline.Memory.Tests;

public class ConcurrencyTests
{
    [Theory, InlineData(true), InlineData(false)]
    public void ThreadsOfOneSpaceFillAndStoreEachItsOwnBytes(bool flat)
    {
        using Room room = new(flat);
        room.Map(Base, 512 * P);
        AddressSpace space = room.Space;
        Run(2, thread =>
        {
            Random random = new(thread);
            byte[] mine = new byte[512];
            for (int i = 0; i < 20_000; i++)
            {
                int page = random.Next(512);
                ulong at = Base + (ulong)page * P + (ulong)thread;
                Assert.Equal(mine[page], space.Load(at));
                mine[page] = (byte)random.Next(256);
                Assert.Equal(MemoryFault.None, space.Store(at, mine[page]));
            }
        });
        Assert.Equal(512, room.Pool.FramesInUse);
    }

    [Theory, InlineData(true), InlineData(false)]
    public void ProcessesTakeCopiesOfEachOthersFramesAtOnce(bool flat)
    {
        using Room room = new(flat);
        room.Map(Base, 64 * P);
        for (ulong i = 0; i < 64; i++)
            room.Space.Store(Base + i * P, (byte)i);
        for (int round = 0; round < 50; round++)
        {
            AddressSpace[] spaces = [room.Space.Fork(), room.Space.Fork()];
            Run(2, thread =>
            {
                for (ulong i = 0; i < 64; i++)
                {
                    Assert.Equal((byte)i, spaces[thread].Load(Base + i * P));
                    spaces[thread].Store(Base + i * P, (byte)(100 + thread));
                }
                using AddressSpace child = spaces[thread].Fork();
                for (ulong i = 0; i < 64; i++)
                    Assert.Equal(100 + thread, child.Load(Base + i * P));
                spaces[thread].Dispose();
            });
            Assert.Equal(64, room.Pool.FramesInUse);
        }
        for (ulong i = 0; i < 64; i++)
            Assert.Equal((byte)i, room.Space.Load(Base + i * P));
    }

    private static void Run(int count, Action<int> work)
    {
        Exception? failure = null;
        Thread[] threads = new Thread[count];
        for (int i = 0; i < count; i++)
        {
            int number = i;
            threads[i] = new Thread(() =>
            {
                try
                {
                    work(number);
                }
                catch (Exception e)
                {
                    failure = e;
                }
            });
            threads[i].Start();
        }
        foreach (Thread thread in threads)
            thread.Join();
        Assert.Null(failure);
    }
}
