namespace Faultline.Linux.Vfs;

/// <summary>A file system mounted on an entry of another. It is made when something first goes there: most runs never look into /proc.</summary>
internal sealed class Mount(DirectoryNode parent, string name, Func<FileSystem> make)
{
    private readonly Lock _lock = new();
    private FileSystem? _fileSystem;

    /// <summary>The directory that has the entry.</summary>
    public DirectoryNode Parent { get; } = parent;

    /// <summary>The entry.</summary>
    public string Name { get; } = name;

    /// <summary>What is mounted there, if anything has gone there yet.</summary>
    public FileSystem? Made => Volatile.Read(ref _fileSystem);

    /// <summary>What is mounted there.</summary>
    public FileSystem FileSystem
    {
        get
        {
            if (_fileSystem is not null)
                return _fileSystem;
            lock (_lock)
            {
                if (_fileSystem is null)
                {
                    FileSystem made = make();
                    made.MountedAt = this;
                    _fileSystem = made;
                }
                return _fileSystem;
            }
        }
    }
}
