using System.Collections.Concurrent;

namespace Faultline.Memory;

/// <summary>
/// A gibibyte of host memory in which every frame stands for one guest page of one address space (see <see cref="PageHomes"/>), with a reference count each. It lives until
/// its address space is gone, without another in its place, and no one refers to a frame of it.
/// </summary>
internal sealed unsafe class HomeWindow
{
    /// <summary>log2 of its size in bytes.</summary>
    public const int Shift = 30;

    private const nuint Size = (nuint)1 << Shift;
    private const int Frames = (int)(Size >> GuestPage.Shift);

    /// <summary>Bit 0 of a counter: the frame was in use since it last read as zero. The rest is the number of references.</summary>
    private const int Used = 1;
    private const int Reference = 2;

    private static readonly ConcurrentDictionary<ulong, HomeWindow> s_all = new();

    private readonly byte* _start;
    private readonly int* _counters;

    /// <summary>The address space, and each frame that has references.</summary>
    private long _holders = 1;
    private int _stale;

    private HomeWindow(byte* start, int* counters)
    {
        _start = start;
        _counters = counters;
    }

    /// <summary>Frames that are free and do not read as zero.</summary>
    public int Stale => Volatile.Read(ref _stale);

    /// <summary>Reserves the window at a host address, or returns null when the host has something else there, or refuses.</summary>
    public static HomeWindow? Reserve(byte* start)
    {
        if (!HostMemory.ReserveAt(start, Size))
            return null;
        int* counters = (int*)HostMemory.Reserve(Frames * sizeof(int));
        if (counters is null)
        {
            HostMemory.Free(start, Size);
            return null;
        }
        HomeWindow window = new(start, counters);
        s_all[(ulong)start >> Shift] = window;
        return window;
    }

    /// <summary>The window that a frame lies in.</summary>
    private static HomeWindow Of(byte* frame) => s_all[(ulong)frame >> Shift];

    /// <summary>Frames from an address on that no one refers to, up to so many in a row.</summary>
    public int CountFree(byte* frame, int wanted)
    {
        int index = IndexOf(frame), count = 0;
        while (count < wanted && index + count < Frames && Volatile.Read(ref _counters[index + count]) < Reference)
            count++;
        return count;
    }

    /// <summary>Takes free frames, which become zeroed with one reference each. Only the window's address space does.</summary>
    public void Take(byte* frame, int count)
    {
        int index = IndexOf(frame);
        for (int i = 0; i < count; i++)
        {
            if (_counters[index + i] == Used)
            {
                new Span<byte>(frame + (long)i * GuestPage.Size, GuestPage.Size).Clear();
                Interlocked.Decrement(ref _stale);
            }
            Volatile.Write(ref _counters[index + i], Reference | Used);
        }
        Interlocked.Add(ref _holders, count);
    }

    /// <summary>Adds a reference to a frame of any window (a second address space shares it).</summary>
    public static void AddReference(byte* frame)
    {
        HomeWindow window = Of(frame);
        Interlocked.Add(ref window._counters[window.IndexOf(frame)], Reference);
    }

    /// <summary>Whether a frame of any window has exactly one owner, so that a store needs no copy.</summary>
    public static bool IsExclusive(byte* frame)
    {
        HomeWindow window = Of(frame);
        return Volatile.Read(ref window._counters[window.IndexOf(frame)]) < 2 * Reference;
    }

    /// <summary>Drops a reference to a frame of any window.</summary>
    /// <param name="frame">The frame.</param>
    /// <param name="pool">Where frames in use are counted.</param>
    public static void Release(byte* frame, FramePool pool)
    {
        HomeWindow window = Of(frame);
        if (Interlocked.Add(ref window._counters[window.IndexOf(frame)], -Reference) >= Reference)
            return;
        Interlocked.Increment(ref window._stale);
        pool.CountOut(1);
        window.Leave();
    }

    /// <summary>Gives the memory of frames that no one refers to back to the host, as far as it fills whole host pages.</summary>
    /// <param name="frame">The first.</param>
    /// <param name="count">How many; those that someone still refers to are left alone.</param>
    public void Discard(byte* frame, int count)
    {
        int perHostPage = Math.Max(1, Environment.SystemPageSize / GuestPage.Size);
        int end = IndexOf(frame) + count;
        for (int i = IndexOf(frame) / perHostPage * perHostPage; i < end; i += perHostPage)
        {
            int stop = i;
            while (stop < end && AllFree(stop, perHostPage))
                stop += perHostPage;
            if (stop == i)
                continue;
            if (!HostMemory.Discard(_start + (long)i * GuestPage.Size, (nuint)(stop - i) * GuestPage.Size))
                return;
            for (; i < stop; i++)
            {
                if (_counters[i] == Used)
                {
                    _counters[i] = 0;
                    Interlocked.Decrement(ref _stale);
                }
            }
        }
    }

    /// <summary>The address space is gone.</summary>
    public void Leave()
    {
        if (Interlocked.Decrement(ref _holders) != 0)
            return;
        s_all.TryRemove((ulong)_start >> Shift, out _);
        HostMemory.Free(_start, Size);
        HostMemory.Free((byte*)_counters, Frames * sizeof(int));
    }

    private bool AllFree(int index, int count)
    {
        for (int i = index; i < index + count; i++)
        {
            if (Volatile.Read(ref _counters[i]) >= Reference)
                return false;
        }
        return true;
    }

    private int IndexOf(byte* frame) => (int)((nuint)(frame - _start) >> GuestPage.Shift);
}
