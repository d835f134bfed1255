using System.Runtime.CompilerServices;
using Faultline.Linux.Abi;
using Faultline.Linux.Abi.Files;
using Faultline.Linux.Host;
using Faultline.Linux.Vfs;
using static Faultline.Linux.Abi.Files.OpenFlags;

namespace Faultline.Linux.Fs.Host;

/// <summary>
/// A folder of the host as a file system: all of it, or what <c>--root</c> names. The guest cannot leave it: every host call names one
/// component of a directory handle, symbolic links are interpreted by the walk and not by the host, and <c>..</c> stops at the root.
/// </summary>
internal sealed partial class HostFileSystem : FileSystem
{
    private readonly HostDirectory _root;
    private readonly string _hostPrefix;
    private readonly HostPlaces _places;
    private readonly PlainFolders _plain = new();
    private readonly RootLinks _links = new();

    private HostFileSystem(IHost host, int root, bool isReadOnly, HostMappings mappings)
    {
        IsReadOnly = isReadOnly;
        Mappings = mappings;
        Host = host;
        Files = host.Files;
        _root = new HostDirectory(this, root, "/");
        _places = new HostPlaces(Files, _root);
        string? hostPath = Files.PathOf(root);
        _hostPrefix = hostPath is null or "/" ? "" : hostPath;
    }

    /// <summary>The host.</summary>
    public IHost Host { get; }

    /// <summary>Its files.</summary>
    public IHostFiles Files { get; }

    /// <summary>Pages that all processes execute; null to read them for each. Set once by the kernel.</summary>
    public TextPages? Text { get; set; }

    /// <summary>Which files are mapped shared, so that shortening one takes the pages away first.</summary>
    public HostMappings Mappings { get; }

    /// <summary>Whether folders of the host are watched; see <see cref="HostPlaces"/>.</summary>
    public bool IsWatching => _places.IsWatching;

    /// <inheritdoc/>
    public override string TypeName => "hostfs";

    /// <inheritdoc/>
    public override DirectoryNode Root => _root;

    /// <summary>Opens a folder of the host; 0 or a negative errno.</summary>
    /// <param name="host">The host.</param>
    /// <param name="hostPath">The folder.</param>
    /// <param name="fileSystem">The file system, or null.</param>
    /// <param name="isReadOnly">Refuse all changes.</param>
    /// <param name="mappings">The mappings of another folder of the host in the same tree; null for the first.</param>
    public static int Create(IHost host, string hostPath, out HostFileSystem? fileSystem, bool isReadOnly = false, HostMappings? mappings = null)
    {
        int handle = host.Files.OpenRoot(hostPath);
        fileSystem = handle < 0 ? null : new HostFileSystem(host, handle, isReadOnly, mappings ?? new HostMappings());
        return Math.Min(handle, 0);
    }

    /// <summary>Gives the host's handles of folders up; nothing walks here any more.</summary>
    public void Close()
    {
        foreach (Mount mount in Mounts)
            (mount.Made as HostFileSystem)?.Close();
        _places.Close();
        _root.Release();
    }

    /// <summary>The path from this file system's root that a host handle leads to now; null when the host cannot tell.</summary>
    public string? PathOf(int handle)
    {
        string? path = Files.PathOf(handle);
        if (path is null || _hostPrefix.Length == 0)
            return path;
        if (path == _hostPrefix)
            return "/";
        // Outside the folder are only the standard streams: their names are nobody's business.
        return path.StartsWith(_hostPrefix, StringComparison.Ordinal) && path[_hostPrefix.Length] == '/' ? path[_hostPrefix.Length..] : "/(unreachable)";
    }

