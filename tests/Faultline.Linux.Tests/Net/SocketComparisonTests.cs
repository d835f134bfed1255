using Faultline.Linux.Tests.Support;

namespace Faultline.Linux.Tests.Net;

/// <summary>Programs of tests/guest/c that use sockets or filters: every line must be the same natively and here.</summary>
public class SocketComparisonTests
{
    [ToolTheory("gcc", "env")]
    [InlineData("unix-stream")]
    [InlineData("inet")]
    [InlineData("seccomp")]
    public void PrintsWhatItPrintsNatively(string name) => Compare(name, [], hasNetwork: true);

    /// <summary>Natively in a network namespace of its own, which needs a right that not everyone has.</summary>
    [ToolTheory("gcc", "env", "unshare")]
    [InlineData("inet-none")]
    public void WithoutANetworkItPrintsWhatItPrintsInAnEmptyNamespace(string name)
    {
        string[] enter = ["unshare", "-n"];
        if (Tools.Run("unshare", "-n", "true").Status != 0)
            enter = ["unshare", "-r", "-n"];
        if (Tools.Run(enter[0], [.. enter[1..], "true"]).Status == 0)
            Compare(name, enter, hasNetwork: false);
    }

    private static void Compare(string name, string[] enter, bool hasNetwork)
    {
        string program = Guest.Compile(name);
        (int status, string expected) = Tools.Run("env", ["-i", "PATH=/usr/bin:/bin", "LC_ALL=C", .. enter, program]);
        Assert.EndsWith("done\n", expected, StringComparison.Ordinal);
        Guest guest = Guest.Run(program, [], hasNetwork: hasNetwork);
        Assert.Equal(expected, guest.Output);
        Assert.Equal(status, guest.Status);
    }
}
