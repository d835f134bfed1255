using Faultline.Linux.Abi;
using Faultline.Linux.Abi.Files;
using Faultline.Linux.Host;
using Faultline.Linux.Vfs;
using Faultline.Memory;
using static Faultline.Linux.Abi.Files.OpenFlags;

namespace Faultline.Linux.Fs.Host;

/// <summary>
/// An open file of the host that is not a directory: a regular file, a terminal, a pipe. The position is the host's, so that it is shared
/// with whoever else holds the same open file, as shells and their children do.
/// </summary>
internal sealed partial class HostFile : OpenFile
{
    /// <summary>
    /// The most that is written to a stream at once: a pipe that polls writable takes this much without waiting (PIPE_BUF).
    /// </summary>
    private const int StreamChunk = 4096;

    private readonly HostFileSystem _fileSystem;
    private readonly bool _ownsHandle;
    private readonly uint _type;
    private HostPageSource? _pages;
    private long _transfers;

    /// <summary>Wraps a host handle.</summary>
    /// <param name="fileSystem">Where it is.</param>
    /// <param name="handle">The handle.</param>
    /// <param name="flags">O_ flags.</param>
    /// <param name="status">Its status when opened.</param>
    /// <param name="ownsHandle">Whether closing this closes the handle: not so for the standard streams of this process.</param>
    /// <param name="isInherited">It is a stream this process was started with, or that opened again.</param>
    public HostFile(HostFileSystem fileSystem, int handle, int flags, in FileStatus status, bool ownsHandle, bool isInherited = false)
        : base(flags)
    {
        _fileSystem = fileSystem;
        Handle = handle;
        _ownsHandle = ownsHandle;
        IsInherited = isInherited || !ownsHandle;
        _type = status.Type;
        Identity = (status.DeviceMajor, status.DeviceMinor, status.Inode);
    }

    /// <summary>The host handle.</summary>
    public int Handle { get; private set; }

    /// <summary>Device and inode.</summary>
    public (uint Major, uint Minor, ulong Inode) Identity { get; }

    /// <summary>The file system it is of.</summary>
    public HostFileSystem FileSystem => _fileSystem;

    /// <summary>One of the streams this process was started with: the guest has what it was given, and no way from there to more.</summary>
    public bool IsInherited { get; }

    /// <summary>The file is in a read-only folder, or was handed to a confined guest.</summary>
    private bool RefusesChange => _fileSystem.IsReadOnly || (IsInherited && _fileSystem.IsConfined);

    /// <inheritdoc/>
    public override bool IsStream => _type is ModeBits.S_IFIFO or ModeBits.S_IFSOCK;

    /// <inheritdoc/>
    public override string Path => _fileSystem.PathOf(Handle) is { } path ? Vfs.FileSystem.Join(_fileSystem.MountPath, path) : "";

    /// <summary>The host tells of no edges; a reader or writer that was here may have used up what it was told of.</summary>
    public override long Activity => Volatile.Read(ref _transfers);

    /// <inheritdoc/>
    public override bool CanPoll => _type is not ModeBits.S_IFREG;

    /// <inheritdoc/>
    public override IAttributes? Attributes => new HostAttributes(Files, Handle, "", RefusesChange);

    private IHostFiles Files => _fileSystem.Files;

    /// <summary>Whether a read or write may have to wait.</summary>
    private bool MayWait => _type is not (ModeBits.S_IFREG or ModeBits.S_IFBLK);

    /// <summary>Makes a file of a handle that this process was started with; null when it is not open.</summary>
    public static HostFile? OfInherited(HostFileSystem fileSystem, int handle)
    {
        int flags = fileSystem.Files.GetFlags(handle);
        if (flags < 0 || fileSystem.Files.Stat(handle, "", out FileStatus status) < 0)
            return null;
        return new HostFile(fileSystem, handle, flags, status, ownsHandle: false);
    }

    /// <inheritdoc/>
    public override long Read(Span<byte> buffer)
    {
        if (!MayWait)
            return Files.Read(Handle, buffer);
        _ = Interlocked.Increment(ref _transfers);
        if (_ownsHandle && _type == ModeBits.S_IFIFO)
            return Files.Read(Handle, buffer);
        if (CheckForeground() is < 0 and int background)
            return background;
        return IsReady(PollEvents.POLLIN) ? Files.Read(Handle, buffer) : -Errno.EAGAIN;
    }

    /// <inheritdoc/>
    public override long Write(ReadOnlySpan<byte> buffer)
    {
        if (!MayWait)
            return Files.Write(Handle, buffer);
        _ = Interlocked.Increment(ref _transfers);
        if (_ownsHandle && _type == ModeBits.S_IFIFO)
            return Files.Write(Handle, buffer);
        if (!IsReady(PollEvents.POLLOUT))
            return -Errno.EAGAIN;
        return Files.Write(Handle, buffer[..Math.Min(buffer.Length, StreamChunk)]);
    }

    /// <inheritdoc/>
    public override long ReadAt(Span<byte> buffer, long offset) => Files.ReadAt(Handle, buffer, offset);

    /// <inheritdoc/>
    public override long WriteAt(ReadOnlySpan<byte> buffer, long offset) => Files.WriteAt(Handle, buffer, offset);

    /// <inheritdoc/>
    public override long Seek(long offset, int whence) => Files.Seek(Handle, offset, whence);

    /// <inheritdoc/>
    public override int Stat(out FileStatus status) => Files.Stat(Handle, "", out status);

    /// <inheritdoc/>
    public override int StatFileSystem(out FileSystemStatus status) => Files.StatFileSystem(Handle, out status);

