using Faultline.Linux.Vfs;

namespace Faultline.Linux.Fs.Host;

/// <summary>A directory of the host, held by a host handle (O_PATH or a readable one) that it owns.</summary>
internal sealed class HostDirectory(HostFileSystem fileSystem, int handle, string path) : DirectoryNode(fileSystem)
{
    private int _references = 1;
    private (uint Major, uint Minor, ulong Inode) _identity;
    private bool _identified;

    /// <summary>The host handle.</summary>
    public int Handle { get; } = handle;

    /// <inheritdoc/>
    public override string Path { get; } = path;

    /// <inheritdoc/>
    public override bool IsRoot => IsSame(FileSystem.Root);

    /// <summary>
    /// Compared by device and inode: the path may be out of date when a directory above was renamed, and <c>..</c> must stop at the root
    /// whatever a path says.
    /// </summary>
    public override bool IsSame(DirectoryNode other)
    {
        if (ReferenceEquals(this, other))
            return true;
        return other is HostDirectory directory && ReferenceEquals(other.FileSystem, FileSystem) && Identify() && directory.Identify()
            && directory._identity == _identity;
    }

    /// <inheritdoc/>
    public override string? CurrentPath
    {
        get
        {
            HostFileSystem fileSystem = (HostFileSystem)FileSystem;
            if (ReferenceEquals(this, fileSystem.Root))
                return "/";
            if (fileSystem.Files.Stat(Handle, "", out FileStatus status) < 0 || status.Links == 0)
                return null;
            return fileSystem.PathOf(Handle) ?? Path;
        }
    }

    /// <inheritdoc/>
    public override void AddReference() => Interlocked.Increment(ref _references);

    /// <inheritdoc/>
    public override void Release()
    {
        if (Interlocked.Decrement(ref _references) == 0)
            _ = ((HostFileSystem)FileSystem).Files.Close(Handle);
    }

    private bool Identify()
    {
        if (_identified)
            return true;
        if (((HostFileSystem)FileSystem).Files.Stat(Handle, "", out FileStatus status) < 0)
            return false;
        _identity = (status.DeviceMajor, status.DeviceMinor, status.Inode);
        return _identified = true;
    }
}
