using System.Text;
using Faultline.Tests.CommandLine;
using Faultline.Tests.Parity;
using Faultline.Tests.Support;

namespace Faultline.Tests;

/// <summary>The processor as a user asks for it, and as programs see it.</summary>
public sealed class ProcessorModelTests
{
    private const string Linker = "/lib64/ld-linux-x86-64.so.2";

    [LinuxFact]
    public void AModelThatIsNotImplementedIsRefused()
    {
        CommandResult result = Launcher.Run("run", "--cpu", "v4", "/bin/true");
        Assert.StartsWith("faultline: the processor model x86-64-v4 needs ", result.Errors, StringComparison.Ordinal);
        Assert.Contains("AVX512F", result.Errors, StringComparison.Ordinal);
        Assert.EndsWith(", which Faultline does not implement yet\n", result.Errors, StringComparison.Ordinal);
        Assert.Equal(2, result.Status);
        Assert.Throws<NotSupportedException>(() => new Machine(new MachineOptions { Cpu = CpuLevel.V4 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Machine(new MachineOptions { Cpu = (CpuLevel)7 }));
    }

    /// <summary>AT_HWCAP2 bit 1 is FSGSBASE; /proc/cpuinfo names the model and its flags.</summary>
    [LinuxFact]
    public void ProgramsSeeTheModel()
    {
        string v1 = Run(CpuLevel.V1, "/bin/cat", "/proc/cpuinfo");
        Assert.Contains("model name\t: Faultline x86-64-v1\n", v1, StringComparison.Ordinal);
        Assert.Contains("cpu family\t: 15\nmodel\t\t: 4\n", v1, StringComparison.Ordinal);
        Assert.DoesNotContain(" pni ", v1, StringComparison.Ordinal);
        string v2 = Run(CpuLevel.V2, "/bin/cat", "/proc/cpuinfo");
        Assert.Contains("cpu family\t: 6\nmodel\t\t: 26\n", v2, StringComparison.Ordinal);
        Assert.Contains(" sse4_2 ", v2, StringComparison.Ordinal);
        Assert.DoesNotContain(" avx ", v2, StringComparison.Ordinal);
        Assert.Contains(" avx2 ", Run(CpuLevel.V3, "/bin/cat", "/proc/cpuinfo"), StringComparison.Ordinal);
    }

    /// <summary>The C library's dynamic linker says which directories of glibc-hwcaps it would search: it asks CPUID.</summary>
    [LinuxFact(Linker)]
    public void TheDynamicLinkerFindsTheLevel()
    {
        foreach ((CpuLevel cpu, int level) in new[] { (CpuLevel.V1, 1), (CpuLevel.V2, 2), (CpuLevel.V3, 3) })
        {
            string help = Run(cpu, Linker, "--help");
            // Versions before 2.33 do not know levels.
            if (!help.Contains("x86-64-v4", StringComparison.Ordinal))
                return;
            for (int i = 2; i <= 4; i++)
                Assert.Equal(i <= level, help.Contains($"x86-64-v{i} (supported, searched)", StringComparison.Ordinal));
        }
    }

    private static string Run(CpuLevel cpu, string program, params string[] arguments)
    {
        using MemoryStream output = new();
        using Machine machine = new(new MachineOptions { Cpu = cpu, StandardOutput = output });
        Assert.Equal(0, machine.Run(program, arguments).ExitStatus);
        return Encoding.UTF8.GetString(output.ToArray());
    }
}
