namespace Faultline.Cpu.Tests.Differential;

public sealed class InstructionPageTests
{
    /// <summary>Set to 1 to write docs/instructions.md anew instead of comparing it.</summary>
    private const string Update = "FAULTLINE_UPDATE_DOCS";

    [Fact]
    public void ThePageIsWhatTheTableSays()
    {
        string path = Path.Combine(Root(), "docs", "instructions.md");
        string page = InstructionPage.Build();
        if (Environment.GetEnvironmentVariable(Update) == "1")
            File.WriteAllText(path, page);
        Assert.True(File.Exists(path) && File.ReadAllText(path) == page, $"docs/instructions.md is stale: run this test with {Update}=1 and commit the file");
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
