using System.Text;
using Faultline.Tests.Support;

namespace Faultline.Tests;

/// <summary>The library as an embedding program uses it.</summary>
public sealed class FacadeTests : IDisposable
{
    private readonly TestFolder _folder = new();

    /// <inheritdoc/>
    public void Dispose() => _folder.Dispose();

    [LinuxFact("cat")]
    public void StandardInputAndOutputAreTheCallersStreams()
    {
        byte[] bytes = new byte[100_000];
        new Random(1).NextBytes(bytes);
        using MemoryStream input = new(bytes);
        using MemoryStream output = new();
        using (Machine machine = new(new MachineOptions { StandardInput = input, StandardOutput = output }))
            Assert.Equal(0, machine.Run("cat").ExitStatus);
        Assert.Equal(bytes, output.ToArray());
        Assert.True(input.CanRead && output.CanWrite, "the streams stay open");
    }

    [LinuxFact("sh")]
    public void StandardErrorIsAStreamOfItsOwn()
    {
        using MemoryStream output = new();
        using MemoryStream errors = new();
        using Machine machine = new(new MachineOptions { StandardOutput = output, StandardError = errors });
        Assert.Equal(3, machine.Run("/bin/sh", "-c", "echo out; echo err >&2; exit 3").ExitStatus);
        Assert.Equal("out\n", Encoding.UTF8.GetString(output.ToArray()));
        Assert.Equal("err\n", Encoding.UTF8.GetString(errors.ToArray()));
    }

    [LinuxFact("gcc")]
    public void ARootConfines()
    {
        _folder.Compile("look", """
            #include <fcntl.h>
            #include <stdio.h>
            #include <errno.h>
            #include <unistd.h>
            int main(int argc, char **argv)
            {
                for (int i = 1; i < argc; i++)
                {
                    char text[16] = "";
                    int fd = open(argv[i], O_RDONLY);
                    if (fd < 0) { printf("%d\n", errno); continue; }
                    read(fd, text, 15);
                    printf("%s", text);
                }
                return 0;
            }
            """, "-static");
        File.WriteAllText(Path.Combine(_folder.Path, "inside"), "inside\n");
        File.CreateSymbolicLink(Path.Combine(_folder.Path, "link"), "/etc/passwd");
        File.CreateSymbolicLink(Path.Combine(_folder.Path, "up"), "../../../../../etc/passwd");
        File.CreateSymbolicLink(Path.Combine(_folder.Path, "self"), "/inside");
        using MemoryStream output = new();
        using Machine machine = new(new MachineOptions { Root = _folder.Path, StandardOutput = output });
        string[] paths = ["/inside", "/etc/passwd", "/../../../../etc/passwd", "/link", "/up", "/self", "inside"];
        Assert.Equal(0, machine.Run("/look", paths).ExitStatus);
        Assert.Equal("inside\n2\n2\n2\n2\ninside\ninside\n", Encoding.UTF8.GetString(output.ToArray()));
    }

    [LinuxFact("pwd", "env")]
    public void WorkingDirectoryAndEnvironmentAreAsAskedFor()
    {
        using MemoryStream output = new();
        using Machine machine = new(new MachineOptions { WorkingDirectory = _folder.Path, Environment = ["PATH=/usr/bin:/bin", "B=two words", "A="], StandardOutput = output });
        Assert.Equal(0, machine.Run("env").ExitStatus);
        Assert.Equal(0, machine.Run("pwd").ExitStatus);
        Assert.Equal($"PATH=/usr/bin:/bin\nB=two words\nA=\n{_folder.Path}\n", Encoding.UTF8.GetString(output.ToArray()));
    }

    [Fact]
    public void OneMachineRunsManyProgramsAndTwoRunAtOnce()
    {
        string path = _folder.Write("tiny", TinyProgram.Build());
        string bad = _folder.Write("bad", "text"u8);
        Parallel.For(0, 2, _ =>
        {
            using MemoryStream output = new();
            using Machine machine = new(new MachineOptions { StandardOutput = output });
            long instructions = 0;
            for (int i = 0; i < 20; i++)
            {
                Assert.Throws<ProgramLoadException>(() => machine.Run(bad));
                RunResult result = machine.Run(path);
                Assert.Equal(TinyProgram.Status, result.ExitStatus);
                Assert.True(i == 0 || instructions == result.Statistics.Instructions, "a run counts its own instructions");
                instructions = result.Statistics.Instructions;
            }
            Assert.Equal(string.Concat(Enumerable.Repeat("hello\n", 20)), Encoding.UTF8.GetString(output.ToArray()));
        });
    }

