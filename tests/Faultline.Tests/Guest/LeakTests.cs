using System.Globalization;

namespace Faultline.Tests.Guest;

/// <summary>
/// Programs that make many processes, threads, descriptors and mappings, run again and again in this process: what the host has given for them comes back. The environment variable
/// FAULTLINE_CAMPAIGN_ROUNDS asks for more rounds than the few of the quick suite.
/// </summary>
[Collection(AloneCollection.Name)]
public sealed class LeakTests
{
    private const int WarmUps = 2;

    /// <summary>Longer than a host thread that has become free waits for another guest thread.</summary>
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(20);

    private static readonly int _rounds =
        int.TryParse(Environment.GetEnvironmentVariable("FAULTLINE_CAMPAIGN_ROUNDS"), CultureInfo.InvariantCulture, out int rounds) ? rounds : 3;

    [GuestTheory]
    [InlineData("many.c")]
    [InlineData("forks-among-threads.c")]
    public void HostGetsBackWhatProgramsUsed(string name)
    {
        GuestProgram program = GuestProgram.Read(Path.Combine(GuestProgram.Folder, "c", name))!;
        string path = program.Build();
        for (int i = 0; i < WarmUps; i++)
            RunOnce(program, path);
        Usage before = Settle(Usage.Nothing);
        for (int i = 0; i < _rounds; i++)
            RunOnce(program, path);
        Usage after = Settle(before);
        Assert.True(after.Exceeds(before) is null, $"{name}, {_rounds} rounds: {after.Exceeds(before)}: {before} before, {after} after");
    }

    private static void RunOnce(GuestProgram program, string path)
    {
        using MemoryStream output = new();
        using Machine machine = new(new MachineOptions
        {
            WorkingDirectory = "/",
            Environment = ["PATH=/usr/bin:/bin", "LC_ALL=C"],
            StandardInput = new MemoryStream(),
            StandardOutput = output,
            StandardError = Stream.Null,
        });
        RunResult result = machine.Run(path);
        Assert.Equal(program.Output, System.Text.Encoding.Latin1.GetString(output.ToArray()));
        Assert.Equal(program.Status, result.ExitStatus);
    }

    /// <summary>What is in use once it exceeds an earlier state no more, or after all patience.</summary>
    private static Usage Settle(Usage wanted)
    {
        long end = Environment.TickCount64 + (long)_patience.TotalMilliseconds;
        // Free threads end by themselves, which the first measurement has to wait for.
        if (wanted == Usage.Nothing)
            Thread.Sleep(4000);
        Usage now = Usage.Measure();
        while (wanted != Usage.Nothing && now.Exceeds(wanted) is not null && Environment.TickCount64 < end)
        {
            Thread.Sleep(200);
            now = Usage.Measure();
        }
        return now;
    }

    /// <summary>What the host has given to this process; sizes in KiB.</summary>
    private sealed record Usage(int Threads, int Descriptors, long Reserved, long Resident)
    {
        /// <summary>The runtime's own threads come and go: compilers, timers, the pool.</summary>
        private const int SpareThreads = 3;

        /// <summary>One forgotten address space has more.</summary>
        private const long SpareReserved = 16L << 20;

        /// <summary>The runtime's heaps and compiled code breathe.</summary>
        private const long SpareResident = 128 << 10;

        public static Usage Nothing { get; } = new(0, 0, 0, 0);

        public static Usage Measure()
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
            GC.Collect();
            return new Usage(Directory.GetDirectories("/proc/self/task").Length, Directory.GetFiles("/proc/self/fd").Length, Status("VmSize:"), Status("VmRSS:"));
        }

        public string? Exceeds(Usage other) =>
            Threads > other.Threads + SpareThreads ? "threads are left"
            : Descriptors > other.Descriptors ? "descriptors are left"
            : Reserved > other.Reserved + SpareReserved ? "address space is left"
            : Resident > other.Resident + SpareResident ? "memory is left"
            : null;

        private static long Status(string field)
        {
            string line = File.ReadLines("/proc/self/status").First(l => l.StartsWith(field, StringComparison.Ordinal));
            return long.Parse(line[field.Length..^2], CultureInfo.InvariantCulture);
        }
    }
}