    /// <inheritdoc/>
    public override int Open(DirectoryNode directory, string name, int flags, uint mode, out OpenFile? file)
    {
        file = null;
        HostDirectory at = (HostDirectory)directory;
        // Never a wait in the host: a FIFO's is HostFile.FinishOpen's, which signals can end.
        int hostFlags = (flags & ~(O_ASYNC | O_NOFOLLOW)) | O_NONBLOCK;
        bool truncatesMapped = (flags & O_TRUNC) != 0 && !Mappings.IsEmpty;
        if (truncatesMapped)
            hostFlags &= ~O_TRUNC;
        if (CheckReadOnly(at.Handle, name, flags) is < 0 and int refused)
            return refused;
        int handle = Files.Open(at.Handle, name.Length == 0 ? "." : name, hostFlags, mode);
        if (handle == -Errno.ENXIO)
            handle = HostFile.PlaceOfFifo(Files, at.Handle, name, flags);
        if (handle < 0)
            return handle;
        int result = Files.Stat(handle, "", out FileStatus status);
        // Hardware is outside whatever folder its name is in, as on a mount with nodev.
        if (result == 0 && IsConfined && (flags & O_PATH) == 0 && status.Type is ModeBits.S_IFCHR or ModeBits.S_IFBLK)
            result = -Errno.EACCES;
        if (result == 0 && truncatesMapped && status.IsRegular)
        {
            Mappings.Truncate(status, 0);
            result = Files.Truncate(handle, 0);
        }
        if (result < 0)
        {
            _ = Files.Close(handle);
            return result;
        }
        if (status.IsDirectory)
            file = new HostDirectoryFile(new HostDirectory(this, handle, name.Length == 0 ? at.Path : Join(at.Path, name)), flags);
        else
            file = new HostFile(this, handle, flags, status, ownsHandle: true);
        return 0;
    }

    /// <inheritdoc/>
    public override int Stat(DirectoryNode directory, string name, out FileStatus status) => Files.Stat(Handle(directory), name, out status);

    /// <summary>The status of a file in one call of the host, when no more than folders of the host lead to it.</summary>
    /// <param name="path">The path from this file system's root, which is the root of the host: with its first slash and a NUL behind it.</param>
    /// <param name="follow">Whether a symbolic link at the end would have to be followed.</param>
    /// <param name="extended">Whether what statx(2) tells is asked for.</param>
    /// <param name="status">The status; nothing in particular without one.</param>
    /// <param name="result">0 or a negative errno.</param>
    /// <returns>False when the path is to be walked.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryStat(ReadOnlySpan<byte> path, bool follow, bool extended, out FileStatus status, out int result)
    {
        Unsafe.SkipInit(out status);
        result = 0;
        int slash = path.LastIndexOf((byte)'/');
        ReadOnlySpan<byte> name = path[(slash + 1)..^1];
        if (slash <= 0 || path[0] != '/' || IsConfined || _plain.Find(path[1..slash]) is not { } folder || name.IsEmpty || name.SequenceEqual("."u8) || name.SequenceEqual(".."u8))
            return false;
        result = Files.StatPath(path, extended, out status);
        return result < 0 || ((status.DeviceMajor, status.DeviceMinor) == folder.Device && !(follow && status.IsSymbolicLink));
    }

    /// <inheritdoc/>
    public override int StatFileSystem(DirectoryNode directory, string name, out FileSystemStatus status)
    {
        if (name.Length == 0)
        {
            int known = Files.StatFileSystem(Handle(directory), out status);
            if (IsReadOnly)
                status.Flags |= 1;
            return known;
        }
        status = default;
        int handle = Files.Open(Handle(directory), name, O_PATH, 0);
        if (handle < 0)
            return handle;
        int result = Files.StatFileSystem(handle, out status);
        _ = Files.Close(handle);
        return result;
    }

    /// <inheritdoc/>
    public override int ReadLink(DirectoryNode directory, string name, out string target) => Files.ReadLink(Handle(directory), name, out target);

    /// <inheritdoc/>
    public override int Access(DirectoryNode directory, string name, int mode, bool effective)
    {
        int result = Files.Access(Handle(directory), name, mode, effective);
        return result == 0 && IsReadOnly && (mode & AtFlags.W_OK) != 0 ? -Errno.EROFS : result;
    }

    /// <inheritdoc/>
    public override int MakeDirectory(DirectoryNode directory, string name, uint mode) =>
        CheckChange(directory, name) is < 0 and int refused ? refused : Files.MakeDirectory(Handle(directory), name, mode);

