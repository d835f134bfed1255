using System.Collections.Concurrent;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using Faultline.Cpu.Tests.Float;
using Iced.Intel;
using Xunit.Abstractions;

namespace Faultline.Cpu.Tests.Differential;

/// <summary>Every form of the instruction table against the host processor.</summary>
public sealed class DifferentialTests(ITestOutputHelper output) : IDisposable
{
    private readonly DifferentialPool _pool = new(DifferentialPool.DefaultThreads);

    /// <summary>One row a mnemonic; what is excluded or filtered out has none.</summary>
    public static TheoryData<string> Mnemonics()
    {
        TheoryData<string> data = [];
        foreach (Mnemonic mnemonic in DifferentialSettings.Selected.Select(code => code.Mnemonic()).Distinct())
            data.Add(mnemonic.ToString());
        if (data.Count == 0)
            data.Add("(none)");
        return data;
    }

    [NativeTheory]
    [MemberData(nameof(Mnemonics))]
    public void FormsMatchTheHost(string mnemonic)
    {
        StringBuilder report = new();
        foreach (Code code in DifferentialSettings.Selected.Where(code => code.Mnemonic().ToString() == mnemonic))
            RunForm(code, report);
        output.WriteLine($"{_pool.Counts.Cases} cases, {_pool.Counts.Faults} of them faults");
        Assert.True(report.Length == 0, report.ToString());
    }

    /// <summary>The guest faults where this process has memory of its own: the host says nothing about that, and must not store there.</summary>
    [NativeFact]
    public unsafe void MemoryOfThisProcessIsLeftAlone()
    {
        ulong* own = (ulong*)NativeMemory.AlignedAlloc(0x1000, 0x1000);
        try
        {
            *own = 5;
            DiffCase test = new() { Name = "own", Rip = Scratch.Code };
            // MOV [RBX], RAX
            test.Bytes.AddRange([0x48, 0x89, 0x03]);
            test.Instructions.Add(Instruction.Create(Code.Mov_rm64_r64, new MemoryOperand(Register.RBX), Register.RAX));
            InitialState.Fill(SplitMix.Of(1, 1, 1), ref test.Initial);
            test.Initial.Gpr[3] = (ulong)own;
            Assert.Empty(_pool.First.Differences(test));
            Assert.Equal(5UL, *own);
        }
        finally
        {
            NativeMemory.AlignedFree(own);
        }
    }

    [NativeFact]
    public void BlocksMatchTheHost()
    {
        Code[] forms = [.. DifferentialSettings.Selected.Where(BlockForms.Allowed)];
        if (forms.Length == 0)
            return;
        int[] failures = FailuresOf(i => CaseGenerator.OfBlock(forms, DifferentialSettings.Seed, i), DifferentialSettings.Cases * 50, out _);
        StringBuilder report = new();
        foreach (int i in failures.Take(3))
            report.AppendLine(_pool.First.Describe(CaseGenerator.OfBlock(forms, DifferentialSettings.Seed, i)));
        Report(report);
        Assert.True(failures.Length == 0, $"{failures.Length} blocks differ\n{report}");
    }

    // Conditions read flags that rotations leave undefined.
    [NativeFact(DecidesAlike = true)]
    public void FlowsMatchTheHost()
    {
        Code[] forms = [.. DifferentialSettings.Selected.Where(BlockForms.Allowed)];
        if (forms.Length == 0)
            return;
        int[] failures = FailuresOf(i => CaseGenerator.OfFlow(forms, DifferentialSettings.Seed, i, definedOnly: true), DifferentialSettings.Cases * 5, out _);
        StringBuilder report = new();
        foreach (int i in failures.Take(3))
            report.AppendLine(_pool.First.Describe(CaseGenerator.OfFlow(forms, DifferentialSettings.Seed, i, definedOnly: true)));
        Report(report);
        Assert.True(failures.Length == 0, $"{failures.Length} cases with control flow differ\n{report}");
    }

    /// <summary>Runs the one case that FAULTLINE_DIFF_REPRO names; does nothing without it.</summary>
    [NativeFact]
    public void Reproduce()
    {
        if (DifferentialSettings.Repro?.Split(':') is not [not "engines" and string name, string seedText, string indexText])
            return;
        ulong seed = ulong.Parse(seedText, CultureInfo.InvariantCulture);
        int index = int.Parse(indexText, CultureInfo.InvariantCulture);
        Code[] blocks = [.. DifferentialSettings.Selected.Where(BlockForms.Allowed)];
        DiffCase? test = name switch
        {
            "block" => CaseGenerator.OfBlock(blocks, seed, index),
            "flow" => CaseGenerator.OfFlow(blocks, seed, index, definedOnly: true),
            _ => CaseGenerator.OfForm(Enum.Parse<Code>(name), seed, index),
        };
        Assert.NotNull(test);
        Assert.True(_pool.First.Differences(test).Count == 0, _pool.First.Describe(test));
    }

    /// <inheritdoc/>
    public void Dispose() => _pool.Dispose();

    private void RunForm(Code code, StringBuilder report)
    {
        int cases = DifferentialSettings.Cases;
        int[] failures = FailuresOf(i => CaseGenerator.OfForm(code, DifferentialSettings.Seed, i), cases, out int made);
        StringBuilder text = new();
        if (made != cases)
            text.AppendLine($"{code}: only {made} of {cases} cases could be encoded");
        if (failures.Length > 0)
        {
            DiffCase first = CaseGenerator.OfForm(code, DifferentialSettings.Seed, failures[0])!;
            text.AppendLine($"{code}: {failures.Length} of {made} cases differ, the first:").Append(_pool.First.Describe(first));
        }
        report.Append(text);
        Report(text);
    }

    /// <summary>Runs cases on all threads; the numbers of those that differ, in order, and how many there were.</summary>
    private int[] FailuresOf(Func<int, DiffCase?> make, int cases, out int made)
    {
        ConcurrentBag<int> failures = [];
        int count = 0;
        _pool.Run((runner, number) =>
        {
            for (int i = number; i < cases; i += _pool.Count)
            {
                if (make(i) is not { } test)
                    continue;
                Interlocked.Increment(ref count);
                if (test.Instructions.Count > 0 && runner.Differences(test).Count > 0)
                    failures.Add(i);
            }
        });
        made = count;
        return [.. failures.Order()];
    }

    private static void Report(StringBuilder text)
    {
        if (text.Length > 0 && DifferentialSettings.Report is { } file)
            File.AppendAllText(file, text.ToString());
    }
}
