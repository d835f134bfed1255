using System.Runtime.CompilerServices;

namespace Faultline.Memory;

/// <summary>
/// A thread that runs in an address space, as far as the address space has to know: whoever takes a right or a page away waits until no thread can still be in the middle of an
/// access that was looked up before (what hardware does by interrupting the other processors, a TLB shoot-down).
/// </summary>
internal sealed class AddressSpaceUser
{
    private readonly Action _interrupt;
    private int _mode;
    private long _passes;

    /// <summary>Makes one for a thread that is in the kernel.</summary>
    /// <param name="observer">Told of changes to code pages, on whatever thread makes them; or null.</param>
    /// <param name="interrupt">Makes the thread come to <see cref="Pass"/> soon if it runs guest code; called from any thread.</param>
    public AddressSpaceUser(ICodeObserver? observer, Action interrupt)
    {
        Observer = observer;
        _interrupt = interrupt;
    }

    /// <summary>What the thread is doing.</summary>
    private enum Mode
    {
        /// <summary>Its code is the kernel's: it may hold host pointers to pages until <see cref="Pass"/>.</summary>
        Kernel,

        /// <summary>It runs guest code, with accesses in flight between one <see cref="Pass"/> and the next, or the kernel's stores for it.</summary>
        Guest,

        /// <summary>It sleeps, or waits for others, and holds no host pointer.</summary>
        Asleep,
    }

    /// <summary>The user whose guest code the calling host thread ran last, or null.</summary>
    public static AddressSpaceUser? Current => HostThread.Current.User;

    /// <summary>Who is told of changes to code pages.</summary>
    public ICodeObserver? Observer { get; }

    /// <summary>Whether its guest code is running on some thread.</summary>
    public bool IsInGuest => Volatile.Read(ref _mode) == (int)Mode.Guest;

    /// <summary>How often it came to a point where nothing is in flight, with bit 63 set while it is asleep; two equal values say that it may be within one stretch still.</summary>
    public long Progress => Volatile.Read(ref _passes);

    /// <summary>Whether it can hold nothing now.</summary>
    public bool IsAsleep => Volatile.Read(ref _mode) == (int)Mode.Asleep;

    /// <summary>The calling thread begins to run this user's guest code.</summary>
    /// <returns>The calling thread.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public HostThread EnterGuest()
    {
        HostThread thread = HostThread.Current;
        // A reference that is stored is told to the garbage collector: ten times what the look costs.
        if (!ReferenceEquals(thread.User, this))
            thread.User = this;
        Volatile.Write(ref _passes, _passes + 1);
        Volatile.Write(ref _mode, (int)Mode.Guest);
        return thread;
    }

    /// <summary>Guest code has stopped.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void LeaveGuest()
    {
        Volatile.Write(ref _passes, _passes + 1);
        Volatile.Write(ref _mode, (int)Mode.Kernel);
    }

    /// <summary>
    /// The calling thread, in the kernel, is about to look up guest memory and to store to it: until <see cref="EndStores"/> whoever takes a page away or shares it with a copy waits, as for guest code.
    /// It takes no lock meanwhile that someone holds who changes an address space.
    /// </summary>
    /// <returns>Whom to tell of the end; null when there is nothing to tell.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static AddressSpaceUser? BeginStores()
    {
        AddressSpaceUser? self = Current;
        if (self is null || self._mode != (int)Mode.Kernel)
            return null;
        Volatile.Write(ref self._mode, (int)Mode.Guest);
        return self;
    }

    /// <summary>Nothing is in flight any more.</summary>
    public void EndStores() => LeaveGuest();

    /// <summary>Between two blocks of guest code: nothing is in flight.</summary>
    public void Pass() => Volatile.Write(ref _passes, _passes + 1);

    /// <summary>The thread goes to sleep in a system call, or ends, and holds no host pointer.</summary>
    public void FallAsleep()
    {
        Volatile.Write(ref _passes, _passes + 1);
        Volatile.Write(ref _mode, (int)Mode.Asleep);
    }

    /// <summary>It goes on in the kernel.</summary>
    public void WakeUp() => Volatile.Write(ref _mode, (int)Mode.Kernel);

    /// <summary>Waits until a number that other threads change is zero, holding nothing meanwhile.</summary>
    public static void SpinUntilZero(ref int number)
    {
        AddressSpaceUser? self = Current;
        int mode = self?._mode ?? 0;
        if (self is not null)
            Volatile.Write(ref self._mode, (int)Mode.Asleep);
        SpinWait spin = default;
        while (Volatile.Read(ref number) != 0)
            spin.SpinOnce(sleep1Threshold: -1);
        if (self is not null)
            Volatile.Write(ref self._mode, mode);
    }

    /// <summary>Waits until every one of some users that runs guest code has come to a <see cref="Pass"/> or out of it. The calling thread counts as being there itself.</summary>
    public static void WaitForAll(AddressSpaceUser[] users)
    {
        AddressSpaceUser? self = Current;
        // What this thread stored must be seen before the others' next look-up, and their modes here: the others need no fence of their own.
        Interlocked.MemoryBarrierProcessWide();
        int mode = 0;
        if (self is not null)
        {
            // Two that wait for each other would wait for ever.
            mode = self._mode;
            Volatile.Write(ref self._mode, (int)Mode.Asleep);
        }
        foreach (AddressSpaceUser user in users)
        {
            if (user == self || !user.IsInGuest)
                continue;
            long before = user.Progress;
            user._interrupt();
            SpinWait spin = default;
            while (user.IsInGuest && user.Progress == before)
                spin.SpinOnce(sleep1Threshold: -1);
        }
        if (self is not null)
            Volatile.Write(ref self._mode, mode);
    }
}
