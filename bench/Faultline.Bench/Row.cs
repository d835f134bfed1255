using System.Globalization;

namespace Faultline.Bench;

/// <summary>All samples of one program.</summary>
/// <param name="workload">The program.</param>
internal sealed class Row(Workload workload)
{
    private readonly Dictionary<string, List<double>> _seconds = [];
    private readonly Dictionary<string, string> _problems = [];
    private Sample? _reference;
    private string _referenceRunner = "";

    /// <summary>The program.</summary>
    public Workload Workload { get; } = workload;

    /// <summary>Why runs cannot be compared, by runner.</summary>
    public IReadOnlyDictionary<string, string> Problems => _problems;

    /// <summary>Adds a run. Every run must print what the first one printed, and exit with 0.</summary>
    public void Add(Runner runner, Sample sample)
    {
        if (sample.Status != 0)
        {
            string what = sample.Status < 0 ? "stopped after five minutes" : string.Create(CultureInfo.InvariantCulture, $"exited with {sample.Status}");
            _problems[runner.Name] = sample.Errors.Length == 0 ? what : $"{what}: {sample.Errors}";
            return;
        }
        if (_reference is null)
        {
            _reference = sample;
            _referenceRunner = runner.Name;
        }
        if (sample.Digest != _reference.Value.Digest)
            _problems[runner.Name] = $"its output differs from that of {_referenceRunner}";
        if (!_seconds.TryGetValue(runner.Name, out List<double>? list))
            _seconds.Add(runner.Name, list = []);
        list.Add(sample.Seconds);
    }

    /// <summary>Median seconds of a runner; null when it did not run or its runs do not count.</summary>
    public double? Median(string runner)
    {
        if (_problems.ContainsKey(runner) || !_seconds.TryGetValue(runner, out List<double>? list))
            return null;
        double[] sorted = [.. list.Order()];
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }

    /// <summary>The slowest run of a runner in terms of its fastest; null when it did not run or its runs do not count.</summary>
    public double? Spread(string runner) =>
        _problems.ContainsKey(runner) || !_seconds.TryGetValue(runner, out List<double>? list) ? null : list.Max() / list.Min();

    /// <summary>Median of one runner in that of another; null when either is missing.</summary>
    public double? Ratio(string runner, string to) => Median(runner) / Median(to);
}
