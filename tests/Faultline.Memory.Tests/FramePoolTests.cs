namespace Faultline.Memory.Tests;

public unsafe class FramePoolTests
{
    [Fact]
    public void FramesAreAlignedZeroedAndRecycledZeroed()
    {
        using FramePool pool = new();
        byte* first = pool.Allocate();
        Assert.Equal(0u, (nuint)first % GuestPage.Size);
        new Span<byte>(first, GuestPage.Size).Fill(0xCC);
        pool.Release(first);
        byte* second = pool.Allocate();
        Assert.True(first == second);
        Assert.False(new Span<byte>(second, GuestPage.Size).ContainsAnyExcept((byte)0));
        Assert.Equal(1, pool.FramesInUse);
        pool.Release(second);
        Assert.Equal(0, pool.FramesInUse);
    }

    [Fact]
    public void RunsFollowOneAnotherAndEachFrameIsReleasedAlone()
    {
        using FramePool pool = new();
        byte* run = pool.AllocateRun(16, out int count);
        Assert.Equal(16, count);
        Assert.Equal(16, pool.FramesInUse);
        pool.AddReference(run + 3 * GuestPage.Size);
        for (int i = 0; i < 16; i++)
        {
            Assert.Equal(i != 3, pool.IsExclusive(run + i * GuestPage.Size));
            pool.Release(run + i * GuestPage.Size);
        }
        Assert.Equal(1, pool.FramesInUse);
        Assert.True(pool.IsExclusive(run + 3 * GuestPage.Size));
        pool.Release(run + 3 * GuestPage.Size);
        Assert.Equal(0, pool.FramesInUse);
    }

    [Fact]
    public void TheLimitHoldsAndShortensRuns()
    {
        using FramePool pool = new() { FrameLimit = 10 };
        byte* run = pool.AllocateRun(16, out int count);
        Assert.Equal(10, count);
        Assert.True(pool.Allocate() is null);
        Assert.True(pool.AllocateRun(4, out count) is null);
        Assert.Equal(0, count);
        pool.Release(run);
        Assert.True(pool.Allocate() == run);
        Assert.Equal(10, pool.FramesInUse);
    }

    [Fact]
    public void RunsAcrossTheEndOfAChunkAreShort()
    {
        using FramePool pool = new();
        const int Chunk = 32 << 20;
        HashSet<nint> seen = [];
        while (seen.Count < 3 * Chunk / GuestPage.Size)
        {
            byte* run = pool.AllocateRun(1000, out int count);
            Assert.InRange(count, 1, 1000);
            Assert.Equal((nuint)run / Chunk, ((nuint)run + (nuint)(count * GuestPage.Size) - 1) / Chunk);
            for (int i = 0; i < count; i++)
                Assert.True(seen.Add((nint)run + i * GuestPage.Size));
        }
        Assert.Equal(seen.Count, pool.FramesInUse);
    }

    [Fact]
    public void ADisposedPoolGivesNothing()
    {
        FramePool pool = new();
        pool.Dispose();
        pool.Dispose();
        Assert.Throws<ObjectDisposedException>(() => { pool.Allocate(); });
    }

    [Fact]
    public void ThreadsNeverShareAFrame()
    {
        using FramePool pool = new();
        string? error = null;
        void Work(byte mark)
        {
            Random random = new(mark);
            List<nint> mine = [];
            for (int i = 0; i < 60_000 && Volatile.Read(ref error) is null; i++)
            {
                if (mine.Count == 0 || random.Next(100) < 52)
                {
                    byte* run = pool.AllocateRun(random.Next(1, 17), out int count);
                    for (int k = 0; k < count; k++)
                    {
                        byte* frame = run + k * GuestPage.Size;
                        if (frame[0] != 0 || frame[GuestPage.Size - 1] != 0 || !pool.IsExclusive(frame))
                            error = "a frame was not fresh";
                        frame[0] = mark;
                        frame[GuestPage.Size - 1] = mark;
                        mine.Add((nint)frame);
                    }
                }
                for (int n = random.Next(0, 18); n > 0 && mine.Count > 0; n--)
                {
                    int at = random.Next(mine.Count);
                    byte* frame = (byte*)mine[at];
                    mine[at] = mine[^1];
                    mine.RemoveAt(mine.Count - 1);
                    if (frame[0] != mark || frame[GuestPage.Size - 1] != mark)
                        error = "another thread had the same frame";
                    pool.Release(frame);
                }
            }
            foreach (nint frame in mine)
                pool.Release((byte*)frame);
        }

        Thread[] threads = [new(() => Work(1)), new(() => Work(2))];
        foreach (Thread thread in threads)
            thread.Start();
        foreach (Thread thread in threads)
            thread.Join();
        Assert.Null(error);
        Assert.Equal(0, pool.FramesInUse);
    }
}
