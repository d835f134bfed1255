using Faultline.Cpu.Tests.Float;

namespace Faultline.Cpu.Tests.Fuzz;

public sealed class FuzzTests
{
    [NativeFact]
    public void ARunOfBlocksEndsWithItsSeedAndCounts()
    {
        using StringWriter text = new();
        FuzzRun run = new(FuzzOptions.Parse(["--blocks", "400", "--seed", "5"]), text);
        run.Run();
        Assert.True(run.Counts is { Blocks: 400, FormCases: > 0, Differences: 0 }, text.ToString());
        Assert.Contains("fuzz: seed 5: 400 blocks of ", text.ToString(), StringComparison.Ordinal);
    }

    [NativeFact(DecidesAlike = true)]
    public void ARunEndsWhenItsTimeIsUp()
    {
        using StringWriter text = new();
        FuzzRun run = new(FuzzOptions.Parse(["--minutes", "0.01"]), text);
        run.Run();
        Assert.True(run.Counts is { Blocks: > 0, Differences: 0 }, text.ToString());
    }

    [Theory]
    [InlineData("--minutes")]
    [InlineData("--minutes", "soon")]
    [InlineData("--blocks", "0")]
    [InlineData("--seed", "1")]
    [InlineData("--hours", "1")]
    public void BadOptionsAreNamed(params string[] arguments) => Assert.Throws<FormatException>(() => FuzzOptions.Parse(arguments));
}
