using System.Text;
using Faultline.Cli;
using Faultline.Tests.Parity;
using Faultline.Tests.Support;

namespace Faultline.Tests.CommandLine;

/// <summary>What users meet at the command line: help, mistakes, options, statuses.</summary>
public sealed class CommandLineTests
{
    [Theory]
    [InlineData("no command given; see 'faultline --help'")]
    [InlineData("unknown option --bogus; see 'faultline --help'", "--bogus")]
    [InlineData("'ls' is not a command (to run a program: faultline run ls); see 'faultline --help'", "ls")]
    [InlineData("no program given; see 'faultline run --help'", "run")]
    [InlineData("no program given; see 'faultline run --help'", "run", "--stats", "--")]
    [InlineData("unknown option --bogus; see 'faultline run --help'", "run", "--bogus", "/bin/true")]
    [InlineData("unknown option -x; see 'faultline run --help'", "run", "-x", "--", "/bin/true")]
    [InlineData("option --root needs a value; see 'faultline run --help'", "run", "--root")]
    [InlineData("option --cpu needs a value; see 'faultline run --help'", "run", "--cpu")]
    [InlineData("--cpu V3: there are v1, v2, v3, v4, host-like; see 'faultline run --help'", "run", "--cpu", "V3", "/bin/true")]
    [InlineData("--env needs a name: NAME=VALUE sets a variable, NAME removes it; see 'faultline run --help'", "run", "--env", "=x", "/bin/true")]
    [InlineData("unknown option --bogus; see 'faultline explain --help'", "explain", "--bogus")]
    [InlineData("--json and --html exclude each other; see 'faultline explain --help'", "explain", "--json", "--html", "/dev/null")]
    [InlineData("Could not find file '/nonexistent'.", "explain", "/nonexistent")]
    [InlineData("/etc/passwd: not an ELF file", "explain", "--image", "/etc/passwd", "/dev/null")]
    [InlineData("the root folder /nonexistent: No such file or directory", "run", "--root", "/nonexistent", "/bin/true")]
    [InlineData("the root folder /etc/passwd: Not a directory", "run", "--root=/etc/passwd", "/bin/true")]
    [InlineData("the working directory /nonexistent: No such file or directory", "run", "--cwd", "/nonexistent", "/bin/true")]
    [InlineData("the working directory /etc/passwd: Not a directory", "run", "--cwd=/etc/passwd", "/bin/true")]
    public void AMistakeIsOneLineAndStatus2(string message, params string[] arguments)
    {
        CommandResult result = Launcher.Run(arguments);
        Assert.Equal($"faultline: {message}\n", result.Errors);
        Assert.Equal(2, result.Status);
        Assert.Empty(result.Output);
    }

    [Fact]
    public void HelpNamesEveryOption()
    {
        CommandResult run = Launcher.Run("run", "--help");
        string text = Encoding.UTF8.GetString(run.Output);
        Assert.Equal(0, run.Status);
        Assert.StartsWith("Usage: faultline run [OPTIONS] [--] PROGRAM [ARGS...]\n", text, StringComparison.Ordinal);
        foreach (string option in RunCommand.Flags.Concat(RunCommand.OptionsWithValue).Where(o => o.StartsWith("--", StringComparison.Ordinal)))
            Assert.Contains($" {option} ", text, StringComparison.Ordinal);
        Assert.All(text.Split('\n'), line => Assert.InRange(line.Length, 0, 80));

        CommandResult root = Launcher.Run("--help");
        Assert.Equal(0, root.Status);
        Assert.StartsWith("Usage: faultline COMMAND", Encoding.UTF8.GetString(root.Output), StringComparison.Ordinal);
    }

    [LinuxFact("bash")]
    public void TheLauncherFindsItsFolder()
    {
        foreach (string script in (string[])
        [
            "cd $root && ./faultline --version",
            "cd $root && sh faultline --version",
            "cd $root/src && ../faultline --version",
            "cd $folder && ln -s $root/faultline 'with space' && cd / && PATH=$folder:$PATH && 'with space' --version",
            "cd $folder && ln -s $root/faultline a && ln -s a b && ./b --version && sh b --version",
            "cd $folder && ln -s $root tree && CDPATH=/ tree/faultline --version",
        ])
        {
            using TestFolder folder = new();
            CommandResult result = CommandResult.Run(["/bin/bash", "-c", $"root='{Repository.Root}' folder='{folder.Path}'; {script.Replace("$root", "\"$root\"", StringComparison.Ordinal)}"], "/", "", Launcher.Environment);
            Assert.Equal((script, 0, ""), (script, result.Status, result.Errors));
            Assert.Matches("^([0-9]+[.][0-9]+[.][0-9]+.*\n)+$", Encoding.UTF8.GetString(result.Output));
        }
    }

    [LinuxFact("bash")]
    public void TheLauncherLeavesWhatThePerfMapNeeds()
    {
        CommandResult result = CommandResult.Run(
            ["/bin/bash", "-c", $"'{Repository.Launcher}' run --perf-map /bin/echo mapped & wait $! && map=/tmp/perf-$!.map && grep -q ' ' $map && rm $map"], "/", "", Launcher.Environment);
        Assert.Equal((0, "mapped\n", ""), (result.Status, Encoding.UTF8.GetString(result.Output), result.Errors));
    }

