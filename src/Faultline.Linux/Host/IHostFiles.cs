using Faultline.Linux.Abi.Files;
using Faultline.Linux.Vfs;

namespace Faultline.Linux.Host;

/// <summary>
/// Files of the host. A handle is a small number of the host's choosing; a name is one path component, never followed when it is a
/// symbolic link: whoever walks a path interprets links. Except where said otherwise a call returns 0 or more, or a negative Linux errno.
/// </summary>
/// <remarks>
/// A name may be empty where the text says "or the handle itself". Directories are passed as handles from
/// <see cref="OpenRoot"/> or <see cref="Open"/> (O_PATH serves). No handle is inherited by host programs.
/// </remarks>
internal unsafe interface IHostFiles
{
    /// <summary>The handle of a folder of the host named by a host path, as the root of what a guest sees. Follows links: the path is the user's.</summary>
    int OpenRoot(string hostPath);

    /// <summary>Opens a directory entry. A symbolic link gives -ELOOP, with O_PATH the link itself.</summary>
    /// <param name="directory">Where.</param>
    /// <param name="name">One component, or "." for the directory.</param>
    /// <param name="flags">x86-64's O_ flags; O_NOFOLLOW, O_NOCTTY and O_CLOEXEC are implied.</param>
    /// <param name="mode">Permissions when O_CREAT or O_TMPFILE makes a file, the umask applied already.</param>
    /// <returns>The handle.</returns>
    int Open(int directory, string name, int flags, uint mode);

    /// <summary>
    /// Opens a relative path of several components as <see cref="Open"/> does, provided that it meets no symbolic link and does not leave the
    /// directory.
    /// </summary>
    /// <returns>The handle; -ELOOP when a link is in the way, -ENOSYS when the host cannot promise this; -EXDEV when it leads out.</returns>
    int OpenBeneath(int directory, string path, int flags, uint mode);

    /// <summary>Opens again the file behind a handle, with other flags and a position of its own (what opening /proc/self/fd/N does).</summary>
    int Reopen(int handle, int flags);

    /// <summary>A second handle for the same open file.</summary>
    int Duplicate(int handle);

    /// <summary>Ends a handle.</summary>
    int Close(int handle);

    /// <summary>Reads at the file's own position. Returns bytes read, 0 at the end.</summary>
    long Read(int handle, Span<byte> buffer);

    /// <summary>Writes at the file's own position, or at the end with O_APPEND. Returns bytes written.</summary>
    long Write(int handle, ReadOnlySpan<byte> buffer);

    /// <summary>Reads at an offset; the position stays.</summary>
    long ReadAt(int handle, Span<byte> buffer, long offset);

    /// <summary>Writes at an offset; the position stays.</summary>
    long WriteAt(int handle, ReadOnlySpan<byte> buffer, long offset);

    /// <summary>Moves the position (SEEK_SET, SEEK_CUR, SEEK_END, SEEK_DATA, SEEK_HOLE) and returns it.</summary>
    long Seek(int handle, long offset, int whence);

    /// <summary>
    /// Reads directory entries in the layout of <c>linux_dirent64</c>, which is the same on every architecture. Returns bytes filled, 0 at the end.
    /// </summary>
    int ReadDirectory(int handle, Span<byte> buffer);

    /// <summary>The status of a directory entry, or of the handle itself.</summary>
    int Stat(int directory, string name, out FileStatus status);

    /// <summary>The status of what a whole path of the host leads to; a symbolic link at its end is not followed, those before it are.</summary>
    /// <param name="path">With a NUL behind it.</param>
    /// <param name="extended">Whether what statx(2) tells is asked for; otherwise what stat(2) tells is enough.</param>
    /// <param name="status">The status.</param>
    int StatPath(ReadOnlySpan<byte> path, bool extended, out FileStatus status);

    /// <summary>The status of the file system a handle is on.</summary>
    int StatFileSystem(int handle, out FileSystemStatus status);

    /// <summary>The target of a symbolic link, or of the handle itself when it is one. -EINVAL when it is none.</summary>
    int ReadLink(int directory, string name, out string target);

    /// <summary>Sets the length.</summary>
    int Truncate(int handle, long length);

    /// <summary>Reserves or frees space (fallocate, with FALLOC_FL_ bits).</summary>
    int Allocate(int handle, int mode, long offset, long length);

    /// <summary>Tells where a file's contents are on its medium (FS_IOC_FIEMAP): a struct fiemap and the extents that it has room for.</summary>
    int Extents(int handle, Span<byte> map);

    /// <summary>Forces contents to the medium; <paramref name="dataOnly"/> leaves out times (fdatasync).</summary>
    int Sync(int handle, bool dataOnly);

