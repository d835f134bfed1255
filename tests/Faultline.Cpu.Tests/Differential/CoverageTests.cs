using System.Globalization;
using Faultline.Cpu.Tests.Float;
using Iced.Intel;
using Xunit.Abstractions;

namespace Faultline.Cpu.Tests.Differential;

/// <summary>What of the table is compared with the host at all.</summary>
public sealed class CoverageTests(ITestOutputHelper output)
{
    /// <summary>Every form that is not excluded by name must be encodable: a form without a case proves nothing.</summary>
    [NativeFact]
    public void EveryFormHasACase()
    {
        List<string> missing = [];
        Dictionary<string, int> excluded = [];
        int compared = 0;
        foreach (Code code in DifferentialSettings.TableForms)
        {
            if (ExcludedForms.Reason(code) is { } reason)
            {
                excluded[reason] = excluded.GetValueOrDefault(reason) + 1;
                continue;
            }
            compared++;
            if (!Enumerable.Range(0, 10).Any(i => CaseGenerator.OfForm(code, 1, i) is not null))
                missing.Add(code.ToString());
        }
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{compared} forms compared"));
        foreach ((string reason, int count) in excluded.OrderByDescending(pair => pair.Value))
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{count} not: {reason}"));
        Assert.Empty(missing);
    }

    /// <summary>The proof of the default processor: each of its forms runs at least 2,000 cases against the host, or a test covers it by name.</summary>
    [Fact]
    public void EveryFormOfTheDefaultModelIsComparedOrTestedByName()
    {
        Assert.True(DifferentialSettings.DefaultCases >= 2000);
        HashSet<string> tests = [.. typeof(CoverageTests).Assembly.GetTypes()
            .SelectMany(type => type.GetMethods())
            .Where(method => method.IsDefined(typeof(FactAttribute), inherit: true))
            .Select(method => $"{method.DeclaringType!.Name}.{method.Name}")];
        List<string> wrong = [];
        foreach (Code code in FormCatalog.Forms.Where(FormCatalog.IsDefault))
        {
            if (!FormCatalog.HasRow(code) || !ExcludedForms.IsGenerated(code))
                wrong.Add($"{code} has no row, or no cases");
            else if (ExcludedForms.Uncompared(code) is { } entry && !tests.Contains(entry.Test))
                wrong.Add($"{code}: there is no test {entry.Test}");
        }
        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }
}
