using Faultline.Linux.Abi;

namespace Faultline.Linux.Vfs;

/// <summary>
/// A mounted file system: it walks paths within itself, and works on entries named by a directory of its own and one component.
/// </summary>
/// <remarks>
/// An entry is never followed when it is a symbolic link; an empty name means the directory itself. Calls return 0 or a negative errno;
/// those not overridden give what Linux gives for a file system without the operation.
/// </remarks>
internal abstract partial class FileSystem
{
    /// <summary>Result of <see cref="Walk"/>: the walk goes on, perhaps elsewhere.</summary>
    public const int Continue = 1;

    private List<Mount>? _mounts;

    /// <summary>Where this file system is mounted, or null for the root.</summary>
    public Mount? MountedAt { get; set; }

    /// <summary>The name in /proc/mounts.</summary>
    public abstract string TypeName { get; }

    /// <summary>The root directory, which lives as long as the file system.</summary>
    public abstract DirectoryNode Root { get; }

    /// <summary>Full path of the mount point: <c>/</c> or without a slash at the end.</summary>
    public string MountPath => MountedAt is { } at ? Join(at.Parent.FileSystem.MountPath, Join(at.Parent.Path, at.Name)) : "/";

    /// <summary>File systems mounted directly on this one.</summary>
    public IReadOnlyList<Mount> Mounts => _mounts is null ? [] : _mounts;

    /// <summary>
    /// Mounts another file system on an entry of one of this one's directories, which need not exist. Happens only while the tree is put together.
    /// </summary>
    /// <param name="parent">The directory.</param>
    /// <param name="name">The entry.</param>
    /// <param name="make">Makes the file system when something first goes there.</param>
    public void Mount(DirectoryNode parent, string name, Func<FileSystem> make) => (_mounts ??= []).Add(new Mount(parent, name, make));

    /// <summary>The file system mounted on an entry, or null.</summary>
    public FileSystem? MountedOn(DirectoryNode directory, ReadOnlySpan<char> name)
    {
        if (_mounts is null)
            return null;
        foreach (Mount mount in _mounts)
        {
            if (name.SequenceEqual(mount.Name) && directory.Path == mount.Parent.Path)
                return mount.FileSystem;
        }
        return null;
    }

    /// <summary>Joins a directory path and a path that may start with a slash.</summary>
    public static string Join(string directory, string path)
    {
        if (directory == "/")
            return path.StartsWith('/') ? path : "/" + path;
        return path == "/" ? directory : path.StartsWith('/') ? directory + path : directory + "/" + path;
    }

    /// <summary>The child of that name as a step of a walk.</summary>
    /// <param name="directory">Where.</param>
    /// <param name="name">One component, neither <c>.</c> nor <c>..</c>.</param>
    /// <param name="step">What it is; a directory or jump comes with a reference.</param>
    protected abstract int Lookup(DirectoryNode directory, string name, out WalkStep step);

    /// <summary>The parent of a directory that is not this file system's root, with a reference.</summary>
    protected abstract int Parent(DirectoryNode directory, out DirectoryNode? parent);

    /// <summary>Opens an entry.</summary>
    /// <param name="directory">Where.</param>
    /// <param name="name">One component, or empty for the directory itself.</param>
    /// <param name="flags">O_ flags; O_CREAT makes a regular file when there is none.</param>
    /// <param name="mode">Permissions of a file that is made, the umask applied.</param>
    /// <param name="file">The open file, one reference.</param>
    /// <returns>0, -ELOOP for a symbolic link (unless O_PATH), or another errno.</returns>
    public abstract int Open(DirectoryNode directory, string name, int flags, uint mode, out OpenFile? file);

    /// <summary>The status of an entry.</summary>
    public abstract int Stat(DirectoryNode directory, string name, out FileStatus status);

    /// <summary>The status of the file system.</summary>
    public abstract int StatFileSystem(DirectoryNode directory, string name, out FileSystemStatus status);

    /// <summary>The target of a symbolic link.</summary>
    public abstract int ReadLink(DirectoryNode directory, string name, out string target);

    /// <summary>Whether this user may use an entry in the ways of access(2).</summary>
    public abstract int Access(DirectoryNode directory, string name, int mode, bool effective);

    /// <summary>Makes a directory. The name may end in a slash here and in the calls below.</summary>
    public virtual int MakeDirectory(DirectoryNode directory, string name, uint mode) => Exists(directory, name, -Errno.EPERM);

    /// <summary>Makes a file of any other kind (mknod).</summary>
    public virtual int MakeNode(DirectoryNode directory, string name, uint mode, ulong device) => Exists(directory, name, -Errno.EPERM);

    /// <summary>Makes a symbolic link.</summary>
    public virtual int MakeSymbolicLink(DirectoryNode directory, string name, string target) => Exists(directory, name, -Errno.EPERM);

    /// <summary>Makes a hard link to an entry of this file system.</summary>
    public virtual int Link(DirectoryNode oldDirectory, string oldName, DirectoryNode newDirectory, string newName) =>
        Exists(newDirectory, newName, -Errno.EPERM);

    /// <summary>Makes a hard link to an open file of this file system.</summary>
    public virtual int Link(OpenFile file, DirectoryNode newDirectory, string newName) => Exists(newDirectory, newName, -Errno.EPERM);

    /// <summary>Removes an entry.</summary>
    public virtual int Remove(DirectoryNode directory, string name, bool isDirectory) => Missing(directory, name, -Errno.EPERM);

    /// <summary>Renames within this file system (RENAME_ flags).</summary>
    public virtual int Rename(DirectoryNode oldDirectory, string oldName, DirectoryNode newDirectory, string newName, int flags) =>
        Missing(oldDirectory, oldName, -Errno.EPERM);

    /// <summary>Changes permissions.</summary>
    public virtual int ChangeMode(DirectoryNode directory, string name, uint mode) => -Errno.EPERM;

    /// <summary>Changes owner and group.</summary>
    public virtual int ChangeOwner(DirectoryNode directory, string name, uint user, uint group) => -Errno.EPERM;

    /// <summary>Sets the times.</summary>
    public virtual int SetTimes(DirectoryNode directory, string name, FileTime accessed, FileTime modified) => -Errno.EPERM;

    /// <summary>Sets the length of a regular file.</summary>
    public abstract int Truncate(DirectoryNode directory, string name, long length);

    /// <summary>Extended attributes of an entry, or null when this file system has none.</summary>
    public virtual IAttributes? Attributes(DirectoryNode directory, string name) => null;

    private int Exists(DirectoryNode directory, string name, int otherwise) =>
        Stat(directory, name.TrimEnd('/'), out _) == 0 ? -Errno.EEXIST : otherwise;

    private int Missing(DirectoryNode directory, string name, int otherwise) =>
        Stat(directory, name.TrimEnd('/'), out _) is < 0 and int error ? error : otherwise;
}
