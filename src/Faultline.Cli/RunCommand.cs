using System.CommandLine;

namespace Faultline.Cli;

/// <summary><c>faultline run</c>.</summary>
internal static class RunCommand
{
    private static readonly Option<string?> _root = new("--root")
    {
        Description = "Use DIR as the guest's /; nothing outside it is reachable.",
        HelpName = "DIR",
    };

    private static readonly Option<string?> _directory = new("--cwd")
    {
        Description = "Start in this directory, as the guest names it.",
        HelpName = "DIR",
    };

    private static readonly Option<string[]> _environment = new("--env")
    {
        Description = "Set a variable in the program's environment, or remove it when there is no '='. Repeatable.",
        HelpName = "NAME=VALUE",
        AllowMultipleArgumentsPerToken = false,
    };

    private static readonly Option<bool> _strace = new("--strace")
    {
        Description = "Print every system call to standard error, in the format of strace(1).",
    };

    private static readonly Option<bool> _stats = new("--stats")
    {
        Description = "Print instructions, time, memory and missing system calls to standard error at the end.",
    };

    private static readonly Argument<string[]> _program = new("PROGRAM [ARGS...]")
    {
        Description = "The program, looked up in PATH when it has no '/', and its arguments. All that follows PROGRAM is its own.",
        Arity = ArgumentArity.OneOrMore,
    };

    /// <summary>Options of ours whose value is the next argument.</summary>
    public static string[] OptionsWithValue => ["--root", "--cwd", "--env"];

    /// <summary>Makes the command.</summary>
    public static Command Create()
    {
        Command command = new("run", "Run an x86-64 Linux program. Its exit status is ours; 128 + n when signal n killed it; 126 or 127 when it could not be started.")
        {
            _root, _directory, _environment, _strace, _stats, _program,
        };
        command.SetAction(Run);
        return command;
    }

    private static int Run(ParseResult parsed)
    {
        string[] command = parsed.GetValue(_program) ?? [];
        MachineOptions options = new()
        {
            Root = parsed.GetValue(_root),
            WorkingDirectory = parsed.GetValue(_directory),
            Environment = GuestEnvironment.Build(parsed.GetValue(_environment) ?? []),
            Strace = parsed.GetValue(_strace) ? Console.Error : null,
        };
        try
        {
            using Machine machine = new(options);
            RunResult result = machine.Run(command[0], command[1..]);
            if (result.Report is { } report)
                report.Write(Console.Error);
            if (parsed.GetValue(_stats))
                StatisticsPrinter.Print(result.Statistics, Console.Error);
            return result.ExitStatus;
        }
        catch (ProgramLoadException e)
        {
            Console.Error.WriteLine($"faultline: {e.Message}");
            return e.ExitStatus;
        }
    }
}
