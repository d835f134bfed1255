using System.CommandLine;

namespace Faultline.Cli;

/// <summary>A command besides <c>run</c>.</summary>
/// <param name="Create">Makes it.</param>
/// <param name="Help">What its --help prints.</param>
internal sealed record Tool(Func<Command> Create, string Help)
{
    /// <summary>
    /// The command of a name, or null. Commands are made when they are named, so that those that explain cost <c>faultline run</c> nothing at its start.
    /// </summary>
    public static Tool? Find(string name) => name switch
    {
        DecodeCommand.Name => new Tool(DecodeCommand.Create, HelpText.Decode),
        "explain" => new Tool(ExplainCommand.Create, ExplainCommand.Help),
        "inspect" => new Tool(InspectCommand.Create, InspectCommand.Help),
        "kexec" => new Tool(KexecCommand.Create, KexecCommand.Help),
        "layout" => new Tool(LayoutCommand.Create, LayoutCommand.Help),
        _ => null,
    };
}