    [Fact]
    public void StatisticsCountWhatRan()
    {
        using Machine machine = new(new MachineOptions { StandardOutput = Stream.Null });
        RunStatistics statistics = machine.Run(_folder.Write("tiny", TinyProgram.Build())).Statistics;
        // mov, 1000 times dec and jnz, then nine more with two system calls among them.
        Assert.Equal(1 + 2000 + 8, statistics.Instructions);
        Assert.Equal(2, statistics.SystemCalls);
        Assert.InRange(statistics.Elapsed, TimeSpan.FromTicks(1), TimeSpan.FromMinutes(1));
        Assert.InRange(statistics.GuestMemory, 4096, 1 << 20);
        Assert.True(statistics.BlocksDecoded > 0);
        Assert.Empty(statistics.MissingSystemCalls);
    }

    [LinuxFact("gcc")]
    public void ProcessesShareWhatTheyRun()
    {
        string path = _folder.Compile("loop", """
            #include <stdio.h>
            #include <sys/wait.h>
            #include <unistd.h>
            static unsigned work(unsigned x) { for (int i = 0; i < 60000000; i++) x = x * 31 + (x >> 7); return x; }
            int main(void)
            {
                unsigned x = work(1);
                for (int i = 0; i < 3; i++) {
                    if (fork() == 0)
                        _exit(work(1) != x);
                    int status;
                    wait(&status);
                    if (status)
                        return 1;
                }
                return 0;
            }
            """);
        using Machine machine = new();
        RunResult result = machine.Run(path);
        Assert.Equal(0, result.ExitStatus);
        Assert.True(result.Statistics.BlocksShared > 0);
        // At least one by each child; other machines in this process may have translated parts of the C library already.
        Assert.True(result.Statistics.RegionsShared >= 3);
    }

    [LinuxFact("gcc")]
    public void AReportTellsWhereAProgramCrashed()
    {
        string path = _folder.Compile("crash", """
            static int inner(int *p) { return *p + 1; }
            static int outer(int *p) { return inner(p) + 1; }
            int main(int argc, char **argv) { return outer(argc > 100 ? &argc : 0); }
            """);
        using Machine machine = new();
        RunResult result = machine.Run(path);
        Assert.Equal(139, result.ExitStatus);
        Assert.Equal(11, result.Signal);
        FaultReport report = Assert.IsType<FaultReport>(result.Report);
        Assert.Equal((11, "SIGSEGV", "SEGV_MAPERR", (ulong?)0), (report.Signal, report.SignalName, report.Code, report.Address));
        Assert.Equal("the program was killed by SIGSEGV (SEGV_MAPERR) at 0x0: load from a page that is not mapped", report.Summary);
        Assert.Equal(report.InstructionPointer, report.Registers.Single(r => r.Key == "rip").Value);
        Assert.Equal(0UL, report.Registers.Single(r => r.Key == "rax").Value);
        string current = Assert.Single(report.Disassembly, line => line.StartsWith("=>", StringComparison.Ordinal));
        Assert.Contains($"{report.InstructionPointer:x}: 8b00", current, StringComparison.Ordinal);
        Assert.Contains("mov eax, dword ptr [rax]", current, StringComparison.Ordinal);
        Assert.Contains(path, report.CodeMapping, StringComparison.Ordinal);
        Assert.Contains("no mapping", report.AddressMapping, StringComparison.Ordinal);
        Assert.Contains(" inner+0x", report.Backtrace[0], StringComparison.Ordinal);
        Assert.Contains(" outer+0x", report.Backtrace[1], StringComparison.Ordinal);
        Assert.Contains(" main+0x", report.Backtrace[2], StringComparison.Ordinal);
        string text = report.ToString();
        Assert.StartsWith("faultline: the program was killed by SIGSEGV", text, StringComparison.Ordinal);
        Assert.Contains(current, text, StringComparison.Ordinal);
    }

