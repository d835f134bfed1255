using System.Diagnostics;

namespace Faultline.Cpu.Translator;

/// <summary>Compiles regions in the background, for every processor of the process: on one thread, and on more where host processors are to spare and the queue is long.</summary>
internal static class TranslationQueue
{
    private static readonly Lock s_lock = new();
    private static readonly Queue<(Region Region, Action<Region> Done)> s_queue = new();
    private static readonly SemaphoreSlim s_available = new(0);
    private static int s_threads;

    /// <summary>
    /// Threads at most: what leaves a host processor to the guest, and no more than four, because one thread of the guest asks for no more. Where there are two processors it
    /// is one thread: a second would take the guest's.
    /// </summary>
    private static readonly int s_maxThreads = Math.Clamp(Environment.ProcessorCount - 1, 1, 4);

    /// <summary>Regions that one processor may have here at once: one for each thread, and two that are there when a thread is done.</summary>
    public static int MaxRegions { get; } = s_maxThreads + 2;

    /// <summary>Adds a region; <paramref name="done"/> is called on the compiling thread in any case, with code when that succeeded.</summary>
    public static void Add(Region region, Action<Region> done)
    {
        lock (s_lock)
        {
            s_queue.Enqueue((region, done));
            // One more is on its way than the threads can be busy with.
            if (s_threads == 0 || (s_queue.Count > 1 && s_threads < s_maxThreads))
                StartThread();
        }
        s_available.Release();
    }

    /// <summary>Under the lock.</summary>
    private static void StartThread()
    {
        s_threads++;
        // The JIT needs stack for large methods.
        new Thread(Run, 16 << 20) { IsBackground = true, Name = "translator" }.Start();
    }

    private static void Run()
    {
        while (true)
        {
            s_available.Wait();
            (Region Region, Action<Region> Done) next;
            lock (s_lock)
                next = s_queue.Dequeue();
            try
            {
                // Its bytes may have changed while it waited.
                if (next.Region.IsValid)
                    RegionTranslator.Compile(next.Region);
            }
            catch (Exception e) when (e is InvalidOperationException or InvalidProgramException or NotSupportedException)
            {
                // A defect of the translator must not end the guest: the interpreter goes on. Tests translate at once and see the exception.
                Trace.TraceError($"the region at {next.Region.Start:x} could not be translated: {e}");
                next.Region.Profile?.Processor.Fail(next.Region, e);
            }
            next.Done(next.Region);
        }
    }
}
