using System.Diagnostics;
using Faultline.Elf.Sources;
using Faultline.Elf.Tests.Support;

namespace Faultline.Elf.Tests.Mutation;

/// <summary>
/// A hundred thousand damaged files: no exception, no hang, no allocation out of proportion. File number N is always the same on one machine, so
/// that a failure names what to look at.
/// </summary>
public sealed class MutationTests
{
    private const int Files = 110_000;
    private const int SecondsForAll = 120;
    private const int SecondsForOne = 5;

    [Fact]
    public void NothingEscapesFromDamagedFiles()
    {
        int current = 0;
        Exception? failure = null;
        string? complaint = null;
        Exerciser exerciser = new();
        Thread worker = new(() =>
        {
            try
            {
                complaint = RunAll(exerciser, ref current);
            }
            catch (Exception exception)
            {
                failure = exception;
            }
        })
        {
            IsBackground = true,
        };
        worker.Start();
        Assert.True(worker.Join(TimeSpan.FromSeconds(SecondsForAll)), $"file {Volatile.Read(ref current)} does not end");
        Assert.True(failure is null, $"file {current}: {failure}");
        Assert.True(complaint is null, complaint);

        // The damage must leave enough whole for every parser to be reached.
        Assert.True(exerciser.Reached.Programs > Files / 10, exerciser.Reached.ToString());
        Assert.True(exerciser.Reached.WithSymbols > Files / 10, exerciser.Reached.ToString());
        Assert.True(exerciser.Reached.Rows > Files / 10, exerciser.Reached.ToString());
        Assert.True(exerciser.Reached.Unwound > Files / 20, exerciser.Reached.ToString());
    }

    private static string? RunAll(Exerciser exerciser, ref int current)
    {
        byte[][] bases = Bases();
        Mutator mutator = new(bases);
        byte[] buffer = new byte[bases.Max(file => file.Length)];
        for (int i = 0; i < Files; i++)
        {
            Volatile.Write(ref current, i);
            Random random = new(i);
            ReadOnlyMemory<byte> file = mutator.Mutate(random, buffer);
            long allocated = GC.GetAllocatedBytesForCurrentThread();
            long started = Stopwatch.GetTimestamp();
            exerciser.Run(new MemoryElfSource(file), random);
            allocated = GC.GetAllocatedBytesForCurrentThread() - allocated;
            if (allocated > (256 << 10) + (24L * file.Length))
            {
                return $"file {i} of {file.Length} bytes: {allocated} bytes allocated";
            }

            if (Stopwatch.GetElapsedTime(started).TotalSeconds > SecondsForOne)
            {
                return $"file {i}: {Stopwatch.GetElapsedTime(started).TotalSeconds} s";
            }
        }

        return null;
    }

    private static byte[][] Bases()
    {
        List<byte[]> bases =
        [
            SampleElf.Build(withSections: true),
            SampleElf.Build(withSections: false),
            SampleElf.Build(withSections: true, withIndex: false),
        ];
        foreach (string path in HostFiles.All)
        {
            byte[] bytes = File.ReadAllBytes(path);
            if (bytes.Length <= 64 << 10)
            {
                bases.Add(bytes);
            }
            else if (bases.Count < 6)
            {
                // The front of a larger file: headers, dynamic symbols and notes are whole, the rest is cut off.
                bases.Add(bytes[..(8 << 10)]);
            }
        }

        return [.. bases];
    }
}