    [LinuxFact("gcc")]
    public void AnInstructionThatTheModelLacksIsNamed()
    {
        string path = _folder.Compile("vex", "int main(void) { __asm__ volatile(\".byte 0xc5,0xf8,0x57,0xc0\"); return 0; }");
        using Machine machine = new(new MachineOptions { Cpu = CpuLevel.V2 });
        RunResult result = machine.Run(path);
        Assert.Equal(132, result.ExitStatus);
        Assert.Equal("SIGILL", result.Report!.SignalName);
        Assert.Equal("ILL_ILLOPN", result.Report.Code);
        Assert.Equal(result.Report.InstructionPointer, result.Report.Address);
        Assert.Contains("vxorps", result.Report.Summary, StringComparison.Ordinal);
        Assert.Contains("the processor model x86-64-v2 does not execute it", result.Report.Summary, StringComparison.Ordinal);
        Assert.Contains("c5f857c0", result.Report.Summary, StringComparison.Ordinal);
        Assert.Contains(" main+0x", result.Report.Backtrace[0], StringComparison.Ordinal);
    }

    [LinuxFact("gcc", "sleep")]
    public void StopKillsALoopAndASleep()
    {
        string loop = _folder.Compile("loop", "int main(void) { for (;;) ; }");
        using Machine machine = new(new MachineOptions { StandardOutput = Stream.Null });
        foreach (string[] command in (string[][])[[loop], ["sleep", "1000"]])
        {
            using Timer timer = new(_ => machine.Stop(), null, 300, Timeout.Infinite);
            RunResult result = machine.Run(command[0], command[1..]);
            Assert.Equal((137, 9), (result.ExitStatus, result.Signal));
            Assert.Null(result.Report);
        }
        // Without a program it does nothing, and the next run is not affected.
        machine.Stop();
        Assert.Equal(TinyProgram.Status, machine.Run(_folder.Write("tiny", TinyProgram.Build())).ExitStatus);
    }

    [LinuxFact("sleep")]
    public void AMachineRunsOneProgramAtATime()
    {
        Machine machine = new();
        using ManualResetEventSlim begun = new();
        Task<RunResult> running = Task.Factory.StartNew(
            () =>
            {
                begun.Set();
                return machine.Run("sleep", "1000");
            },
            CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        begun.Wait();
        InvalidOperationException? refused = null;
        for (int i = 0; i < 500 && refused is null; i++)
        {
            Thread.Sleep(10);
            // Until the other thread is inside Run, this one gets in; its program is gone at once.
            refused = Record.Exception(() => machine.Run("/nonexistent")) as InvalidOperationException;
        }
        Assert.NotNull(refused);
        Assert.Throws<InvalidOperationException>(machine.Dispose);
        machine.Stop();
        Assert.True(running.Wait(TimeSpan.FromSeconds(20)), "the program did not stop");
        machine.Dispose();
        machine.Dispose();
        Assert.Throws<ObjectDisposedException>(() => machine.Run("true"));
    }

    [Fact]
    public void WhatLinuxHasNoStringForIsRefused()
    {
        using Machine machine = new();
        Assert.Throws<ArgumentException>(() => machine.Run("a\0b"));
        Assert.Throws<ArgumentException>(() => machine.Run("/bin/true", "a\0b"));
        Assert.Throws<ArgumentNullException>(() => machine.Run(null!));
        Assert.Throws<ArgumentException>(() => new Machine(new MachineOptions { Environment = ["A=\0"] }));
        Assert.Throws<ArgumentException>(() => new Machine(new MachineOptions { WorkingDirectory = "\0" }));
        Assert.Throws<ArgumentException>(() => new Machine(new MachineOptions { Root = "\0" }));
        Assert.Equal(2, Assert.Throws<ProgramLoadException>(() => new Machine(new MachineOptions { Root = "" })).Errno);
        Assert.Equal(2, Assert.Throws<ProgramLoadException>(() => new Machine(new MachineOptions { WorkingDirectory = "" })).Errno);
    }
}
