using Faultline.Linux.Abi;
using Faultline.Linux.Abi.Files;
using Faultline.Memory;
using static Faultline.Linux.Abi.Files.OpenFlags;

namespace Faultline.Linux.Vfs;

/// <summary>
/// An open file description (Linux's struct file): what descriptors of one or several processes refer to. Counted by the descriptor
/// tables and mappings that hold it; the last <see cref="Release"/> closes it.
/// </summary>
/// <remarks>
/// <para>Every operation returns 0 or more, or a negative errno. The bodies here give the errno of a file that has no such operation.</para>
/// <para>
/// No operation blocks: where Linux would wait it returns -EAGAIN, whether or not O_NONBLOCK is set, and the caller waits for
/// <see cref="Poll"/>. Access mode and O_PATH are checked by the caller, so that an operation may assume them.
/// </para>
/// </remarks>
internal abstract class OpenFile
{
    private string? _mappedPath;

    private int _references = 1;

    /// <summary>Makes a description with one reference, the maker's.</summary>
    protected OpenFile(int flags) => Flags = flags & ~(O_CREAT | O_EXCL | O_NOCTTY | O_TRUNC | O_CLOEXEC);

    /// <summary>Access mode and status flags, as fcntl(F_GETFL) shows them.</summary>
    public int Flags { get; protected set; }

    /// <summary>Opened with O_PATH: a place in the tree, not a way to the contents.</summary>
    public bool IsPath => (Flags & O_PATH) != 0;

    /// <summary>Whether the access mode allows reading.</summary>
    public bool CanRead => (Flags & O_ACCMODE) is O_RDONLY or O_RDWR && !IsPath;

    /// <summary>Whether the access mode allows writing.</summary>
    public bool CanWrite => (Flags & O_ACCMODE) is O_WRONLY or O_RDWR && !IsPath;

    /// <summary>Whether calls return EAGAIN instead of waiting.</summary>
    public bool IsNonBlocking => (Flags & O_NONBLOCK) != 0;

    /// <summary>Whether the contents are a stream without positions (FMODE_STREAM): pread and lseek give ESPIPE.</summary>
    public virtual bool IsStream => false;

    /// <summary>Whether this is an end of a pipe or a FIFO, which splice and tee want.</summary>
    public virtual bool IsPipe => false;

    /// <summary>What /proc/PID/fd and /proc/PID/maps show: a path from the root of the tree, or a name such as <c>pipe:[12]</c>.</summary>
    public abstract string Path { get; }

    /// <summary>The path as it was when the file was first mapped through this description: a dynamic linker maps five parts in turn.</summary>
    public string MappedPath => _mappedPath ??= Path;

    /// <summary>The directory this is, or null. Belongs to this description: take a reference to keep it longer.</summary>
    public virtual DirectoryNode? Directory => null;

    /// <summary>The lock of flock(2) of the file behind this description; null for files that no two descriptions can share.</summary>
    protected virtual FileLock? WholeLock => null;

    /// <summary>Where this description has ever taken record locks of its own (F_OFD_SETLK); null for nowhere.</summary>
    public RecordLockTable? DescriptionLocks { get; set; }

    /// <summary>F_SETOWN: a process, or a process group as a negative number. Kept; no file sends signals for input.</summary>
    public int SignalOwner { get; set; }

    /// <summary>F_SETSIG, kept likewise.</summary>
    public int SignalNumber { get; set; }

    /// <summary>F_SET_FILE_RW_HINT: how long written data will live, 0 to 5; a hint that nothing heeds.</summary>
    public ulong LifetimeHint { get; set; }

    /// <summary>One more holder.</summary>
    public void AddReference() => Interlocked.Increment(ref _references);

    /// <summary>One more holder, unless the last is gone already: for those who find a file in a table of their own.</summary>
    public bool TryAddReference()
    {
        int references = Volatile.Read(ref _references);
        while (references > 0)
        {
            int seen = Interlocked.CompareExchange(ref _references, references + 1, references);
            if (seen == references)
                return true;
            references = seen;
        }
        return false;
    }

    /// <summary>One holder less; the last closes the file.</summary>
    public void Release()
    {
        if (Interlocked.Decrement(ref _references) == 0)
        {
            WholeLock?.Release(this);
            DescriptionLocks?.Release(this, this);
            OnClose();
        }
    }

    /// <summary>What opening still has to wait for once the file is found: a FIFO waits for its other end.</summary>
    /// <returns>0, -ERESTARTSYS for a signal, or another errno; after an error the caller releases the file.</returns>
    public virtual int FinishOpen(IWaiter waiter) => 0;

    /// <summary>Reads at the position. 0 means the end.</summary>
    public virtual long Read(Span<byte> buffer) => -Errno.EINVAL;

    /// <summary>Writes at the position, or at the end with O_APPEND.</summary>
    public virtual long Write(ReadOnlySpan<byte> buffer) => -Errno.EINVAL;

    /// <summary>A write of bytes that the caller's memory does not have: what is wrong with the file wins over -EFAULT.</summary>
    /// <param name="length">How many bytes were to be written, at least 1.</param>
    public virtual long WriteUnreadable(long length) => Write([]) is < 0 and long error ? error : -Errno.EFAULT;

    /// <summary>Reads at an offset; the position stays.</summary>
    public virtual long ReadAt(Span<byte> buffer, long offset) => IsStream ? -Errno.ESPIPE : -Errno.EINVAL;

