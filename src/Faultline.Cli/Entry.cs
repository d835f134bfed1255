using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using System.Runtime.CompilerServices;
using Faultline.Cpu;

namespace Faultline.Cli;

/// <summary>The command line as a whole: parsing, help, and statuses for what goes wrong.</summary>
internal static class Entry
{
    /// <summary>Status of a command line that makes no sense, as GNU programs give.</summary>
    public const int UsageStatus = 2;

    /// <summary>Runs the command line of this process.</summary>
    /// <param name="decoded">The arguments as the runtime decoded them.</param>
    /// <returns>The exit status.</returns>
    public static int Run(string[] decoded)
    {
        if (decoded is ["run", ..])
            Preparation.Start();
        // Threads of the kernel's own have nobody above them to catch.
        AppDomain.CurrentDomain.UnhandledException += (_, e) =>
            Environment.Exit(InternalError.Report(e.ExceptionObject as Exception ?? new InvalidOperationException("unknown"), Console.Error));
        return InternalError.Guard(() => Invoke(HostProcess.Arguments(decoded)), () => Console.Error);
    }

    private static int Invoke(string[] arguments)
    {
        // Without an option of ours there is nothing to parse, and to start the parser is a tenth of a short run.
        if (arguments is ["run", string program, ..] && GuestArguments.IsProgram(program))
            return ProgramRun.Run(arguments[1..], ProgramRun.Options([]));
        return Parse(arguments);
    }

    /// <summary>Does what the options and the commands besides <c>run</c> ask for. Apart, so that the parser's assembly is loaded for those alone.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static int Parse(string[] arguments)
    {
        if (!GuestArguments.TrySeparate(arguments, RunCommand.Flags, RunCommand.OptionsWithValue, out string[] separated, out string unknown))
            return Usage($"unknown option {unknown}", "run ");
        // A root command fetches the texts of its own options from resources, a twentieth of a short run. A run that asks for no help has no use for them.
        Command root = arguments is ["run", ..] && !separated.TakeWhile(argument => argument != "--").Any(RunCommand.AsksForHelp) ? new Command("faultline") : new RootCommand();
        root.Add(RunCommand.Create());
        Tool? tool = arguments.Length == 0 ? null : Tool.Find(arguments[0]);
        if (tool is not null)
            root.Add(tool.Create());
        foreach (Option option in root.Options)
        {
            if (option is HelpOption)
                option.Action = new HelpTextAction(tool);
        }
        // A program's name may start with '@': there are no response files.
        ParseResult parsed = root.Parse(separated, new ParserConfiguration { ResponseFileTokenReplacer = null });
        if (parsed.Action is ParseErrorAction or null)
            return Usage(Explain(parsed, arguments), parsed.CommandResult.Command is RootCommand ? "" : $"{parsed.CommandResult.Command.Name} ");
        return parsed.Invoke(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
    }

    /// <summary>Says on standard error what is wrong with the command line, and where the right one is described.</summary>
    /// <returns><see cref="UsageStatus"/>.</returns>
    public static int Usage(string message, string command)
    {
        Console.Error.WriteLine($"faultline: {message}; see 'faultline {command}--help'");
        return UsageStatus;
    }

    private static string Explain(ParseResult parsed, string[] arguments)
    {
        if (arguments.Length == 0)
            return "no command given";
        if (parsed.CommandResult.Command is not RootCommand && arguments[0] != "run")
            return parsed.Errors[0].Message.ReplaceLineEndings(" ").TrimEnd('.');
        if (parsed.CommandResult.Command is not RootCommand)
            return RunCommand.HasProgram(parsed) ? parsed.Errors[0].Message.TrimEnd('.') : RunCommand.Missing(parsed);
        return arguments[0].StartsWith('-')
            ? $"unknown option {arguments[0]}"
            : $"'{arguments[0]}' is not a command (to run a program: faultline run {arguments[0]})";
    }

    private sealed class HelpTextAction(Tool? tool) : SynchronousCommandLineAction
    {
        public override bool ClearsParseErrors => true;

        public override int Invoke(ParseResult parseResult)
        {
            bool isRoot = parseResult.CommandResult.Command is RootCommand;
            Console.Out.Write(isRoot ? HelpText.Root : tool?.Help ?? HelpText.Run);
            return 0;
        }
    }
}
