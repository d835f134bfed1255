using Faultline.Linux.Tests.Support;

namespace Faultline.Linux.Tests.Net;

/// <summary>Programs of tests/guest/c that use sockets: every line must be the same natively and here.</summary>
public class SocketComparisonTests
{
    [ToolTheory("gcc", "env")]
    [InlineData("unix-stream")]
    public void PrintsWhatItPrintsNatively(string name)
    {
        string program = Guest.Compile(name);
        (int status, string expected) = Tools.Run("env", "-i", "PATH=/usr/bin:/bin", "LC_ALL=C", program);
        Assert.EndsWith("done\n", expected, StringComparison.Ordinal);
        Guest guest = Guest.Run(program, []);
        Assert.Equal(expected, guest.Output);
        Assert.Equal(status, guest.Status);
    }
}
