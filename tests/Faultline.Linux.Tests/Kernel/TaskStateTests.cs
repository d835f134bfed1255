using Faultline.Linux.Tests.Vfs;

namespace Faultline.Linux.Tests.Kernel;

/// <summary>What others see a thread do.</summary>
public class TaskStateTests
{
    /// <summary>
    /// Whoever wakes a thread makes it runnable (try_to_wake_up), though the host may be slow to run it: a program that sees it sleep after that may rely on its having looked around.
    /// </summary>
    [Fact]
    public void AThreadThatWasWokenDoesNotSleepAnyMore()
    {
        using IdleProcess process = new();
        Assert.False(process.Task.IsAsleep);
        process.Task.Waker.Reset();
        process.Task.FallAsleep();
        Assert.True(process.Task.IsAsleep);
        process.Task.Notify();
        Assert.False(process.Task.IsAsleep);
        // It runs, finds nothing for it, and goes back to sleep.
        process.Task.WakeUp();
        process.Task.Waker.Reset();
        process.Task.FallAsleep();
        Assert.True(process.Task.IsAsleep);
        process.Task.WakeUp();
        Assert.False(process.Task.IsAsleep);
    }
}
