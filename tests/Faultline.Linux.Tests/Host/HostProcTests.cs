using Faultline.Linux.Host.Linux;

namespace Faultline.Linux.Tests.Host;

/// <summary>Files of the host's procfs, read without the runtime's files.</summary>
public class HostProcTests
{
    [Fact]
    public void AWholeFileIsWhatTheRuntimeReads()
    {
        Assert.Equal(File.ReadAllBytes("/proc/self/cmdline"), HostProc.ReadAll("/proc/self/cmdline\0"u8));
        Assert.Equal(File.ReadAllBytes("/proc/self/environ"), HostProc.ReadAll("/proc/self/environ\0"u8));
    }

    /// <summary>Longer than the first buffer, and procfs gives a page at a time.</summary>
    [Fact]
    public void ALongFileIsReadToItsEnd()
    {
        string text = System.Text.Encoding.ASCII.GetString(HostProc.ReadAll("/proc/self/smaps\0"u8));
        Assert.True(text.Length > 0x10000, $"{text.Length} bytes");
        Assert.StartsWith("VmFlags:", text.Split('\n', StringSplitOptions.RemoveEmptyEntries)[^1], StringComparison.Ordinal);
    }

    [Fact]
    public void AFileThatIsNotThereIsEmpty() => Assert.True(HostProc.ReadAll("/proc/self/no-such-file\0"u8).IsEmpty);

    [Fact]
    public void AsMuchAsFitsIsRead()
    {
        Span<byte> buffer = stackalloc byte[5];
        Assert.Equal(5, HostProc.Read("/proc/version\0"u8, buffer).Length);
        Assert.Equal("Linux"u8, buffer);
    }

    [Fact]
    public void TheCurrentDirectoryIsTheHosts() => Assert.Equal(Environment.CurrentDirectory, new LinuxHost().Identity.CurrentDirectory);
}
