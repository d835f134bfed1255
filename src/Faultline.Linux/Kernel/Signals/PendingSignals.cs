using System.Numerics;
using System.Runtime.InteropServices;
using Faultline.Linux.Abi.Signals;

namespace Faultline.Linux.Kernel.Signals;

/// <summary>
/// Signals sent and not yet delivered (Linux's struct sigpending): one of each standard signal, a queue of real-time signals. Guarded by
/// <see cref="Process.SignalLock"/>.
/// </summary>
internal sealed class PendingSignals
{
    private readonly List<Siginfo> _queue = [];

    /// <summary>The set, for sigpending(2).</summary>
    public ulong Set { get; private set; }

    /// <summary>How many are queued (RLIMIT_SIGPENDING).</summary>
    public int Count => _queue.Count;

    /// <summary>Adds a signal; a standard signal that is pending already is dropped.</summary>
    /// <param name="info">The signal with what it tells.</param>
    /// <param name="limit">How many may be queued.</param>
    /// <returns>False when a real-time signal finds the queue full: EAGAIN for sigqueue, and without its information otherwise.</returns>
    public bool Add(in Siginfo info, ulong limit)
    {
        ulong bit = Sig.Bit(info.si_signo);
        if (info.si_signo < Sig.SIGRTMIN && (Set & bit) != 0)
            return true;
        if (info.si_code == Sig.SI_TIMER && (Set & bit) != 0 && CountOverrun(info))
            return true;
        bool fits = (ulong)_queue.Count < limit;
        Set |= bit;
        if (fits || info.si_signo < Sig.SIGRTMIN)
            _queue.Add(info);
        return fits;
    }

    /// <summary>Takes the next signal of a set: those of the current instruction first, then the lowest number (next_signal).</summary>
    public bool TryTake(ulong wanted, out Siginfo info)
    {
        info = default;
        ulong candidates = Set & wanted;
        if (candidates == 0)
            return false;
        ulong first = candidates & DefaultActions.Synchronous;
        int signal = BitOperations.TrailingZeroCount(first != 0 ? first : candidates) + 1;

        int index = IndexOf(signal, 0);
        if (index < 0)
        {
            // Sent when the queue was full: nothing is known but the number.
            Set &= ~Sig.Bit(signal);
            info.si_signo = signal;
            return true;
        }
        info = _queue[index];
        _queue.RemoveAt(index);
        if (IndexOf(signal, index) < 0)
            Set &= ~Sig.Bit(signal);
        return true;
    }

    /// <summary>Forgets the signals of a set.</summary>
    public void Discard(ulong signals)
    {
        if ((Set & signals) == 0)
            return;
        Set &= ~signals;
        _queue.RemoveAll(info => (Sig.Bit(info.si_signo) & signals) != 0);
    }

    /// <summary>A timer has one signal at a time: what expires while it is pending is told with it (posix_timer_fn).</summary>
    private bool CountOverrun(in Siginfo info)
    {
        foreach (ref Siginfo queued in CollectionsMarshal.AsSpan(_queue))
        {
            if (queued.si_code != Sig.SI_TIMER || queued.si_tid != info.si_tid || queued.si_signo != info.si_signo)
                continue;
            queued.si_overrun = (int)Math.Min(queued.si_overrun + 1L + info.si_overrun, int.MaxValue);
            return true;
        }
        return false;
    }

    private int IndexOf(int signal, int start)
    {
        Span<Siginfo> queue = CollectionsMarshal.AsSpan(_queue);
        for (int i = start; i < queue.Length; i++)
        {
            if (queue[i].si_signo == signal)
                return i;
        }
        return -1;
    }
}
