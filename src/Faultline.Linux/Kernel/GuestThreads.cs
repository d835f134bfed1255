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

    /// <summary>How long a free thread waits, in milliseconds.</summary>
    private const int Patience = 2000;

    private static readonly Lock s_lock = new();
    private static readonly Stack<Worker> s_free = new();

    /// <summary>Runs something on a thread of its own.</summary>
    /// <exception cref="OutOfMemoryException">The host gives no thread.</exception>
    public static void Start(Action body)
    {
        lock (s_lock)
        {
            if (s_free.TryPop(out Worker? free))
            {
                free.Give(body);
                return;
            }
        }
        Worker worker = new(body);
        new Thread(worker.Run, StackSize) { IsBackground = true, Name = "guest" }.Start();
    }

    private sealed class Worker(Action first)
    {
        private readonly object _monitor = new();
        private Action? _body = first;

        public void Give(Action body)
        {
            lock (_monitor)
            {
                _body = body;
                Monitor.Pulse(_monitor);
            }
        }

        public void Run()
        {
            while (true)
            {
                _body!();
                lock (_monitor)
                    _body = null;
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
            lock (_monitor)
            {
                if (_body is null)
                    _ = Monitor.Wait(_monitor, Patience);
                return _body is not null;
            }
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
