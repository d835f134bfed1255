using System.Diagnostics;
using System.Globalization;
using Faultline.Cpu.Tests.Differential;
using Iced.Intel;

namespace Faultline.Cpu.Tests.Fuzz;

/// <summary>A long comparison with the host: random blocks, and after every fourth of them a case of a single form, until time or blocks are up.</summary>
internal sealed class FuzzRun(FuzzOptions options, TextWriter output)
{
    /// <summary>Failures that are shrunk and printed; the others are counted.</summary>
    private const int MaxDescribed = 40;

    private const int BlocksPerFormCase = 4;

    private readonly Code[] _forms = [.. DifferentialSettings.Selected];
    private readonly Stopwatch _clock = new();
    private readonly Lock _gate = new();
    private readonly HashSet<Code> _failedForms = [];
    private long _blocks;
    private long _formCases;
    private long _instructions;
    private long _differences;
    private int _described;

    /// <summary>Blocks and form cases compared so far, and how many of them differed.</summary>
    public (long Blocks, long FormCases, long Differences) Counts => (Volatile.Read(ref _blocks), Volatile.Read(ref _formCases), Volatile.Read(ref _differences));

    /// <summary>Runs to the end, with a line of progress about every ten seconds.</summary>
    public void Run()
    {
        Code[] blockForms = [.. _forms.Where(BlockForms.Allowed)];
        if (_forms.Length == 0)
        {
            output.WriteLine("fuzz: no form is selected");
            return;
        }
        using DifferentialPool pool = new(DifferentialPool.DefaultThreads);
        output.WriteLine(Invariant($"fuzz: seed {options.Seed}, {_forms.Length} forms, {blockForms.Length} of them in blocks, {pool.Count} threads"));
        _clock.Start();
        using (Timer timer = new(_ => Progress(), null, TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(10)))
            pool.Run((runner, number) => Work(runner, number, pool.Count, blockForms));
        _clock.Stop();
        (long blocks, long cases, long differences) = Counts;
        output.WriteLine(Invariant($"fuzz: seed {options.Seed}: {blocks} blocks of {_instructions} instructions and {cases} form cases in {_clock.Elapsed.TotalSeconds:F0} s, {differences} differences"));
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private void Work(DifferentialRunner runner, int number, int threads, Code[] blockForms)
    {
        for (long i = number; i < options.Blocks && _clock.Elapsed.TotalMinutes < options.Minutes; i += threads)
        {
            if (blockForms.Length > 0)
            {
                DiffCase block = CaseGenerator.OfBlock(blockForms, options.Seed, (int)i);
                Interlocked.Add(ref _instructions, block.Instructions.Count);
                if (block.Instructions.Count > 0 && runner.Differences(block).Count > 0)
                    Fail(runner, block, null);
            }
            Interlocked.Increment(ref _blocks);
            if (i / threads % BlocksPerFormCase != 0)
                continue;
            long index = i / (threads * BlocksPerFormCase) * threads + number;
            Code code = _forms[index % _forms.Length];
            if (CaseGenerator.OfForm(code, options.Seed, (int)(index / _forms.Length)) is not { } test)
                continue;
            Interlocked.Increment(ref _formCases);
            if (runner.Differences(test).Count > 0)
                Fail(runner, test, code);
        }
    }

    /// <summary>Counts a failure, and describes it unless its form has failed before.</summary>
    private void Fail(DifferentialRunner runner, DiffCase test, Code? form)
    {
        Interlocked.Increment(ref _differences);
        lock (_gate)
        {
            if (_described >= MaxDescribed || (form is { } code && !_failedForms.Add(code)))
                return;
            _described++;
        }
        string text = runner.Describe(test);
        lock (_gate)
            output.WriteLine($"fuzz: {test.Name} differs\n{text}");
    }

    private void Progress()
    {
        (long blocks, long cases, long differences) = Counts;
        double seconds = _clock.Elapsed.TotalSeconds;
        lock (_gate)
            output.WriteLine(Invariant($"fuzz: {seconds:F0} s, {blocks} blocks, {cases} form cases, {blocks / seconds:F0} blocks/s, {differences} differences"));
    }
}