    /// <summary>Writes at an offset; the position stays.</summary>
    public virtual long WriteAt(ReadOnlySpan<byte> buffer, long offset) => IsStream ? -Errno.ESPIPE : -Errno.EINVAL;

    /// <summary>Moves the position (SEEK_ numbers) and returns it.</summary>
    public virtual long Seek(long offset, int whence) => -Errno.ESPIPE;

    /// <summary>The status of the file.</summary>
    public abstract int Stat(out FileStatus status);

    /// <summary>The status of the file system it is on.</summary>
    public abstract int StatFileSystem(out FileSystemStatus status);

    /// <summary>The target when this is a symbolic link opened with O_PATH.</summary>
    public virtual int ReadLink(out string target)
    {
        target = "";
        return -Errno.EINVAL;
    }

    /// <summary>Fills a buffer with whole <c>linux_dirent64</c> records. 0 at the end, -EINVAL when not even one fits.</summary>
    public virtual int ReadDirectory(Span<byte> buffer) => -Errno.ENOTDIR;

    /// <summary>Sets the length.</summary>
    public virtual int Truncate(long length) => -Errno.EINVAL;

    /// <summary>Reserves or frees space (FALLOC_FL_ bits).</summary>
    public virtual int Allocate(int mode, long offset, long length) => IsStream ? -Errno.ESPIPE : -Errno.ENODEV;

    /// <summary>Forces contents to the medium.</summary>
    public virtual int Sync(bool dataOnly) => -Errno.EINVAL;

    /// <summary>Changes the permissions (fchmod).</summary>
    public virtual int ChangeMode(uint mode) => -Errno.EPERM;

    /// <summary>Changes owner and group; ~0 leaves one alone.</summary>
    public virtual int ChangeOwner(uint user, uint group) => -Errno.EPERM;

    /// <summary>Sets the times (UTIME_NOW and UTIME_OMIT included).</summary>
    public virtual int SetTimes(FileTime accessed, FileTime modified) => -Errno.EPERM;

    /// <summary>Whether this user may use the file in the ways of access(2).</summary>
    public virtual int Access(int mode, bool effective) => 0;

    /// <summary>Opens the same file anew, as opening /proc/self/fd/N does.</summary>
    public virtual int Reopen(int flags, out OpenFile? file)
    {
        file = null;
        return -Errno.ENXIO;
    }

    /// <summary>Changes the status flags among <see cref="Settable"/>.</summary>
    public virtual int SetFlags(int flags)
    {
        Flags = (Flags & ~Settable) | (flags & Settable);
        return 0;
    }

    /// <summary>Carries out a device control whose argument is the kernel's own copy of what the guest passed.</summary>
    /// <param name="request">The request number; only its low 32 bits count.</param>
    /// <param name="argument">Structures in guest memory are read and written through this.</param>
    /// <returns>A result or a negative errno: -ENOTTY when the file does not know the request.</returns>
    public virtual long Control(uint request, in ControlArgument argument) => -Errno.ENOTTY;

    /// <summary>Takes or gives up the lock of flock(2).</summary>
    /// <param name="operation">LOCK_SH, LOCK_EX or LOCK_UN; never with LOCK_NB.</param>
    /// <returns>0, or -EAGAIN when another description holds it.</returns>
    public virtual int Lock(int operation)
    {
        if (WholeLock is not { } held)
            return 0;
        if (operation == FlockOperations.LOCK_UN)
            held.Release(this);
        else if (!held.TryTake(this, operation == FlockOperations.LOCK_EX))
            return -Errno.EAGAIN;
        return 0;
    }

    /// <summary>Commands of fcntl(2) that only some files know (F_GETPIPE_SZ, F_ADD_SEALS).</summary>
    public virtual long FileControl(int command, ulong argument) => command is FcntlCommands.F_GETPIPE_SZ or FcntlCommands.F_SETPIPE_SZ
        ? -Errno.EBADF
        : -Errno.EINVAL;

    /// <summary>Which events hold now.</summary>
    /// <param name="wait">When not null, adds what to wait for, before looking.</param>
    public virtual PollEvents Poll(WaitSet? wait) => PollEvents.AlwaysReady;

    /// <summary>
    /// Changes whenever something happened that may have made the file ready anew: what edge-triggered epoll compares. Changing too often is
    /// harmless, programs must expect that; not changing is not.
    /// </summary>
    public virtual long Activity => 0;

    /// <summary>How many holders there are.</summary>
    public int References => Volatile.Read(ref _references);

    /// <summary>The last holder is gone.</summary>
    public bool IsClosed => Volatile.Read(ref _references) == 0;

    /// <summary>Whether epoll can watch it: regular files and directories give EPERM there.</summary>
    public virtual bool CanPoll => true;

    /// <summary>What a mapping of this file takes its pages from; null with an errno when it cannot be mapped.</summary>
    /// <param name="shared">MAP_SHARED.</param>
    /// <param name="error">A positive errno with null.</param>
    public virtual IPageSource? PageSource(bool shared, out int error)
    {
        error = Errno.ENODEV;
        return null;
    }

    /// <summary>Extended attributes, or null when the file system has none (EOPNOTSUPP).</summary>
    public virtual IAttributes? Attributes => null;

    /// <summary>Called once, when the last holder is gone.</summary>
    protected virtual void OnClose()
    {
    }
}
