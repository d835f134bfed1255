using Faultline.Explain.Rules;

namespace Faultline.Explain.Tests.Rules;

public sealed class FindingsPageTests
{
    /// <summary>Set to 1 to write docs/findings.md anew instead of comparing it.</summary>
    private const string Update = "FAULTLINE_UPDATE_DOCS";

    [Fact]
    public void ThePageIsWhatTheRulesSay()
    {
        string path = Path.Combine(Root(), "docs", "findings.md");
        string page = FindingsPage.Build();
        if (Environment.GetEnvironmentVariable(Update) == "1")
            File.WriteAllText(path, page);
        Assert.True(File.Exists(path) && File.ReadAllText(path) == page, $"docs/findings.md is stale: run this test with {Update}=1 and commit the file");
    }

    [Fact]
    public void IdsAreUniqueAndTitlesHaveNoFullStop()
    {
        List<FindingDescription> all = [.. RuleRegistry.All.SelectMany(rule => rule.Descriptions)];
        Assert.Equal(all.Count, all.Select(d => d.Id).Distinct().Count());
        Assert.Equal(RuleRegistry.All.Count, RuleRegistry.All.Select(r => r.Id).Distinct().Count());
        Assert.All(all, d => Assert.False(d.Title.EndsWith('.')));
        Assert.All(all, d => Assert.EndsWith(".", d.When, StringComparison.Ordinal));
        Assert.All(all, d => Assert.Matches("^[a-z0-9]+(-[a-z0-9]+)*$", d.Id));
    }

    private static string Root()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Faultline.slnx")))
            folder = folder.Parent;
        Assert.NotNull(folder);
        return folder.FullName;
    }
}
