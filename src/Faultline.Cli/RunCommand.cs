using System.CommandLine;
using Faultline.Elf.Layout;

namespace Faultline.Cli;

/// <summary>The command line of <c>faultline run</c>.</summary>
internal static class RunCommand
{
    private static readonly Option<string?> _root = new("--root");

    private static readonly Option<string[]> _bind = new("--bind")
    {
        AllowMultipleArgumentsPerToken = false,
    };

    private static readonly Option<string?> _directory = new("--cwd");

    private static readonly Option<string?> _cpu = new("--cpu");

    private static readonly Option<string?> _engine = new("--engine");

    private static readonly Option<string?> _hostPageSize = new("--host-page-size");

    private static readonly Option<string?> _loadPolicy = new("--load-policy");

    private static readonly Option<string?> _network = new("--net");

    private static readonly Option<string[]> _environment = new("--env")
    {
        AllowMultipleArgumentsPerToken = false,
    };

    private static readonly Option<bool> _strace = new("--strace");

    private static readonly Option<bool> _stats = new("--stats");

    private static readonly Option<bool> _perfMap = new("--perf-map");

    private static readonly string[] _help = ["--help", "-h", "-?"];

    /// <summary>What --cpu takes.</summary>
    private static readonly Dictionary<string, CpuLevel> _processors = new(StringComparer.Ordinal)
    {
        ["v1"] = CpuLevel.V1,
        ["v2"] = CpuLevel.V2,
        ["v3"] = CpuLevel.V3,
        ["v4"] = CpuLevel.V4,
        ["host-like"] = CpuLevel.HostLike,
    };

    /// <summary>What --engine takes.</summary>
    private static readonly Dictionary<string, GuestEngine> _engines = new(StringComparer.Ordinal)
    {
        ["auto"] = GuestEngine.Auto,
        ["interpreter"] = GuestEngine.Interpreter,
        ["translator"] = GuestEngine.Translator,
    };

    /// <summary>What --net takes.</summary>
    private static readonly Dictionary<string, GuestNetwork> _networks = new(StringComparer.Ordinal)
    {
        ["none"] = GuestNetwork.None,
        ["host"] = GuestNetwork.Host,
    };

    private static readonly Argument<string[]> _program = new("PROGRAM")
    {
        Arity = ArgumentArity.OneOrMore,
    };

    /// <summary>Options of ours that stand alone.</summary>
    public static string[] Flags => ["--strace", "--stats", "--perf-map", .. _help];

    /// <summary>Options of ours that take a value.</summary>
    public static string[] OptionsWithValue => ["--root", "--bind", "--cwd", "--cpu", "--engine", "--env", "--host-page-size", "--load-policy", "--net"];

    /// <summary>Whether an argument is one of those that ask for help.</summary>
    public static bool AsksForHelp(string argument) => _help.Contains(argument);

    /// <summary>Makes the command.</summary>
    public static Command Create()
    {
        Command command = new("run")
        {
            _root, _bind, _directory, _cpu, _engine, _environment, _hostPageSize, _loadPolicy, _network, _strace, _stats, _perfMap, _program,
        };
        command.SetAction(Run);
        return command;
    }

    /// <summary>Whether the command line names a program.</summary>
    public static bool HasProgram(ParseResult parsed) => parsed.GetResult(_program) is { Tokens.Count: > 0 };

    /// <summary>What a command line without a program lacks: that, or the value of its last option.</summary>
    public static string Missing(ParseResult parsed)
    {
        foreach (Option option in (ReadOnlySpan<Option>)[_root, _bind, _directory, _cpu, _engine, _environment, _hostPageSize, _loadPolicy, _network])
        {
            if (parsed.GetResult(option) is { Tokens.Count: 0, Implicit: false })
                return $"option {option.Name} needs a value";
        }
        return "no program given";
    }

    private static int Run(ParseResult parsed)
    {
        string[] command = parsed.GetValue(_program) ?? [];
        string[] changes = parsed.GetValue(_environment) ?? [];
        if (Array.Exists(changes, change => change.Length == 0 || change[0] == '='))
            return Entry.Usage("--env needs a name: NAME=VALUE sets a variable, NAME removes it", "run ");
        string? cpu = parsed.GetValue(_cpu);
        if (cpu is not null && !_processors.ContainsKey(cpu))
            return Entry.Usage($"--cpu {cpu}: there are {string.Join(", ", _processors.Keys)}", "run ");
        string? engine = parsed.GetValue(_engine);
        if (engine is not null && !_engines.ContainsKey(engine))
            return Entry.Usage($"--engine {engine}: there are {string.Join(", ", _engines.Keys)}", "run ");
        if (!LoadOptions.TryParse(parsed.GetValue(_hostPageSize), parsed.GetValue(_loadPolicy), out LoadPolicy policy, out string problem))
            return Entry.Usage(problem, "run ");
        string? network = parsed.GetValue(_network);
        if (network is not null && !_networks.ContainsKey(network))
            return Entry.Usage($"--net {network}: there are {string.Join(", ", _networks.Keys)}", "run ");
        List<FolderBind> binds = [];
        foreach (string text in parsed.GetValue(_bind) ?? [])
        {
            if (!FolderBind.TryParse(text, out FolderBind? bind))
                return Entry.Usage($"--bind {text}: needs HOST:GUEST or HOST:GUEST:ro, GUEST an absolute path", "run ");
            binds.Add(bind!);
        }
        MachineOptions options = ProgramRun.Options(changes);
        options.Root = parsed.GetValue(_root);
        options.Binds = binds;
        options.WorkingDirectory = parsed.GetValue(_directory);
        options.HostPageSize = (int)policy.HostPageSize;
        options.LoadPolicy = (GuestLoadPolicy)policy.Kind;
        options.Strace = parsed.GetValue(_strace) ? Console.Error : null;
        options.CollectProfile = parsed.GetValue(_stats);
        options.WritePerfMap = parsed.GetValue(_perfMap);
        if (cpu is not null)
            options.Cpu = _processors[cpu];
        if (engine is not null)
            options.Engine = _engines[engine];
        if (network is not null)
            options.Network = _networks[network];
        return ProgramRun.Run(command, options);
    }
}
