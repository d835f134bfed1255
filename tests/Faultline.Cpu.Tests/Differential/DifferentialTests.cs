using System.Globalization;
using System.Text;
using Faultline.Cpu.Tests.Float;
using Iced.Intel;
using Xunit.Abstractions;

namespace Faultline.Cpu.Tests.Differential;

/// <summary>Every form of the instruction table against the host processor.</summary>
public sealed class DifferentialTests(ITestOutputHelper output) : IDisposable
{
    private readonly DifferentialRunner _runner = new();

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
        output.WriteLine($"{_runner.Counts.Cases} cases, {_runner.Counts.Faults} of them faults");
        Assert.True(report.Length == 0, report.ToString());
    }

    [NativeFact]
    public void BlocksMatchTheHost()
    {
        Code[] forms = [.. DifferentialSettings.Selected.Where(BlockForms.Allowed)];
        if (forms.Length == 0)
            return;
        int failures = 0;
        StringBuilder report = new();
        for (int i = 0; i < DifferentialSettings.Cases * 20 && failures < 3; i++)
        {
            DiffCase test = CaseGenerator.OfBlock(forms, DifferentialSettings.Seed, i);
            if (test.Instructions.Count == 0 || _runner.Differences(test).Count == 0)
                continue;
            failures++;
            report.AppendLine(_runner.Describe(test));
        }
        Report(report);
        Assert.True(failures == 0, report.ToString());
    }

    /// <summary>Runs the one case that FAULTLINE_DIFF_REPRO names; does nothing without it.</summary>
    [NativeFact]
    public void Reproduce()
    {
        if (DifferentialSettings.Repro?.Split(':') is not [string name, string seedText, string indexText])
            return;
        ulong seed = ulong.Parse(seedText, CultureInfo.InvariantCulture);
        int index = int.Parse(indexText, CultureInfo.InvariantCulture);
        DiffCase? test = name == "block"
            ? CaseGenerator.OfBlock([.. DifferentialSettings.Selected.Where(BlockForms.Allowed)], seed, index)
            : CaseGenerator.OfForm(Enum.Parse<Code>(name), seed, index);
        Assert.NotNull(test);
        Assert.True(_runner.Differences(test).Count == 0, _runner.Describe(test));
    }

    /// <inheritdoc/>
    public void Dispose() => _runner.Dispose();

    private void RunForm(Code code, StringBuilder report)
    {
        int failures = 0, made = 0;
        DiffCase? first = null;
        for (int i = 0; i < DifferentialSettings.Cases; i++)
        {
            if (CaseGenerator.OfForm(code, DifferentialSettings.Seed, i) is not { } test)
                continue;
            made++;
            if (_runner.Differences(test).Count == 0)
                continue;
            failures++;
            first ??= test;
        }
        StringBuilder text = new();
        if (made == 0)
            text.AppendLine($"{code}: no case could be encoded");
        else if (first is not null)
            text.AppendLine($"{code}: {failures} of {made} cases differ, the first:").Append(_runner.Describe(first));
        report.Append(text);
        Report(text);
    }

    private static void Report(StringBuilder text)
    {
        if (text.Length > 0 && DifferentialSettings.Report is { } file)
            File.AppendAllText(file, text.ToString());
    }
}
