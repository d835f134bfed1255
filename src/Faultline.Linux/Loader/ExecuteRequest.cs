namespace Faultline.Linux.Loader;

/// <summary>What execve(2) was asked for. Strings are one char per byte.</summary>
internal sealed class ExecuteRequest
{
    /// <summary>The path as given: AT_EXECFN, and what the thread is named after.</summary>
    public required string Path { get; init; }

    /// <summary>argv; a script's interpreter and its argument are put in front while the chain is followed.</summary>
    public required List<string> Arguments { get; init; }

    /// <summary>envp.</summary>
    public required List<string> Environment { get; init; }
}
