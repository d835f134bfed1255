using System.Diagnostics;
using System.Runtime.InteropServices;
using Faultline.Linux.Abi;

namespace Faultline.Linux.Host.Linux;

/// <summary>A waker made of a futex, and of an eventfd once it is polled for. A wake that nobody sleeps for costs no system call.</summary>
internal sealed unsafe class LinuxHostWaker : IHostWaker
{
    private const int EFD_NONBLOCK_CLOEXEC = 0x80800;
    private const int FUTEX_WAIT_PRIVATE = 128;
    private const int FUTEX_WAKE_PRIVATE = 129;
    private const int Idle = 0;
    private const int Woken = 1;
    private const int Sleeping = 2;
    private const int Polling = 3;

    /// <summary>
    /// How long a sleeper looks before it sleeps, in nanoseconds: less than the host needs to put a thread to sleep and wake it, so that threads that answer each other at once do
    /// not pay for that. With one processor nobody can answer meanwhile.
    /// </summary>
    private static readonly long s_look = Environment.ProcessorCount > 1 ? 5_000 : 0;

    /// <summary>What the host's futex call looks at.</summary>
    private readonly int* _state = (int*)NativeMemory.AllocZeroed(sizeof(int));
    private readonly Lock _lock = new();
    private int _handle = -1;

    /// <summary>The eventfd may be readable.</summary>
    private bool _written;
    private bool _disposed;

    /// <summary>Whoever could wake it is gone.</summary>
    ~LinuxHostWaker() => NativeMemory.Free(_state);

    /// <inheritdoc/>
    public int Handle
    {
        get
        {
            if (_handle >= 0)
                return _handle;
            _handle = Libc.eventfd(0, EFD_NONBLOCK_CLOEXEC);
            return _handle >= 0 ? _handle : throw new IOException("the host gives no event descriptor: " + Errno.Describe(-Libc.LastError()));
        }
    }

    /// <inheritdoc/>
    public bool IsWoken => Volatile.Read(ref *_state) == Woken;

    /// <inheritdoc/>
    public void Wake()
    {
        switch (Interlocked.Exchange(ref *_state, Woken))
        {
            case Sleeping:
                _ = Libc.syscall(HostCallNumbers.Futex, (nint)_state, FUTEX_WAKE_PRIVATE, 1, 0, 0);
                break;
            case Polling:
                lock (_lock)
                {
                    if (_disposed)
                        break;
                    Volatile.Write(ref _written, true);
                    ulong one = 1;
                    _ = Libc.write(_handle, &one, sizeof(ulong));
                }
                break;
        }
        GC.KeepAlive(this);
    }

    /// <inheritdoc/>
    public void Reset()
    {
        Interlocked.Exchange(ref *_state, Idle);
        if (!Volatile.Read(ref _written))
            return;
        Volatile.Write(ref _written, false);
        ulong value;
        _ = Libc.read(_handle, &value, sizeof(ulong));
    }

    /// <inheritdoc/>
    public bool Sleep(long timeout)
    {
        long deadline = timeout < 0 ? 0 : LinuxHostClock.Now() + timeout;
        if (IsWokenSoon(timeout < 0 ? s_look : Math.Min(timeout, s_look)))
            return true;
        while (Interlocked.CompareExchange(ref *_state, Sleeping, Idle) != Woken)
        {
            HostTime left = default;
            if (timeout >= 0)
            {
                long nanoseconds = deadline - LinuxHostClock.Now();
                if (nanoseconds <= 0)
                    return Interlocked.CompareExchange(ref *_state, Idle, Sleeping) == Woken;
                left = HostTime.From(nanoseconds);
            }
            _ = Libc.syscall(HostCallNumbers.Futex, (nint)_state, FUTEX_WAIT_PRIVATE, Sleeping, timeout < 0 ? 0 : (nint)(&left), 0);
        }
        return true;
    }

    private bool IsWokenSoon(long nanoseconds)
    {
        long began = Stopwatch.GetTimestamp();
        do
        {
            if (IsWoken)
                return true;
            Thread.SpinWait(2);
        }
        while (Stopwatch.GetTimestamp() - began < nanoseconds * Stopwatch.Frequency / 1_000_000_000);
        return false;
    }

    /// <inheritdoc/>
    public bool BeginPoll() => Interlocked.CompareExchange(ref *_state, Polling, Idle) != Woken;

    /// <inheritdoc/>
    public void EndPoll() => Interlocked.CompareExchange(ref *_state, Idle, Polling);

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_lock)
        {
            _disposed = true;
            if (_handle >= 0)
                _ = Libc.close(_handle);
            _handle = -1;
        }
    }
}
