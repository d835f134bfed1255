using System.Text;
using Faultline.Explain.Rules;

namespace Faultline.Explain.Tests.Rules;

/// <summary>Makes docs/findings.md from the rules.</summary>
internal static class FindingsPage
{
    /// <summary>The page's text.</summary>
    public static string Build()
    {
        StringBuilder page = new("""
            # Findings of faultline explain

            Made from the rules by `FindingsPage`; a test compares the two (`FAULTLINE_UPDATE_DOCS=1` writes it anew). The rules are asked in this order. A rule that cannot tell says nothing: a
            report without a finding has no cause that the rules know, and is decoded all the same. A finding is certain when it can be recomputed from what it quotes, likely when nothing
            else that is known fits as well, and possible when other causes fit too.

            | finding | title | when it is made |
            | --- | --- | --- |

            """);
        foreach (FindingDescription description in RuleRegistry.All.SelectMany(rule => rule.Descriptions))
            page.Append("| `").Append(description.Id).Append("` | ").Append(description.Title).Append(" | ").Append(description.When.Replace("|", "\\|", StringComparison.Ordinal)).Append(" |\n");
        return page.ToString();
    }
}
