namespace Faultline.Linux.Vfs;

/// <summary>
/// A directory that something holds on to: a root, a current directory, an open directory, a walk on its way. Counted, because one of a
/// host file system holds a host handle.
/// </summary>
internal abstract class DirectoryNode(FileSystem fileSystem)
{
    /// <summary>The file system it is in.</summary>
    public FileSystem FileSystem { get; } = fileSystem;

    /// <summary>The path from its file system's root, as it was walked: <c>/</c> for the root itself, otherwise without a slash at the end.</summary>
    public abstract string Path { get; }

    /// <summary>Whether this is the root of its file system.</summary>
    public abstract bool IsRoot { get; }

    /// <summary>Whether both are the same directory.</summary>
    public abstract bool IsSame(DirectoryNode other);

    /// <summary>
    /// The path from its file system's root now, wherever it has been moved to; null when it has been removed.
    /// </summary>
    public virtual string? CurrentPath => Path;

    /// <summary>One more holder.</summary>
    public virtual void AddReference()
    {
    }

    /// <summary>One holder less.</summary>
    public virtual void Release()
    {
    }
}
