using System.Text.RegularExpressions;
using Faultline.Linux.Tests.Support;

namespace Faultline.Linux.Tests.Syscalls.Strace;

/// <summary>The trace, line by line against strace(1) on the same program.</summary>
public class StraceTests
{
    /// <summary>
    /// What may differ: addresses, ids, random bytes and times, the file system's details, and the mapping that the C library makes when the kernel
    /// offers a vDSO.
    /// </summary>
    [ToolTheory("strace", "setarch", "gcc")]
    [InlineData("trace", "")]
    [InlineData("trace", "-static")]
    [InlineData("trace-sockets", "")]
    public void AgreesWithStrace(string name, string option)
    {
        string program = option.Length == 0 ? Guest.Compile(name) : Guest.Compile(name, option);
        string log = System.IO.Path.GetTempFileName();
        (int status, _) = Tools.Run("setarch", "-R", "env", "-i", "PATH=/usr/bin:/bin", "LC_ALL=C", "strace", "-o", log, program);
        string[] expected = Normal(File.ReadAllText(log));
        File.Delete(log);
        // A container may forbid ptrace: then there is nothing to compare with.
        if (expected.Length < 5)
            return;
        Guest guest = Guest.Run(program, [], trace: true);
        Assert.Equal(string.Join('\n', expected), string.Join('\n', Normal(guest.Trace)));
        Assert.Equal(status, guest.Status);
    }

    [ToolFact("gcc")]
    public void ShowsTheSignalThatEndsAProgram()
    {
        Guest guest = Guest.Run(Guest.Compile("trace", "-static", "-DCRASH"), [], trace: true);
        Assert.Contains("--- SIGSEGV {si_signo=SIGSEGV, si_code=SEGV_MAPERR, si_addr=0x10} ---\n+++ killed by SIGSEGV +++\n", guest.Trace, StringComparison.Ordinal);
        Assert.Equal(139, guest.Status);
        Assert.NotNull(guest.Fatal);
        Assert.Equal(0x10UL, guest.Fatal.Info.si_addr);
        Assert.True(guest.Fatal.IsSynchronous);
        Assert.Equal(14UL, guest.Fatal.TrapNumber);
        Assert.Contains(guest.Fatal.Mappings, mapping => mapping.Contains(guest.Fatal.Registers.rip) && mapping.Name.Contains("trace", StringComparison.Ordinal));
    }

    private static string[] Normal(string trace)
    {
        string text = trace;
        // The vDSO makes the C library's loader allocate earlier; the heap of a static program starts elsewhere.
        List<string> lines = [];
        foreach (string line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            if (line.StartsWith("execve(", StringComparison.Ordinal) || Regex.IsMatch(line, @"^mmap\(NULL, (8192|12288), PROT_READ\|PROT_WRITE, MAP_PRIVATE\|MAP_ANONYMOUS"))
                continue;
            string normal = Regex.Replace(line, "0x[0-9a-f]{5,}", "ADDRESS");
            normal = Regex.Replace(normal, @"getrandom\(""[^""]*""", "getrandom(RANDOM");
            normal = Regex.Replace(normal, @"^(set_tid_address|getpid|gettid|getppid)(\(.*\)) *= \d+", "$1$2 = ID");
            normal = Regex.Replace(normal, @"(si_pid=|\bkill\(|tgkill\()\d+(, \d+(?=, SIG))?", "$1ID");
            normal = Regex.Replace(normal, @"tv_(n|u)?sec=\d+", "tv_$1sec=T");
            normal = Regex.Replace(normal, @" +=", " =");
            lines.Add(normal);
        }
        return [.. lines];
    }
}
