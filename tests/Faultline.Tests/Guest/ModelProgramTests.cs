using System.Text;
using Faultline.Tests.Parity;
using Faultline.Tests.Support;

namespace Faultline.Tests.Guest;

/// <summary>Programs of tests/guest/models: what a program finds, and chooses, under each processor model.</summary>
public sealed class ModelProgramTests(TestFolder folder) : IClassFixture<TestFolder>
{
    /// <summary>The end of a process by SIGILL, as a shell shows it.</summary>
    private const int KilledByIllegalInstruction = 132;

    private static readonly string _sources = Path.Combine(GuestProgram.Folder, "models");

    /// <summary>__builtin_cpu_supports, an ifunc resolver and target_clones, each of which asks CPUID and XGETBV in its own way.</summary>
    [LinuxFact("gcc")]
    public void DispatchFollowsTheModel()
    {
        string path = Compile("dispatch", "-O2", "-ffp-contract=fast");
        AssertDispatch(CpuLevel.V1, path, "chosen baseline, product rounded", 1, "");
        AssertDispatch(CpuLevel.V2, path, "chosen sse4.2, product rounded", 2, "sse3 ssse3 sse4.1 sse4.2 popcnt");
        AssertDispatch(CpuLevel.V3, path, "chosen avx2, product fused", 3, "sse3 ssse3 sse4.1 sse4.2 popcnt avx avx2 fma bmi bmi2 aes pclmul gfni vpclmulqdq");
    }

    /// <summary>Code for x86-64-v3 gives the host's bits under v3, and is refused below, with the feature's name.</summary>
    [LinuxFact("gcc")]
    public void CodeOfALevelRunsThereAndNotBelow()
    {
        string path = Compile("kernels", "-O3", "-march=x86-64-v3");
        CommandResult native = CommandResult.Run([path], "/", "", ParityTests.Variables);
        (RunResult result, string output) = Run(CpuLevel.V3, path);
        Assert.Null(result.Report);
        Assert.Equal(0, result.ExitStatus);
        if (native.Status == KilledByIllegalInstruction)
            Repository.Note("processor models: this host has no AVX2 to compare with");
        else
            Assert.Equal(Encoding.Latin1.GetString(native.Output), output);
        (result, _) = Run(CpuLevel.V2, path);
        Assert.Equal(KilledByIllegalInstruction, result.ExitStatus);
        Assert.Matches("needs (AVX|BMI|FMA|MOVBE|LZCNT).*, and the processor model x86-64-v2 does not execute it", result.Report!.Summary);
    }

    /// <summary>A host-like model lets a program choose what it chooses natively, up to what is not implemented.</summary>
    [LinuxFact("gcc")]
    public void HostLikeChoosesAsTheHost()
    {
        string path = Compile("dispatch", "-O2", "-ffp-contract=fast");
        string native = Encoding.Latin1.GetString(CommandResult.Run([path], "/", "", ParityTests.Variables).Output);
        (_, string output) = Run(CpuLevel.HostLike, path);
        static string Known(string text) => text.Replace("chosen avx512f", "chosen avx2", StringComparison.Ordinal)
            .Replace("x86-64-v4=1", "x86-64-v4=0", StringComparison.Ordinal).Replace("avx512f=1", "avx512f=0", StringComparison.Ordinal);
        if (System.Runtime.Intrinsics.X86.X86Base.IsSupported)
            Assert.Equal(Known(native), output);
    }

    private static void AssertDispatch(CpuLevel cpu, string path, string choice, int level, string features)
    {
        (RunResult result, string output) = Run(cpu, path);
        Assert.Equal(0, result.ExitStatus);
        string[] lines = output.Split('\n');
        Assert.Equal(choice, lines[0]);
        // Compilers before GCC 12 do not know the levels' names.
        if (lines[1].Contains('='))
            Assert.Equal($"levels x86-64=1 x86-64-v2={(level >= 2 ? 1 : 0)} x86-64-v3={(level >= 3 ? 1 : 0)} x86-64-v4=0", lines[1]);
        string[] found = [.. lines[2].Split(' ').Where(word => word.EndsWith("=1", StringComparison.Ordinal)).Select(word => word[..^2])];
        Assert.Equal(features, string.Join(' ', found));
    }

    private static (RunResult Result, string Output) Run(CpuLevel cpu, string path)
    {
        using MemoryStream output = new();
        using Machine machine = new(new MachineOptions { Cpu = cpu, StandardOutput = output, StandardError = Stream.Null });
        RunResult result = machine.Run(path);
        return (result, Encoding.Latin1.GetString(output.ToArray()));
    }

    private string Compile(string name, params string[] options) =>
        folder.Compile(name, File.ReadAllText(Path.Combine(_sources, name + ".c")), [.. options, "-lm"]);
}
