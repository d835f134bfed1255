using Faultline.Linux.Abi;
using Faultline.Linux.Abi.Files;

namespace Faultline.Linux.Vfs;

/// <summary>Sleeping in calls on files.</summary>
internal static class Sleeping
{
    /// <summary>Waits until a file is ready.</summary>
    /// <param name="waiter">Who waits.</param>
    /// <param name="file">The file.</param>
    /// <param name="events">What is wanted; errors and hang-ups always count.</param>
    /// <returns>0 when it may be ready, or -ERESTARTSYS for a signal.</returns>
    public static int WaitFor(IWaiter waiter, OpenFile file, PollEvents events)
    {
        using WaitSet set = new(waiter);
        set.Clear();
        if ((file.Poll(set) & (events | PollEvents.POLLERR | PollEvents.POLLHUP)) != 0)
            return 0;
        return set.Sleep(long.MaxValue) == -Errno.EINTR ? -Errno.ERESTARTSYS : 0;
    }

    /// <summary>Sleeps for some nanoseconds; 0, or -ERESTARTSYS for a signal.</summary>
    public static int Pause(IWaiter waiter, long nanoseconds)
    {
        using WaitSet set = new(waiter);
        set.Clear();
        return set.Sleep(waiter.Host.Clock.Monotonic + nanoseconds) == -Errno.EINTR ? -Errno.ERESTARTSYS : 0;
    }
}
