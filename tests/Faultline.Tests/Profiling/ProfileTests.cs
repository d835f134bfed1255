using System.Globalization;
using System.Text.RegularExpressions;
using Faultline.Cpu.Profiling;
using Faultline.Cpu.Translator;
using Faultline.Memory;
using Faultline.Profiling;
using Faultline.Tests.Guest;
using Faultline.Tests.Support;

namespace Faultline.Tests.Profiling;

/// <summary>What --stats and --perf-map say of the two engines. Alone, because a process is translated only when fewer than 176 others run.</summary>
[Collection(AloneCollection.Name)]
public sealed partial class ProfileTests : IDisposable
{
    private const int Iterations = 500_000_000;

    /// <summary>Address of the loop of <see cref="TinyProgram"/>.</summary>
    private const ulong Loop = 0x401005;

    private readonly TestFolder _folder = new();

    /// <inheritdoc/>
    public void Dispose() => _folder.Dispose();

    [LinuxFact]
    public void AHotLoopIsTranslatedAndSaysWhereItIs()
    {
        RunStatistics statistics = Run(HotLoop(), GuestEngine.Auto);
        RunProfile profile = statistics.Profile!;
        Assert.Equal(1 + 2L * Iterations + 8, statistics.Instructions);
        AssertConsistent(statistics);
        Assert.InRange(profile.TranslatedInstructions, statistics.Instructions * 9 / 10, statistics.Instructions);
        RegionUse hottest = profile.HottestRegions[0];
        Assert.Equal(Loop, hottest.Address);
        Assert.Equal("hot+0x1005", hottest.Name);
        Assert.InRange(hottest.Executed, statistics.Instructions * 9 / 10, profile.TranslatedInstructions);
        Assert.InRange(hottest.TimeShare, 0.3, 1);
        Assert.True(profile.TranslatedTime > profile.InterpreterTime, $"{profile.TranslatedTime} in translated code, {profile.InterpreterTime} in the interpreter");
    }

    [LinuxFact]
    public void TheInterpreterTranslatesNothing()
    {
        RunStatistics statistics = Run(_folder.Write("tiny", TinyProgram.Build()), GuestEngine.Interpreter);
        AssertConsistent(statistics);
        Assert.Equal(
            new RunProfile
            {
                InterpreterTime = statistics.Profile!.InterpreterTime,
                KernelTime = statistics.Profile.KernelTime,
                InterpretedInstructions = statistics.Instructions,
                HottestRegions = statistics.Profile.HottestRegions,
                Fallbacks = statistics.Profile.Fallbacks,
                SlowExits = statistics.Profile.SlowExits,
            },
            statistics.Profile);
        Assert.Empty(statistics.Profile.HottestRegions);
        Assert.Empty(statistics.Profile.Fallbacks);
        Assert.Empty(statistics.Profile.SlowExits);
    }

    [LinuxFact]
    public void NothingIsCollectedUnasked()
    {
        using Machine machine = new(new MachineOptions { StandardOutput = Stream.Null });
        Assert.Null(machine.Run(_folder.Write("tiny", TinyProgram.Build())).Statistics.Profile);
    }

    [LinuxFact]
    public void EachRunHasAProfileOfItsOwn()
    {
        using Machine machine = new(new MachineOptions { StandardOutput = Stream.Null, CollectProfile = true, Engine = GuestEngine.Translator });
        string path = _folder.Write("tiny", TinyProgram.Build());
        RunProfile first = machine.Run(path).Statistics.Profile!;
        RunProfile second = machine.Run(path).Statistics.Profile!;
        Assert.Equal(first.TranslatedInstructions, second.TranslatedInstructions);
        Assert.Equal(first.SlowExits, second.SlowExits);
        // The loop, and what leads to system calls; those themselves are the interpreter's.
        Assert.Equal(2, Assert.Single(second.SlowExits, exit => exit.Key == "syscall").Value);
        Assert.InRange(second.TranslatedInstructions, 2000, 1 + 2000 + 8 - 2);
    }

    [LinuxFact("gcc")]
    public void FaultsInTranslatedCodeAreCountedExactly()
    {
        string path = _folder.Compile("store", """
            #include <setjmp.h>
            #include <signal.h>
            #include <stdlib.h>
            static sigjmp_buf back;
            static void handler(int signal) { siglongjmp(back, 1); }
            int main(int argc, char **argv)
            {
                volatile int caught = 0;
                long source = 1;
                signal(SIGSEGV, handler);
                for (volatile int i = 0; i < 200; i++)
                    if (sigsetjmp(back, 1) == 0) {
                        void *from = &source, *to = (void *)(long)(argc - 1);
                        __asm__ volatile ("movsq" : "+S"(from), "+D"(to) : : "memory");
                    } else {
                        caught++;
                    }
                return caught;
            }
            """, "-static");
        RunStatistics interpreted = Run(path, GuestEngine.Interpreter, 200);
        RunStatistics translated = Run(path, GuestEngine.Translator, 200);
        Assert.Equal(interpreted.Instructions, translated.Instructions);
        AssertConsistent(translated);
        Assert.InRange(translated.Profile!.TranslatedInstructions, translated.Instructions * 8 / 10, translated.Instructions);
        // MOVSQ raises in the interpreter's handler, which translated code calls.
        Assert.InRange(Assert.Single(translated.Profile.Fallbacks, fallback => fallback.Key == "movsq").Value, 200, 300);
    }

