using Faultline.Linux.Tests.Vfs;

namespace Faultline.Linux.Tests.Kernel;

/// <summary>How a kernel ends.</summary>
public class KernelEndTests
{
    /// <summary>A program that was loaded and not run has no thread that could end: the kernel waited five seconds for it, and kept its memory.</summary>
    [Fact]
    public void NobodyWaitsForAProgramThatWasNotRun()
    {
        using IdleProcess process = new();
        Assert.True(process.Kernel.KillOthers(except: null, patience: 0));
        process.Kernel.Dispose();
        Assert.Equal(0, process.Kernel.Frames.FramesInUse);
    }
}
