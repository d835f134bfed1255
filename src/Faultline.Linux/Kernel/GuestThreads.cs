using Faultline.Linux.Host;

namespace Faultline.Linux.Kernel;

/// <summary>
/// Host threads for guest threads. A host thread takes tens of microseconds to make, a short guest process not much longer to run: threads that have become free wait a while
/// for the next.
/// </summary>
internal static class GuestThreads
{
    /// <summary>Bytes of host stack: the kernel's calls and compiled guest code; a guest's own stack is guest memory.</summary>
    private const int StackSize = 1 << 20;

    /// <summary>Free threads kept at most.</summary>
    private const int MaxFree = 16;

    /// <summary>How long a free thread waits, in nanoseconds.</summary>
    private const long Patience = 2_000_000_000;

    private static readonly Lock s_lock = new();
    private static readonly Stack<Worker> s_free = new();

    /// <summary>Runs something on a thread of its own.</summary>
    /// <param name="body">What.</param>
    /// <param name="host">Makes what a free thread sleeps on.</param>
    /// <exception cref="OutOfMemoryException">The host gives no thread.</exception>
    public static void Start(Action body, IHost host)
    {
        Worker? free;
        lock (s_lock)
            _ = s_free.TryPop(out free);
        if (free is not null)
        {
            free.Give(body);
            return;
        }
        Worker worker = new(body, host.Poll.CreateWaker());
        new Thread(worker.Run, StackSize) { IsBackground = true, Name = "guest" }.Start();
    }

    /// <remarks>A waker costs one call of the host on either side where a monitor has the thread that is woken wait once more, for the monitor.</remarks>
    private sealed class Worker(Action first, IHostWaker waker)
    {
        private Action? _body = first;

        public void Give(Action body)
        {
            Volatile.Write(ref _body, body);
            waker.Wake();
        }

        public void Run()
        {
            using IHostWaker mine = waker;
            while (true)
            {
                _body!();
                _body = null;
                waker.Reset();
                lock (s_lock)
                {
                    if (s_free.Count == MaxFree)
                        return;
                    s_free.Push(this);
                }
                while (!WaitForWork())
                {
                    // Whoever took it from the stack in the last moment is about to give it work.
                    lock (s_lock)
                    {
                        if (Leave())
                            return;
                    }
                }
            }
        }

        private bool WaitForWork()
        {
            _ = waker.Sleep(Patience);
            return Volatile.Read(ref _body) is not null;
        }

        /// <summary>Leaves the stack of free threads; false when it is not there any more. With the lock held.</summary>
        private bool Leave()
        {
            if (!s_free.Contains(this))
                return false;
            Worker[] others = [.. s_free.Where(worker => worker != this).Reverse()];
            s_free.Clear();
            foreach (Worker other in others)
                s_free.Push(other);
            return true;
        }
    }
}