    /// <summary>Each assembly is a millisecond of a start, and so is each dozen of methods: what nobody asked for is not loaded (docs/decisions/start-up.md).</summary>
    [LinuxFact("bash")]
    public void AProgramWithoutOptionsNeedsNoParser()
    {
        string Loaded(string options)
        {
            string script = $"coproc exec '{Repository.Launcher}' run {options} /bin/cat; echo up >&${{COPROC[1]}}; read -r line <&${{COPROC[0]}}; "
                + "grep -oE '/(Faultline.Linux|System.CommandLine|System.Linq).dll' /proc/$COPROC_PID/maps | sort -u; kill -9 $COPROC_PID";
            return Encoding.UTF8.GetString(CommandResult.Run(["/bin/bash", "-c", script], "/", "", Launcher.Environment).Output);
        }
        Assert.Equal("/Faultline.Linux.dll\n", Loaded(""));
        Assert.Contains("/System.CommandLine.dll\n", Loaded("--cpu v3"));
    }

    [LinuxFact("bash")]
    public void SignalsThatAreIgnoredStaySo()
    {
        string Run(string launcher)
        {
            string script = $"trap '' PIPE HUP USR1; exec {launcher} /bin/bash -c 'grep SigIgn /proc/self/status; env | grep -c FAULTLINE'";
            return Encoding.UTF8.GetString(CommandResult.Run(["/bin/bash", "-c", script], "/", "", Launcher.Environment).Output);
        }
        string native = Run("");
        Assert.Matches("^SigIgn:\t[0-9a-f]*[13579bdf][2367abef][0-9a-f][13579bdf]\n0\n$", native);
        Assert.Equal(native, Run($"{Repository.Launcher} run"));
    }

    [Fact]
    public void WhatFollowsTheProgramIsItsOwn()
    {
        Assert.Equal("--help --stats\n", Output("run", "/bin/echo", "--help", "--stats"));
        Assert.Equal("-- @x\n", Output("run", "--", "/bin/echo", "--", "@x"));
        CommandResult dashed = Launcher.Run("run", "--", "--bogus");
        Assert.Equal("faultline: --bogus: command not found\n", dashed.Errors);
        Assert.Equal(127, dashed.Status);
    }

    [Fact]
    public void EnvironmentVariablesAreSetAndRemoved()
    {
        string text = Output("run", "--env", "A=1", "--env=B=x=y", "--env", "HOME", "--env", "A=2", "--env", "LC_ALL=", "/usr/bin/env");
        string[] lines = text.Split('\n');
        Assert.Contains("A=2", lines);
        Assert.Contains("B=x=y", lines);
        Assert.Contains("LC_ALL=", lines);
        Assert.DoesNotContain(lines, line => line.StartsWith("HOME=", StringComparison.Ordinal));
        Assert.DoesNotContain(lines, line => line.StartsWith("FAULTLINE", StringComparison.Ordinal));
        Assert.Single(lines, line => line.StartsWith("A=", StringComparison.Ordinal));
    }

    [Fact]
    public void TheWorkingDirectoryIsTheGuests() => Assert.Equal("/usr\n", Output("run", "--cwd", "/usr", "/bin/pwd"));

    [Fact]
    public void TraceAndStatisticsGoToStandardError()
    {
        CommandResult result = Launcher.Run("run", "--strace", "--stats", "/bin/echo", "hello");
        Assert.Equal("hello\n", Encoding.UTF8.GetString(result.Output));
        Assert.StartsWith("execve(\"/bin/echo\", [\"/bin/echo\", \"hello\"], ", result.Errors, StringComparison.Ordinal);
        Assert.Contains("write(1, \"hello\\n\", 6)", result.Errors, StringComparison.Ordinal);
        Assert.Contains("+++ exited with 0 +++\n", result.Errors, StringComparison.Ordinal);
        Assert.Matches(@"instructions +[0-9,]+ \(", result.Errors);
        Assert.Matches(@"\n  interpreted +[0-9,]+ \([0-9.]+ %\)", result.Errors);
        Assert.Matches(@"\n  translated code +[0-9.]+ s", result.Errors);
        Assert.Matches(@"system calls +[0-9]+", result.Errors);
        Assert.Equal(0, result.Status);
    }

    [Fact]
    public void AnInternalErrorIsOneLineWithoutATrace()
    {
        using StringWriter errors = new() { NewLine = "\n" };
        int status = InternalError.Guard(() => throw new InvalidOperationException("the cat\nsat."), () => errors);
        Assert.Equal(125, status);
        Assert.Equal("faultline: internal error: InvalidOperationException: the cat sat, please report (FAULTLINE_DEBUG=1 shows where)\n", errors.ToString());
        Assert.Equal(7, InternalError.Guard(() => 7, () => errors));
        Environment.SetEnvironmentVariable("FAULTLINE_DEBUG", "1");
        _ = InternalError.Guard(() => throw new InvalidOperationException("again"), () => errors);
        Environment.SetEnvironmentVariable("FAULTLINE_DEBUG", null);
        Assert.Contains("   at Faultline.", errors.ToString(), StringComparison.Ordinal);
    }

    private static string Output(params string[] arguments)
    {
        CommandResult result = Launcher.Run(arguments);
        Assert.Equal("", result.Errors);
        Assert.Equal(0, result.Status);
        return Encoding.UTF8.GetString(result.Output);
    }
}