    /// <summary>Makes a directory.</summary>
    int MakeDirectory(int directory, string name, uint mode);

    /// <summary>Makes a regular file, FIFO, socket or device (mknod).</summary>
    int MakeNode(int directory, string name, uint mode, ulong device);

    /// <summary>Makes a symbolic link.</summary>
    int MakeSymbolicLink(string target, int directory, string name);

    /// <summary>Makes a hard link to an entry, or to the handle itself.</summary>
    int Link(int oldDirectory, string oldName, int newDirectory, string newName);

    /// <summary>Removes an entry: a directory or anything else.</summary>
    int Remove(int directory, string name, bool isDirectory);

    /// <summary>Renames (RENAME_ flags).</summary>
    int Rename(int oldDirectory, string oldName, int newDirectory, string newName, int flags);

    /// <summary>Whether this user may use an entry, or the handle itself, in the ways of <c>access(2)</c>.</summary>
    int Access(int directory, string name, int mode, bool effective);

    /// <summary>Changes the permissions of an entry, or of the handle itself.</summary>
    int ChangeMode(int directory, string name, uint mode);

    /// <summary>Changes owner and group of an entry, or of the handle itself; ~0 leaves one alone.</summary>
    int ChangeOwner(int directory, string name, uint user, uint group);

    /// <summary>Sets access and modification time of an entry, or of the handle itself.</summary>
    int SetTimes(int directory, string name, FileTime accessed, FileTime modified);

    /// <summary>Reads an extended attribute of an entry, or of the handle itself. Returns its size; an empty buffer asks for that only.</summary>
    int GetAttribute(int directory, string name, string attribute, Span<byte> buffer);

    /// <summary>Lists extended attributes as NUL-terminated names. Returns the size.</summary>
    int ListAttributes(int directory, string name, Span<byte> buffer);

    /// <summary>Sets an extended attribute (XATTR_ flags).</summary>
    int SetAttribute(int directory, string name, string attribute, ReadOnlySpan<byte> value, int flags);

    /// <summary>Removes an extended attribute.</summary>
    int RemoveAttribute(int directory, string name, string attribute);

    /// <summary>The path of the host a handle leads to now, or null when the host cannot tell.</summary>
    string? PathOf(int handle);

    /// <summary>The status flags (O_ACCMODE, O_APPEND, O_NONBLOCK) of a handle this process was started with.</summary>
    int GetFlags(int handle);

    /// <summary>Sets or clears O_APPEND, O_NONBLOCK and O_DIRECT of a handle.</summary>
    int SetFlags(int handle, int flags);

    /// <summary>Whole-file lock of flock(2) (LOCK_ bits) against other programs of the host.</summary>
    int Lock(int handle, int operation);

    /// <summary>Takes or gives up a record lock for the open file behind a handle (F_OFD_SETLK): 0, or -EAGAIN when another program holds it.</summary>
    int LockRange(int handle, Flock request);

    /// <summary>Which lock of another program stands in the way of a record lock (F_OFD_GETLK): F_UNLCK for none.</summary>
    int QueryLock(int handle, ref Flock request);

    /// <summary>A handle that tells of changes to files (inotify), read without waiting. Returns the handle.</summary>
    int CreateWatcher();

    /// <summary>Watches the file behind a handle (IN_ bits). Returns the watch's number.</summary>
    int AddWatch(int watcher, int handle, uint mask);

    /// <summary>Ends a watch.</summary>
    int RemoveWatch(int watcher, int watch);

    /// <summary>Maps pages of a file shared, so that stores reach it. Returns null with an errno when the host refuses.</summary>
    /// <param name="handle">The file.</param>
    /// <param name="offset">A multiple of <see cref="MapGranularity"/>.</param>
    /// <param name="length">Bytes.</param>
    /// <param name="writable">Whether stores are wanted.</param>
    /// <param name="error">Errno, positive, when null is returned.</param>
    byte* Map(int handle, long offset, nuint length, bool writable, out int error);

    /// <summary>Ends a mapping of <see cref="Map"/>.</summary>
    void Unmap(byte* memory, nuint length);

    /// <summary>What offsets of <see cref="Map"/> must be multiples of.</summary>
    int MapGranularity { get; }

    /// <summary>An anonymous file in the host's memory (memfd_create). Returns the handle.</summary>
    int CreateMemoryFile(string name);

    /// <summary>Adds seals (F_SEAL_ bits) to an anonymous file; -EINVAL for any other.</summary>
    int AddSeals(int handle, int seals);

    /// <summary>The seals of an anonymous file; -EINVAL for any other.</summary>
    int GetSeals(int handle);

    /// <summary>Writes everything to the medium (sync).</summary>
    void SyncAll();
}
