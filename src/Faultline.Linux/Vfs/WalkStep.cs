namespace Faultline.Linux.Vfs;

/// <summary>What a component of a path turned out to be. Exactly one of the three is set, or none for any other kind of file.</summary>
internal readonly struct WalkStep
{
    /// <summary>A directory, with a reference.</summary>
    public DirectoryNode? Directory { get; init; }

    /// <summary>A symbolic link with this target.</summary>
    public string? Target { get; init; }

    /// <summary>A magic link to this open file, with a reference.</summary>
    public OpenFile? Jump { get; init; }

    /// <summary>A magic link to this directory (/proc/self/cwd), with a reference.</summary>
    public DirectoryNode? JumpDirectory { get; init; }
}