    [LinuxFact]
    public void AProcessThatHasNoTablesIsCounted()
    {
        string path = _folder.Write("tiny", TinyProgram.Build());
        List<FlatTables> all = [];
        try
        {
            do
                all.Add(new FlatTables(FlatTables.FullPages));
            while (all[^1].PageLimit != 0);
            foreach (GuestEngine engine in Enum.GetValues<GuestEngine>())
            {
                RunProfile profile = Run(path, engine).Profile!;
                Assert.Equal(engine == GuestEngine.Interpreter ? 0 : 1, profile.ThreadsWithoutTables);
                Assert.Equal(0, profile.TranslatedInstructions);
            }
        }
        finally
        {
            all.ForEach(tables => tables.Dispose());
        }
    }

    [Fact]
    public void TheFirstFailureIsKept()
    {
        using ExecutionProfile execution = new();
        ProcessorProfile processor = execution.AddProcessor();
        Region region = new() { Start = 0x401000, Blocks = [], Entries = [], Pages = new HashSet<ulong>(), HotExits = new HashSet<ulong>(), InstructionCount = 0, Assumes = Assumptions.None, Leaders = new Dictionary<ulong, int>() };
        processor.Fail(region, new InvalidProgramException("first"));
        processor.Fail(region, new NotSupportedException("second"));
        Assert.Equal(2, processor.Failed);
        Assert.Equal("401000: first", processor.FirstFailure);
    }

    [LinuxFact]
    public void ThePerfMapNamesTranslatedCode()
    {
        using Machine machine = new(new MachineOptions { StandardOutput = Stream.Null, WritePerfMap = true, Engine = GuestEngine.Translator });
        Assert.Equal(TinyProgram.Status, machine.Run(_folder.Write("tiny", TinyProgram.Build())).ExitStatus);
        Assert.Equal($"/tmp/perf-{Environment.ProcessId}.map", PerfMap.FileName);
        string[] lines = File.ReadAllLines(PerfMap.FileName);
        File.Delete(PerfMap.FileName);

        Assert.All(lines, line => Assert.Matches(MapLine(), line));
        (ulong Start, ulong Size, string Name)[] regions = [.. lines.Select(Parse).Where(line => line.Name.StartsWith("guest:", StringComparison.Ordinal)).OrderBy(line => line.Start)];
        Assert.Contains(regions, region => region.Name == $"guest:tiny+0x1000 [region {0x401000:x}]");
        // A region of a few instructions is some hundred bytes with its entry and exits; a stub would be 24 at most.
        Assert.All(regions, region => Assert.InRange(region.Size, 64u, 1u << 20));
        Assert.All(regions.Zip(regions.Skip(1)), pair => Assert.True(pair.First.Start + pair.First.Size <= pair.Second.Start, "two regions overlap"));
    }

    private static (ulong Start, ulong Size, string Name) Parse(string line)
    {
        string[] parts = line.Split(' ', 3);
        return (Hex(parts[0]), Hex(parts[1]), parts[2]);

        static ulong Hex(string text) => ulong.Parse(text.StartsWith("0x", StringComparison.Ordinal) ? text[2..] : text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
    }

    [GeneratedRegex("^(0x)?[0-9a-fA-F]+ [0-9a-fA-F]+ .+$")]
    private static partial Regex MapLine();

    private static void AssertConsistent(RunStatistics statistics)
    {
        RunProfile profile = statistics.Profile!;
        Assert.Equal(statistics.Instructions, profile.InterpretedInstructions + profile.TranslatedInstructions);
        Assert.InRange(profile.InterpretedInstructions, 1, statistics.Instructions);
        TimeSpan[] times = [profile.InterpreterTime, profile.TranslatedTime, profile.KernelTime, profile.TranslatingTime];
        Assert.All(times, time => Assert.InRange(time, TimeSpan.Zero, statistics.Elapsed));
        Assert.InRange(times.Aggregate((a, b) => a + b), TimeSpan.FromTicks(1), statistics.Elapsed);
        Assert.InRange(profile.RegionsCompiled, 0, profile.RegionsRequested);
        Assert.Equal(0, profile.ThreadsWithoutTables);
        Assert.Equal(0, profile.RegionsFailed);
        Assert.Null(profile.FirstFailure);
        Assert.InRange(profile.HottestRegions.Sum(region => region.Executed), 0, profile.TranslatedInstructions);
    }

    private static RunStatistics Run(string path, GuestEngine engine, int status = TinyProgram.Status)
    {
        using Machine machine = new(new MachineOptions { StandardOutput = Stream.Null, CollectProfile = true, Engine = engine });
        RunResult result = machine.Run(path);
        Assert.Equal(status, result.ExitStatus);
        return result.Statistics;
    }

    /// <summary>The tiny program with a longer loop.</summary>
    private string HotLoop()
    {
        byte[] program = TinyProgram.Build();
        BitConverter.TryWriteBytes(program.AsSpan(TinyProgram.CodeOffset + 1), Iterations);
        return _folder.Write("hot", program);
    }
}
