using Faultline.Linux.Abi.Files;
using Faultline.Linux.Fs.Host;
using Faultline.Linux.Fs.Tree;
using Faultline.Linux.Vfs;
using static Faultline.Linux.Abi.Files.OpenFlags;

namespace Faultline.Linux.Fs.Temporary;

/// <summary>
/// A regular file of a <see cref="TemporaryFileSystem"/>. Its contents are an anonymous file in the host's memory, which brings mappings,
/// holes and sharing with it; its name and status are kept here.
/// </summary>
internal sealed class TemporaryFile : TreeNode
{
    private readonly HostFileSystem _storage;
    private readonly int _handle;
    private int _users;

    private TemporaryFile(TreeFileSystem fileSystem, HostFileSystem storage, int handle, uint permissions)
        : base(fileSystem, ModeBits.S_IFREG | permissions)
    {
        _storage = storage;
        _handle = handle;
    }

    /// <summary>Makes an empty file; 0 or a negative errno.</summary>
    public static int Create(TreeFileSystem fileSystem, HostFileSystem storage, uint permissions, out TemporaryFile? file)
    {
        int handle = storage.Files.CreateMemoryFile("tmpfs");
        file = handle < 0 ? null : new TemporaryFile(fileSystem, storage, handle, permissions);
        return Math.Min(handle, 0);
    }

    /// <summary>Made without a name (O_TMPFILE without O_EXCL), and none given since.</summary>
    public bool IsLinkable { get; set; }

    /// <summary>Opens the file as one without a name: it goes with its last descriptor unless it is linked first.</summary>
    public int OpenUnnamed(int flags, out OpenFile? file)
    {
        int result = Open(flags & ~(O_DIRECTORY | O_TMPFILE_BIT), string.Create(System.Globalization.CultureInfo.InvariantCulture, $"/#{Inode}"), out file);
        if (result == 0)
            (Links, IsLinkable) = (0, (flags & O_EXCL) == 0);
        return result;
    }

    /// <inheritdoc/>
    public override int Open(int flags, string path, out OpenFile? file)
    {
        file = null;
        const int kept = O_ACCMODE | O_APPEND | O_NONBLOCK | O_TRUNC;
        int handle = _storage.Files.Reopen(_handle, flags & kept);
        if (handle < 0)
            return handle;
        int result = _storage.Files.Stat(handle, "", out FileStatus status);
        if (result < 0)
        {
            _ = _storage.Files.Close(handle);
            return result;
        }
        _ = Interlocked.Increment(ref _users);
        file = new TemporaryOpenFile(this, new HostFile(_storage, handle, flags, status, ownsHandle: true), flags, path);
        return 0;
    }

    /// <inheritdoc/>
    public override int Stat(out FileStatus status)
    {
        _ = base.Stat(out status);
        int result = _storage.Files.Stat(_handle, "", out FileStatus contents);
        if (result < 0)
            return result;
        status.Size = contents.Size;
        status.Blocks = contents.Blocks;
        status.Accessed = contents.Accessed;
        status.Modified = contents.Modified;
        status.Changed = contents.Changed.Seconds > Changed.Seconds ? contents.Changed : Changed;
        return 0;
    }

    /// <inheritdoc/>
    public override int Truncate(long length)
    {
        int result = _storage.Files.Stat(_handle, "", out FileStatus status);
        if (result < 0)
            return result;
        _storage.Mappings.Truncate(status, length);
        return _storage.Files.Truncate(_handle, length);
    }

    /// <inheritdoc/>
    public override int SetTimes(FileTime accessed, FileTime modified)
    {
        Changed = FileSystem.Now;
        return _storage.Files.SetTimes(_handle, "", accessed, modified);
    }

    /// <inheritdoc/>
    public override void OnUnlinked() => CloseUnused();

    /// <summary>An open file of this node is closed.</summary>
    public void OnClosed()
    {
        _ = Interlocked.Decrement(ref _users);
        CloseUnused();
    }

    private void CloseUnused()
    {
        if (Links == 0 && Volatile.Read(ref _users) == 0 && Interlocked.Exchange(ref _users, int.MinValue) == 0)
            _ = _storage.Files.Close(_handle);
    }
}