    /// <inheritdoc/>
    public override int ReadLink(out string target) => Files.ReadLink(Handle, "", out target);

    /// <inheritdoc/>
    public override int Truncate(long length)
    {
        _fileSystem.Mappings.Truncate(Identity, length);
        return Files.Truncate(Handle, length);
    }

    /// <inheritdoc/>
    public override int Allocate(int mode, long offset, long length)
    {
        const int changesSize = 0x08 | 0x20;
        if ((mode & changesSize) != 0)
        {
            // FALLOC_FL_COLLAPSE_RANGE and FALLOC_FL_INSERT_RANGE move pages: mappings look anew.
            _fileSystem.Mappings.Truncate(Identity, 0);
        }
        return Files.Allocate(Handle, mode, offset, length);
    }

    /// <inheritdoc/>
    public override int Sync(bool dataOnly) => Files.Sync(Handle, dataOnly);

    /// <inheritdoc/>
    public override int ChangeMode(uint mode) => RefusesChange ? -Errno.EROFS : Files.ChangeMode(Handle, "", mode);

    /// <inheritdoc/>
    public override int ChangeOwner(uint user, uint group) => RefusesChange ? -Errno.EROFS : Files.ChangeOwner(Handle, "", user, group);

    /// <inheritdoc/>
    public override int SetTimes(FileTime accessed, FileTime modified) => RefusesChange ? -Errno.EROFS : Files.SetTimes(Handle, "", accessed, modified);

    /// <inheritdoc/>
    public override int Access(int mode, bool effective) => Files.Access(Handle, "", mode, effective);

    /// <inheritdoc/>
    public override int Lock(int operation) => Files.Lock(Handle, operation | FlockOperations.LOCK_NB);

    /// <inheritdoc/>
    public override int SetFlags(int flags)
    {
        // O_APPEND and O_DIRECT act in the host; O_NONBLOCK and O_ASYNC act here, and inherited streams are left as others share them.
        const int hostOnes = O_APPEND | O_DIRECT | O_NOATIME;
        if (_ownsHandle && ((flags ^ Flags) & hostOnes) != 0)
        {
            int result = Files.SetFlags(Handle, (flags & hostOnes) | (IsPipe ? O_NONBLOCK : 0));
            if (result < 0)
                return result;
        }
        return base.SetFlags(flags);
    }

    /// <inheritdoc/>
    public override int Reopen(int flags, out OpenFile? file)
    {
        file = null;
        if (_type == ModeBits.S_IFLNK)
            return -Errno.ELOOP;
        if ((flags & O_DIRECTORY) != 0)
            return -Errno.ENOTDIR;
        bool writes = (flags & O_ACCMODE) != O_RDONLY || (flags & O_TRUNC) != 0;
        if (_fileSystem.IsReadOnly && writes && _type == ModeBits.S_IFREG)
            return -Errno.EROFS;
        // A stream that a confined guest was handed opens again with the rights it has, not with what its name would give.
        if (IsInherited && _fileSystem.IsConfined && (flags & O_PATH) == 0 && ((writes && !CanWrite) || ((flags & O_ACCMODE) != O_WRONLY && !CanRead)))
            return -Errno.EACCES;
        int handle = Files.Reopen(Handle, (flags & ~(O_ASYNC | O_CREAT | O_EXCL)) | (IsPipe ? O_NONBLOCK : 0));
        if (handle == -Errno.ENXIO && IsPipe && (flags & (O_NONBLOCK | O_ACCMODE)) == O_WRONLY)
            handle = Files.Reopen(Handle, O_PATH);
        if (handle < 0)
            return handle;
        int result = Files.Stat(handle, "", out FileStatus status);
        if (result < 0)
        {
            _ = Files.Close(handle);
            return result;
        }
        file = new HostFile(_fileSystem, handle, flags, status, ownsHandle: true, isInherited: IsInherited);
        return 0;
    }

    /// <inheritdoc/>
    public override PollEvents Poll(WaitSet? wait)
    {
        if (!CanPoll)
            return PollEvents.AlwaysReady;
        const PollEvents wanted = PollEvents.POLLIN | PollEvents.POLLOUT | PollEvents.POLLPRI | PollEvents.POLLRDHUP;
        PollEvents mine = wanted & ~(CanRead ? PollEvents.None : PollEvents.POLLIN) & ~(CanWrite ? PollEvents.None : PollEvents.POLLOUT);
        PollEvents ready = Look(mine);
        if (wait is not null)
        {
            // Only what does not hold already: otherwise the sleep would end at once for an event nobody asked for.
            wait.Add(Handle, mine & ~ready);
        }
        if ((ready & PollEvents.POLLIN) != 0)
            ready |= PollEvents.POLLRDNORM;
        return (ready & PollEvents.POLLOUT) != 0 ? ready | PollEvents.POLLWRNORM : ready;
    }

    /// <inheritdoc/>
    public override IPageSource? PageSource(bool shared, out int error)
    {
        error = Errno.ENODEV;
        if (_type != ModeBits.S_IFREG)
            return null;
        error = 0;
        return _pages ??= new HostPageSource(this);
    }

    /// <inheritdoc/>
    protected override void OnClose()
    {
        if (_ownsHandle)
            _ = Files.Close(Handle);
    }

    private bool IsReady(PollEvents wanted) => Look(wanted) != 0;

    private PollEvents Look(PollEvents wanted)
    {
        HostPollItem item = new() { Handle = Handle, Wanted = (short)wanted };
        int result = _fileSystem.Host.Poll.Wait(new Span<HostPollItem>(ref item), 0);
        return result > 0 ? (PollEvents)(ushort)item.Returned : PollEvents.None;
    }
}
