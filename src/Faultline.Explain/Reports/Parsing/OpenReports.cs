using Faultline.Explain.Reports.Text;

namespace Faultline.Explain.Reports.Parsing;

/// <summary>
/// The reports that one caller is in the middle of: one where the kernel prints caller ids, as many as processors print at once
/// where it does not.
/// </summary>
internal sealed class OpenReports
{
    private const int MaxLanes = 8;

    private const string Mixed =
        "Another processor printed a report at the same time, and no caller ids tell their lines apart: they were told apart by their order, and "
        + "entries of the two traces may be mixed.";

    private readonly List<ReportBuilder> _lanes = [];

    /// <summary>All of them, the oldest first.</summary>
    public IReadOnlyList<ReportBuilder> All => _lanes;

    /// <summary>The one that began last; null when there is none.</summary>
    public ReportBuilder? Latest => _lanes.Count == 0 ? null : _lanes[^1];

    /// <summary>Begins a report, beside those that are not through yet.</summary>
    /// <param name="builder">The report.</param>
    /// <param name="keepsOthers">Whether lines of several reports may be mixed.</param>
    /// <returns>The reports that are over.</returns>
    public IReadOnlyList<ReportBuilder> Begin(ReportBuilder builder, bool keepsOthers)
    {
        List<ReportBuilder> over = [.. _lanes.Where(lane => !keepsOthers || !lane.IsOpen || lane.Gap >= 3)];
        _lanes.RemoveAll(over.Contains);
        if (_lanes.Count >= MaxLanes)
        {
            over.Add(_lanes[0]);
            _lanes.RemoveAt(0);
        }
        foreach (ReportBuilder lane in _lanes)
        {
            lane.Note(Mixed);
            builder.Note(Mixed);
        }
        _lanes.Add(builder);
        return over;
    }

    /// <summary>Gives a line to the report that it belongs to.</summary>
    /// <returns>False when it belongs to none.</returns>
    public bool TryAdd(LogLine line)
    {
        if (_lanes.Count == 1)
            return _lanes[0].TryAdd(line);
        string text = line.Text.Trim();
        if (text.StartsWith("CPU:", StringComparison.Ordinal) && CpuLine.Read(text) is { } cpu
            && _lanes.FindLast(lane => lane.Fits(cpu)) is { } fitting)
        {
            return fitting.TryAdd(line);
        }
        int stage = LineStage.Of(text);
        IEnumerable<ReportBuilder> order = stage == LineStage.Any
            ? Enumerable.Reverse(_lanes)
            : Enumerable.Reverse(_lanes).OrderBy(lane => Distance(lane.Stage, stage));
        return order.Any(lane => lane.TryAdd(line));
    }

    /// <summary>Counts a line that belonged to none.</summary>
    /// <param name="isOver">Says of a report whether it ends with that.</param>
    /// <returns>The reports that are over.</returns>
    public IReadOnlyList<ReportBuilder> Skip(Predicate<ReportBuilder> isOver)
    {
        foreach (ReportBuilder lane in _lanes)
            lane.Gap++;
        List<ReportBuilder> over = _lanes.FindAll(isOver);
        _lanes.RemoveAll(over.Contains);
        return over;
    }

    /// <summary>How unlikely it is that a report at one stage goes on with another: the next is best, going back worst.</summary>
    private static int Distance(int from, int to) => to > from ? to - from : 100 + from - to;
}
