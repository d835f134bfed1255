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
}
