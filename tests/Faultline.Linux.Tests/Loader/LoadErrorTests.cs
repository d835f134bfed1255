using System.Text;
using Faultline.Linux.Abi;
using Faultline.Linux.Tests.Support;

namespace Faultline.Linux.Tests.Loader;

/// <summary>Files that cannot be run: an errno and one sentence.</summary>
public class LoadErrorTests
{
    [Fact]
    public void WhatIsNotThere() => Refused("/nonexistent", Errno.ENOENT, "/nonexistent: No such file or directory");

    [Fact]
    public void ADirectory() => Refused("/tmp", Errno.EACCES, "/tmp: Permission denied");

    [Fact]
    public void AFileWithoutExecutePermission()
    {
        string path = Guest.Write("plain", "ELF"u8, executable: false);
        Refused(path, Errno.EACCES, $"{path}: Permission denied");
    }

    [Fact]
    public void AnEmptyFile()
    {
        string path = Guest.Write("empty", []);
        Assert.Equal(Errno.ENOEXEC, Guest.Run(path, []).Error.Errno);
    }

    [Fact]
    public void TooManyArguments()
    {
        string path = Guest.Write("any", "#!/bin/true\n"u8);
        Assert.Equal(Errno.E2BIG, Guest.Run(path, [new string('x', 131072)]).Error.Errno);
        Assert.Equal(Errno.E2BIG, Guest.Run(path, [.. Enumerable.Repeat(new string('x', 100_000), 70)]).Error.Errno);
    }

    [ToolFact("gcc")]
    public void AMissingInterpreter()
    {
        byte[] bytes = File.ReadAllBytes(Guest.Compile("trace"));
        byte[] name = "/lib64/ld-linux-x86-64.so.2"u8.ToArray();
        int at = bytes.AsSpan().IndexOf(name);
        Assert.True(at > 0);
        bytes[at + 1] = (byte)'x';
        string path = Guest.Write("nointerp", bytes);
        Refused(path, Errno.ENOENT, $"{path}: its program interpreter {Encoding.Latin1.GetString(bytes, at, name.Length)}: No such file or directory");
    }

    private static void Refused(string path, int errno, string message)
    {
        Guest guest = Guest.Run(path, []);
        Assert.Equal(errno, guest.Error.Errno);
        Assert.Equal(message, guest.Error.Message);
    }
}