    /// <inheritdoc/>
    public override int MakeNode(DirectoryNode directory, string name, uint mode, ulong device)
    {
        if (CheckChange(directory, name) is < 0 and int refused)
            return refused;
        // A device node would be a way to the host's hardware; Linux gives EPERM to whoever lacks CAP_MKNOD.
        return (mode & ModeBits.S_IFMT) is ModeBits.S_IFCHR or ModeBits.S_IFBLK
            ? base.MakeNode(directory, name, mode, device)
            : Files.MakeNode(Handle(directory), name, mode, 0);
    }

    /// <inheritdoc/>
    public override int MakeSymbolicLink(DirectoryNode directory, string name, string target) =>
        CheckChange(directory, name) is < 0 and int refused ? refused : Files.MakeSymbolicLink(target, Handle(directory), name);

    /// <inheritdoc/>
    public override int Link(DirectoryNode oldDirectory, string oldName, DirectoryNode newDirectory, string newName) =>
        CheckChange(newDirectory, newName) is < 0 and int refused ? refused : Files.Link(Handle(oldDirectory), oldName, Handle(newDirectory), newName);

    /// <inheritdoc/>
    public override int Link(OpenFile file, DirectoryNode newDirectory, string newName) =>
        file is not HostFile host || !ReferenceEquals(host.FileSystem, this) || host.IsInherited ? -Errno.EXDEV
        : CheckChange(newDirectory, newName) is < 0 and int refused ? refused : Files.Link(host.Handle, "", Handle(newDirectory), newName);

    /// <inheritdoc/>
    public override int Remove(DirectoryNode directory, string name, bool isDirectory)
    {
        if (IsReadOnly)
            return -Errno.EROFS;
        int result = Files.Remove(Handle(directory), name, isDirectory);
        // A link in the root may be gone, whichever way the root was reached.
        if (isDirectory || directory.Path == "/")
            PlainFolders.Change();
        return result;
    }

    /// <inheritdoc/>
    public override int Rename(DirectoryNode oldDirectory, string oldName, DirectoryNode newDirectory, string newName, int flags)
    {
        if (IsReadOnly)
            return -Errno.EROFS;
        int result = Files.Rename(Handle(oldDirectory), oldName, Handle(newDirectory), newName, flags);
        PlainFolders.Change();
        return result;
    }

    /// <inheritdoc/>
    public override int ChangeMode(DirectoryNode directory, string name, uint mode) => IsReadOnly ? -Errno.EROFS : Files.ChangeMode(Handle(directory), name, mode);

    /// <inheritdoc/>
    public override int ChangeOwner(DirectoryNode directory, string name, uint user, uint group) =>
        IsReadOnly ? -Errno.EROFS : Files.ChangeOwner(Handle(directory), name, user, group);

    /// <inheritdoc/>
    public override int SetTimes(DirectoryNode directory, string name, FileTime accessed, FileTime modified) =>
        IsReadOnly ? -Errno.EROFS : Files.SetTimes(Handle(directory), name, accessed, modified);

    /// <inheritdoc/>
    public override int Truncate(DirectoryNode directory, string name, long length)
    {
        // Not opened before the kind is known: opening a FIFO to write would wait for a reader.
        int result = Files.Stat(Handle(directory), name, out FileStatus status);
        if (result < 0)
            return result;
        if (IsReadOnly && status.IsRegular)
            return -Errno.EROFS;
        if (!status.IsRegular)
            return status.IsDirectory ? -Errno.EISDIR : status.IsSymbolicLink ? -Errno.ELOOP : -Errno.EINVAL;
        int handle = Files.Open(Handle(directory), name, O_WRONLY | O_NONBLOCK, 0);
        if (handle < 0)
            return handle;
        Mappings.Truncate(status, length);
        result = Files.Truncate(handle, length);
        _ = Files.Close(handle);
        return result;
    }

    /// <inheritdoc/>
    public override IAttributes? Attributes(DirectoryNode directory, string name) => new HostAttributes(Files, Handle(directory), name, IsReadOnly);

    private static int Handle(DirectoryNode directory) => ((HostDirectory)directory).Handle;
}
