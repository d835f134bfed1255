using Faultline.Linux.Abi;

namespace Faultline.Linux.Vfs;

/// <summary>
/// One walk along a path (Linux's nameidata). A file system moves <see cref="Current"/> forward as far as it can and says whether the
/// walk is done or goes on in another file system. When done the result is a directory and a name in it, or the directory itself
/// (<see cref="Name"/> empty), or an open file that a magic link led to (<see cref="Jump"/>).
/// </summary>
/// <remarks>A walk owns a reference to <see cref="Current"/> and to <see cref="Jump"/>; <see cref="Dispose"/> gives them up.</remarks>
internal ref struct PathWalk
{
    /// <summary>Symbolic links followed in one walk before ELOOP (MAXSYMLINKS).</summary>
    public const int MaxLinks = 40;

    /// <summary>Longest name of one component (NAME_MAX).</summary>
    public const int NameMax = 255;

    /// <summary>Longest path, its NUL included (PATH_MAX).</summary>
    public const int PathMax = 4096;

    private int _links;

    /// <summary>Starts a walk.</summary>
    /// <param name="context">Root of absolute paths and links.</param>
    /// <param name="start">Where relative paths start; not taken over.</param>
    /// <param name="path">Not empty.</param>
    /// <param name="flags">How it ends.</param>
    /// <param name="resolve">How far it may go.</param>
    public PathWalk(FsContext context, DirectoryNode start, string path, LookupFlags flags, ResolveFlags resolve = ResolveFlags.None)
    {
        Context = context;
        Path = path;
        Flags = flags;
        Resolve = resolve;
        Start = start;
        Current = path[0] == '/' && (resolve & ResolveFlags.InRoot) == 0 ? context.Root : start;
        Current.AddReference();
        Name = "";
    }

    /// <summary>Whose walk.</summary>
    public FsContext Context { get; }

    /// <summary>How it ends.</summary>
    public LookupFlags Flags { get; set; }

    /// <summary>How far the walk may go.</summary>
    public ResolveFlags Resolve { get; }

    /// <summary>Where it started, which Beneath and InRoot do not let it leave.</summary>
    public DirectoryNode Start { get; }

    /// <summary>Whether the walk stays within <see cref="Start"/>.</summary>
    public readonly bool IsScoped => (Resolve & (ResolveFlags.Beneath | ResolveFlags.InRoot)) != 0;

    /// <summary>Where the walk is.</summary>
    public DirectoryNode Current { get; private set; }

    /// <summary>What is being walked: the path, or what a symbolic link made of it.</summary>
    public string Path { get; private set; }

    /// <summary>Index in <see cref="Path"/> of what is still to be walked.</summary>
    public int Position { get; set; }

    /// <summary>The last component within <see cref="Current"/>; empty when the result is the directory itself.</summary>
    public string Name { get; private set; }

    /// <summary>What the last component was.</summary>
    public LastComponent Last { get; set; }

    /// <summary>The last component was followed by a slash: it must be a directory.</summary>
    public bool TrailingSlash { get; private set; }

    /// <summary>With <see cref="LookupFlags.Parent"/>: something is mounted on the entry.</summary>
    public bool IsMountPoint { get; set; }

    /// <summary>The file that the last component, a magic link such as /proc/self/fd/3, led to.</summary>
    public OpenFile? Jump { get; private set; }

    /// <summary>Moves to a directory and takes over the reference to it.</summary>
    public void Enter(DirectoryNode directory)
    {
        Current.Release();
        Current = directory;
    }

    /// <summary>Ends the walk at a name in the current directory.</summary>
    public void Finish(string name, bool trailingSlash)
    {
        Name = name;
        TrailingSlash = trailingSlash;
    }

    /// <summary>Ends the walk at an open file and takes over the reference to it.</summary>
    public void Finish(OpenFile file, bool trailingSlash)
    {
        Jump = file;
        Name = "";
        TrailingSlash = trailingSlash;
    }

    /// <summary>Counts a symbolic link; 0 or -ELOOP.</summary>
    public int CountLink() => (Resolve & ResolveFlags.NoSymbolicLinks) != 0 || ++_links > MaxLinks ? -Errno.ELOOP : 0;

    /// <summary>Goes on with the target of a symbolic link that stood before <paramref name="rest"/> (which keeps its leading slashes).</summary>
    /// <returns>0, -ELOOP, -ENOENT for an empty target, -ENAMETOOLONG.</returns>
    public int Follow(string target, ReadOnlySpan<char> rest)
    {
        if (CountLink() is < 0 and int error)
            return error;
        if (target.Length == 0)
            return -Errno.ENOENT;
        Path = string.Concat(target, rest);
        Position = 0;
        if (target[0] == '/')
        {
            if ((Resolve & ResolveFlags.Beneath) != 0)
                return -Errno.EXDEV;
            DirectoryNode root = (Resolve & ResolveFlags.InRoot) != 0 ? Start : Context.Root;
            if ((Resolve & ResolveFlags.NoMounts) != 0 && !ReferenceEquals(root.FileSystem, Current.FileSystem))
                return -Errno.EXDEV;
            root.AddReference();
            Enter(root);
        }
        return 0;
    }

    /// <summary>After an optimistic walk whose last component turned out to be a symbolic link: walks on through it.</summary>
    public int FollowLast()
    {
        Flags &= ~LookupFlags.Optimistic;
        Path = TrailingSlash ? Name + "/" : Name;
        Position = 0;
        Name = "";
        return Run();
    }

    /// <summary>Walks to the end.</summary>
    /// <returns>0 or a negative errno.</returns>
    public int Run()
    {
        while (true)
        {
            int result = Current.FileSystem.Walk(ref this);
            if (result <= 0)
                return result;
        }
    }

    /// <summary>Gives up what the walk holds.</summary>
    public void Dispose()
    {
        Current?.Release();
        Jump?.Release();
        Jump = null;
    }
}
