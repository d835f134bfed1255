using System.Text;
using Faultline.Linux.Loader;
using Faultline.Linux.Tests.Support;

namespace Faultline.Linux.Tests.Loader;

/// <summary>The #! line, by binfmt_script's rules.</summary>
public class ScriptLineTests
{
    [Theory]
    [InlineData("#!/bin/sh\necho", "/bin/sh", null)]
    [InlineData("#! /bin/sh \t\n", "/bin/sh", null)]
    [InlineData("#!/usr/bin/env  python3 -u \nx", "/usr/bin/env", "python3 -u")]
    [InlineData("#!/bin/sh", "/bin/sh", null)]
    [InlineData("#!/bin/sh -e", "/bin/sh", "-e")]
    [InlineData("#!\t/bin/sh\targ with  blanks\t\n", "/bin/sh", "arg with  blanks")]
    public void IsSplit(string text, string interpreter, string? argument)
    {
        Assert.True(Parse(text, out string path, out string? rest));
        Assert.Equal(interpreter, path);
        Assert.Equal(argument, rest);
    }

    [Theory]
    [InlineData("#!\n/bin/sh")]
    [InlineData("#!   \n")]
    [InlineData("#!")]
    public void NamesNoInterpreter(string text) => Assert.False(Parse(text, out _, out _));

    [Fact]
    public void AnInterpreterCutOffAtTheEndOfTheBufferIsRefused()
    {
        Assert.False(Parse("#!/" + new string('x', 300), out _, out _));
        Assert.False(Parse("#!/" + new string('x', 300) + "\n", out _, out _));
        Assert.True(Parse("#!/" + new string('x', 200) + " " + new string('y', 300), out string path, out string? rest));
        Assert.Equal(201, path.Length);
        Assert.Equal(255 - 2 - 201 - 1, rest!.Length);
    }

    [ToolFact("sh")]
    public void ScriptsRunAsNatively()
    {
        string script = Guest.Write("script.sh", "#!/bin/sh -e\necho \"$0\" \"$@\"; exit 4\n"u8);
        string outer = Guest.Write("outer", Encoding.Latin1.GetBytes($"#!{script} inner  argument\n"));
        (int status, string expected) = Tools.Run(outer, "a", "b");
        Guest guest = Guest.Run(outer, ["a", "b"]);
        Assert.Equal(expected, guest.Output);
        Assert.Equal(status, guest.Status);
    }

    [Fact]
    public void ALoopOfInterpretersEnds()
    {
        string path = Guest.Write("loop", []);
        Guest.Write("loop", Encoding.Latin1.GetBytes($"#!{path}\n"));
        Guest guest = Guest.Run(path, []);
        Assert.Equal(Linux.Abi.Errno.ELOOP, guest.Error.Errno);
    }

    private static bool Parse(string text, out string interpreter, out string? argument)
    {
        byte[] buffer = new byte[ScriptLine.BufferSize];
        byte[] bytes = Encoding.Latin1.GetBytes(text);
        bytes.AsSpan(0, Math.Min(bytes.Length, buffer.Length)).CopyTo(buffer);
        return ScriptLine.TryParse(buffer, out interpreter, out argument);
    }
}
