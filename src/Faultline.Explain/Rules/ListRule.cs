using System.Globalization;
using Faultline.Explain.Findings;
using Faultline.Explain.Reports;
using Faultline.Explain.Values;

namespace Faultline.Explain.Rules;

/// <summary>CONFIG_DEBUG_LIST found a list whose neighbours do not point back (lib/list_debug.c).</summary>
internal sealed class ListRule : IRule
{
    /// <summary>So many lines may stand between the message and the report.</summary>
    private const int Before = 4;

    private static readonly FindingDescription _list = new("list-corruption", "A linked list is damaged",
        "The report has a line of CONFIG_DEBUG_LIST: list_add or list_del corruption, or a double add. What the wrong pointer is (poison, NULL, an entry of another list) decides between "
        + "removed twice, freed while linked, added twice, and overwritten.");

    /// <inheritdoc/>
    public string Id => "list-corruption";

    /// <inheritdoc/>
    public IReadOnlyList<FindingDescription> Descriptions => [_list];

    /// <inheritdoc/>
    public IEnumerable<Finding> Evaluate(ExplainContext context)
    {
        CrashReport report = context.Report;
        foreach (ReportLine line in Lines(context))
        {
            int at = line.Text.IndexOf("list_add corruption", StringComparison.Ordinal);
            if (at < 0)
                at = line.Text.IndexOf("list_del corruption", StringComparison.Ordinal);
            if (at < 0)
                at = line.Text.IndexOf("list_add double add", StringComparison.Ordinal);
            if (at < 0)
                continue;
            yield return Make(context, line, line.Text[at..].Trim());
            yield break;
        }
    }

    /// <summary>The report's lines; of a report in the list checks also those closely before it, where the message stands when it is not known as a header.</summary>
    private static IEnumerable<ReportLine> Lines(ExplainContext context)
    {
        CrashReport report = context.Report;
        bool isCheck = report.Frame.Symbol?.Name.StartsWith("__list_", StringComparison.Ordinal) == true;
        return isCheck ? report.Lines.Concat(context.Text.Where(l => l.Number < report.FirstLine && l.Number + Before >= report.FirstLine)) : report.Lines;
    }

    private static Finding Make(ExplainContext context, ReportLine line, string message)
    {
        CrashReport report = context.Report;
        List<Evidence> evidence = [Evidence.Of("the list check's message", line.Number, message)];
        TraceEntry? caller = report.Trace.FirstOrDefault(e => !e.IsUnreliable && e.Symbol is { } s && !s.Name.StartsWith("__list_", StringComparison.Ordinal));
        if (caller?.Symbol is { } from)
            evidence.Add(ReportFacts.At(report, caller.Line, $"the list was worked on in {from}"));
        ulong? was = After(message, "but was ");
        ulong? should = After(message, "should be ") ?? After(message, "(");
        if (was is { } wrong)
            evidence.Add(Evidence.Of($"the pointer found is {ReportFacts.Describe(context, wrong)}"));
        if (should is { } right)
            evidence.Add(Evidence.Of($"the pointer expected is {ReportFacts.Describe(context, right)}"));
        bool isAdd = message.StartsWith("list_add", StringComparison.Ordinal);
        (string cause, Confidence confidence) = Cause(context, message, isAdd, was);
        return _list.Make(
            confidence,
            $"{message.TrimEnd('.')}. Found before the list was changed, in {caller?.Symbol?.Name ?? ReportFacts.Place(report.Frame)}.",
            cause,
            evidence,
            "whoever damaged the list did so before: find all users of the list and the lock that should cover it",
            "KASAN names the write when the entry was freed; CONFIG_DEBUG_LIST alone sees it only at the next change");
    }

    private static (string Cause, Confidence Confidence) Cause(ExplainContext context, string message, bool isAdd, ulong? was)
    {
        if (message.Contains("LIST_POISON1", StringComparison.Ordinal) || message.Contains("LIST_POISON2", StringComparison.Ordinal))
            return ("The entry was removed already: list_del leaves these values in what it removes. It is removed a second time.", Confidence.Certain);
        if (message.Contains("double add", StringComparison.Ordinal))
            return ("The entry is added while it is in the list, next to itself: it was added twice, or not removed before it was added again.", Confidence.Certain);
        if (message.Contains("is NULL", StringComparison.Ordinal))
            return ("The pointer of an entry is NULL: the head or entry was never initialised (INIT_LIST_HEAD), or was zeroed while linked.", Confidence.Likely);
        if (was is { } value && Poison.TryMatch(value, out PoisonMatch match))
        {
            return match.Pattern.State == PoisonState.Removed
                ? ($"The neighbour was removed already (it holds {match.Describe()}), but the list still leads to it.", Confidence.Likely)
                : ($"The neighbour's memory was given back while it was linked: it holds {match.Describe()}; {match.Pattern.Meaning}.", Confidence.Likely);
        }
        if (was == 0)
            return ("A neighbour's pointer is NULL: it was never initialised, or its memory was zeroed while it was linked.", Confidence.Likely);
        ClassifiedValue? found = was is { } pointer ? context.Classifier.Classify(pointer, context) : null;
        if (found?.Class is ValueClass.Ascii)
            return ("A neighbour's pointer was overwritten with text: a buffer overflow, or the memory has another owner now.", Confidence.Likely);
        if (found?.Class is ValueClass.NonCanonical or ValueClass.User or ValueClass.Number)
            return ("A neighbour's pointer was overwritten with what is no kernel address: a buffer overflow, or the memory has another owner now.", Confidence.Possible);
        return (isAdd
            ? "The two neighbours between which the entry was to be put do not point to each other: the list was changed at the same time without a common lock, or an entry was freed, moved "
                + "to another list or initialised again while it was linked. The report alone does not tell which."
            : "A neighbour points to another entry than the one to be removed: the list was changed at the same time without a common lock, or an entry was added twice, moved, or freed while it was "
                + "linked. The report alone does not tell which.", Confidence.Possible);
    }

    /// <summary>The hexadecimal number after a word, or null.</summary>
    private static ulong? After(string message, string word)
    {
        int at = message.IndexOf(word, StringComparison.Ordinal);
        if (at < 0)
            return null;
        ReadOnlySpan<char> rest = message.AsSpan(at + word.Length);
        if (rest.StartsWith("next (", StringComparison.Ordinal) || rest.StartsWith("prev (", StringComparison.Ordinal))
            rest = rest[6..];
        int length = 0;
        while (length < rest.Length && char.IsAsciiHexDigit(rest[length]))
            length++;
        return length is >= 8 and <= 16 && ulong.TryParse(rest[..length], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ulong value) ? value : null;
    }
}
