using System.Text;
using System.Text.Json;
using Faultline.Tests.Parity;

namespace Faultline.Tests.CommandLine;

/// <summary><c>faultline decode</c> as users meet it.</summary>
public sealed class DecodeCommandTests
{
    [Fact]
    public void AloneItListsTheKindsWithExamples()
    {
        CommandResult result = Launcher.Run("decode");
        Assert.Equal(0, result.Status);
        Assert.Contains("  faultline decode tss-base 0x5000 0xd6 0xf8 0xfffffe7c\n", Encoding.UTF8.GetString(result.Output), StringComparison.Ordinal);
    }

    [Fact]
    public void ANegativeNumberIsAValue()
    {
        CommandResult result = Launcher.Run("decode", "errno", "-14");
        Assert.Equal(0, result.Status);
        Assert.StartsWith("errno 14: EFAULT", Encoding.UTF8.GetString(result.Output), StringComparison.Ordinal);
    }

    [Fact]
    public void JsonHasTheSameValue()
    {
        CommandResult result = Launcher.Run("decode", "--json", "tss-base", "0x5000", "0xd6", "0xf8", "0xfffffe7c");
        using JsonDocument document = JsonDocument.Parse(result.Output);
        Assert.Equal("tss-base", document.RootElement.GetProperty("kind").GetString());
        Assert.Contains(document.RootElement.GetProperty("fields").EnumerateArray(), field =>
            field.GetProperty("name").GetString() == "sign-extended" && field.GetProperty("value").GetString() == "0xfffffffff8d65000");
    }

    [Theory]
    [InlineData("nothing is called 'bogus'", "bogus", "1")]
    [InlineData("'zz' is not a number\n  usage:   faultline decode cr0 VALUE\n", "cr0", "zz")]
    [InlineData("cannot read /nonexistent:", "syscall-frame", "--abi", "int80", "/nonexistent")]
    [InlineData("no ABI 'vax'", "syscall-frame", "--abi", "vax", "/etc/passwd")]
    public void AMistakeIsAMessageAndStatus2(string message, params string[] arguments)
    {
        CommandResult result = Launcher.Run(["decode", .. arguments]);
        Assert.Equal(2, result.Status);
        Assert.StartsWith($"faultline: {message}", result.Errors, StringComparison.Ordinal);
        Assert.Empty(result.Output);
    }
}
