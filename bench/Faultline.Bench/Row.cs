using System.Globalization;
using System.Text;

namespace Faultline.Bench;

/// <summary>All samples of one program.</summary>
internal sealed class Row(string name, List<Runner> runners)
{
    private readonly Dictionary<string, List<Sample>> _samples = [];

    /// <summary>Why the runs cannot be compared, or null: every run must print the same and exit with the same status.</summary>
    public string? Disagreement { get; private set; }

    /// <summary>Adds a run.</summary>
    public void Add(Runner runner, Sample sample)
    {
        if (!_samples.TryGetValue(runner.Name, out List<Sample>? list))
            _samples.Add(runner.Name, list = []);
        list.Add(sample);
        Sample first = _samples[runners[0].Name][0];
        if (sample.Output != first.Output || sample.Status != first.Status)
            Disagreement ??= $"{runner.Name} printed '{sample.Output.Trim()}' and exited with {sample.Status}; {runners[0].Name} '{first.Output.Trim()}' and {first.Status}";
    }

    /// <summary>Median seconds of a runner against native, or 0 without a native run.</summary>
    public double Ratio(Runner runner) => _samples.ContainsKey("native") ? Median(runner.Name) / Median("native") : 0;

    /// <summary>The table row.</summary>
    public string ToMarkdown()
    {
        StringBuilder text = new($"| {name} |");
        foreach (Runner runner in runners)
        {
            text.Append(CultureInfo.InvariantCulture, $" {Median(runner.Name):F3} |");
            if (runner.Name != "native")
                text.Append(CultureInfo.InvariantCulture, $" {Ratio(runner):F1} |");
        }
        Sample last = _samples["faultline"][^1];
        return text.Append(CultureInfo.InvariantCulture, $" {last.Instructions / Median("faultline") / 1e6:F0} |").ToString();
    }

    private double Median(string runner)
    {
        double[] seconds = [.. _samples[runner].Select(s => s.Seconds).Order()];
        return (seconds[(seconds.Length - 1) / 2] + seconds[seconds.Length / 2]) / 2;
    }
}
