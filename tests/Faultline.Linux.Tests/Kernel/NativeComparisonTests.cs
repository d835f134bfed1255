using Faultline.Linux.Tests.Support;

namespace Faultline.Linux.Tests.Kernel;

/// <summary>Programs of tests/guest/c, whose every line must be the same natively (without address space randomisation) and here.</summary>
public class NativeComparisonTests
{
    [ToolTheory("gcc", "setarch")]
    [InlineData("signals", "")]
    [InlineData("signals", "-static")]
    [InlineData("memory", "")]
    [InlineData("memory", "-static-pie")]
    [InlineData("process", "")]
    [InlineData("process", "-static")]
    [InlineData("families", "")]
    [InlineData("crew", "")]
    [InlineData("crew", "-static")]
    [InlineData("alarms", "")]
    [InlineData("precedence", "")]
    [InlineData("precedence-data", "")]
    public void PrintsWhatItPrintsNatively(string name, string option)
    {
        string program = option.Length == 0 ? Guest.Compile(name) : Guest.Compile(name, option);
        (int status, string expected) = Tools.Run("setarch", "-R", "env", "-i", "PATH=/usr/bin:/bin", "LC_ALL=C", program, "one", "", "three");
        Assert.Contains("done\n", expected, StringComparison.Ordinal);
        Guest guest = Guest.Run(program, ["one", "", "three"]);
        Assert.Equal(expected, guest.Output);
        Assert.Equal(status, guest.Status);
    }
}
