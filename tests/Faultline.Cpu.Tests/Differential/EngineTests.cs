using System.Collections.Concurrent;
using System.Globalization;
using Iced.Intel;
using Xunit.Abstractions;

namespace Faultline.Cpu.Tests.Differential;

/// <summary>The translator against the interpreter, on every host: cases with control flow, and single forms.</summary>
public sealed class EngineTests(ITestOutputHelper output)
{
    [Fact]
    public void FlowsEndAlike()
    {
        Code[] forms = BlockForms.ForEngines;
        if (forms.Length > 0)
            Check(i => CaseGenerator.OfFlow(forms, DifferentialSettings.Seed, i, definedOnly: false), DifferentialSettings.TranslatedCases * 100);
    }

    [Fact]
    public void FormsEndAlike()
    {
        Code[] forms = [.. DifferentialSettings.Selected];
        int cases = Math.Max(1, DifferentialSettings.TranslatedCases / 4);
        if (forms.Length > 0)
            Check(i => CaseGenerator.OfForm(forms[i / cases], DifferentialSettings.Seed, i % cases), forms.Length * cases);
    }

    /// <summary>Runs the one case that FAULTLINE_DIFF_REPRO names; does nothing without it.</summary>
    [Fact]
    public void Reproduce()
    {
        if (DifferentialSettings.Repro?.Split(':') is not ["engines", string seed, string index])
            return;
        DiffCase test = CaseGenerator.OfFlow(BlockForms.ForEngines, ulong.Parse(seed, CultureInfo.InvariantCulture), int.Parse(index, CultureInfo.InvariantCulture), definedOnly: false);
        using EngineRunner runner = new();
        Assert.True(runner.Differences(test).Count == 0, CaseReport.Describe(test, runner.Differences));
    }

    private void Check(Func<int, DiffCase?> make, int cases)
    {
        ConcurrentBag<int> failures = [];
        long translated = 0;
        int threads = DifferentialPool.DefaultThreads;
        Parallel.For(0, threads, thread =>
        {
            using EngineRunner runner = new();
            for (int i = thread; i < cases; i += threads)
            {
                if (make(i) is { Instructions.Count: > 0 } test && runner.Differences(test).Count > 0)
                    failures.Add(i);
            }
            Interlocked.Add(ref translated, runner.Translated);
        });
        output.WriteLine($"{cases} cases, {translated} regions translated");
        using EngineRunner describer = new();
        string report = string.Join('\n', failures.Order().Take(3).Select(i => CaseReport.Describe(make(i)!, describer.Differences)));
        Assert.True(failures.IsEmpty, $"{failures.Count} of {cases} cases differ\n{report}");
        Assert.True(translated >= cases / 2, $"only {translated} regions were translated");
    }
}
