namespace Faultline.Explain.Decode;

/// <summary>A kind of value that can be decoded.</summary>
/// <param name="Name">Its name on the command line.</param>
/// <param name="Arguments">What follows the name, for the help.</param>
/// <param name="Example">Words that follow the name in an example that works.</param>
/// <param name="Summary">One line on what it shows.</param>
/// <param name="Decode">Decodes; never throws for what the words hold.</param>
internal sealed record DecodeKind(string Name, string Arguments, string Example, string Summary, Func<DecodeRequest, DecodeOutcome> Decode)
{
    /// <summary>Other names that are accepted.</summary>
    public IReadOnlyList<string> Aliases { get; init; } = [];

    /// <summary>Whether the words name a file to read, standard input when there are none.</summary>
    public bool ReadsText { get; init; }
}
