using Faultline.Linux.Abi;

namespace Faultline.Linux.Vfs;

/// <summary>A process's file descriptors (Linux's files_struct). Each holds a reference to its file. Safe for several threads.</summary>
internal sealed class FdTable
{
    /// <summary>A cap on the table whatever RLIMIT_NOFILE says (fs.nr_open).</summary>
    public const int Absolute = 1024 * 1024;

    private readonly Lock _lock = new();
    private OpenFile?[] _files = new OpenFile?[16];
    private ulong[] _closeOnExec = new ulong[1];
    private int _lowestFree;
    private int _users = 1;

    /// <summary>Soft RLIMIT_NOFILE: one more than the highest descriptor that can be made.</summary>
    public int Limit { get; set; } = 1024;

    /// <summary>Where this table has ever taken record locks; null for nowhere. They go with the first descriptor of their file that is closed.</summary>
    public RecordLockTable? RecordLocks { get; set; }

    /// <summary>One more than the highest descriptor there is room for, at least 64 (fdt->max_fds); select looks no further.</summary>
    public int Capacity => Math.Max(64, (Volatile.Read(ref _files).Length + 63) & ~63);

    /// <summary>How many descriptors are open.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
                return _files.Length - _files.AsSpan().Count((OpenFile?)null);
        }
    }

    /// <summary>Gives a file the lowest free descriptor and takes over the caller's reference.</summary>
    /// <param name="file">Released when there is no descriptor for it.</param>
    /// <param name="closeOnExec">FD_CLOEXEC.</param>
    /// <param name="minimum">The lowest number wanted (F_DUPFD).</param>
    /// <returns>The descriptor, -EMFILE, or -EINVAL when <paramref name="minimum"/> is not below the limit.</returns>
    public int Add(OpenFile file, bool closeOnExec = false, int minimum = 0)
    {
        int result;
        lock (_lock)
        {
            int limit = Math.Min(Limit, Absolute);
            int fd = Math.Max(minimum, _lowestFree);
            while (fd < _files.Length && _files[fd] is not null)
                fd++;
            if ((uint)minimum >= (uint)limit)
            {
                result = minimum == 0 ? -Errno.EMFILE : -Errno.EINVAL;
            }
            else if (fd >= limit)
            {
                result = -Errno.EMFILE;
            }
            else
            {
                if (minimum <= _lowestFree)
                    _lowestFree = fd + 1;
                Put(fd, file, closeOnExec);
                return fd;
            }
        }
        file.Release();
        return result;
    }

    /// <summary>Whether so many more descriptors can be made now: asked by calls that must not fail for want of one after they have done their work.</summary>
    public bool HasRoom(int count)
    {
        lock (_lock)
        {
            int limit = Math.Min(Limit, Absolute);
            for (int fd = _lowestFree; fd < limit && count > 0; fd++)
                count -= fd >= _files.Length || _files[fd] is null ? 1 : 0;
            return count == 0;
        }
    }

    /// <summary>Several threads may use the table at once: set when a second thread or process joins, and left so.</summary>
    public bool IsConcurrent { get; set; }

    /// <summary>
    /// The file of a descriptor, for the calling guest thread's use during one system call. Only where others could close it meanwhile is a reference held, in <see cref="Pins"/>.
    /// </summary>
    public OpenFile? Get(int fd)
    {
        while (true)
        {
            OpenFile?[] files = Volatile.Read(ref _files);
            OpenFile? file = (uint)fd < (uint)files.Length ? Volatile.Read(ref files[fd]) : null;
            if (file is null || !IsConcurrent || Pins.Current is not { } pins)
                return file;
            if (!file.TryAddReference())
                continue;
            pins.Hold(file);
            files = Volatile.Read(ref _files);
            if (Volatile.Read(ref files[fd]) == file)
                return file;
        }
    }

    /// <summary>The file of a descriptor with a reference that the caller releases.</summary>
    public OpenFile? Acquire(int fd)
    {
        lock (_lock)
        {
            OpenFile? file = (uint)fd < (uint)_files.Length ? _files[fd] : null;
            file?.AddReference();
            return file;
        }
    }

    /// <summary>Closes a descriptor; 0 or -EBADF.</summary>
    public int Close(int fd)
    {
        OpenFile? file;
        lock (_lock)
        {
            file = (uint)fd < (uint)_files.Length ? _files[fd] : null;
            if (file is null)
                return -Errno.EBADF;
            Clear(fd);
        }
        RecordLocks?.Release(file, this);
        file.Release();
        return 0;
    }

    /// <summary>Makes a descriptor refer to a file, closing what it referred to before, and takes over the caller's reference.</summary>
    /// <returns>The descriptor, or -EBADF when it is not below the limit (the reference is released then).</returns>
    public int Replace(int fd, OpenFile file, bool closeOnExec)
    {
        OpenFile? old;
        lock (_lock)
        {
            if ((uint)fd >= (uint)Math.Min(Limit, Absolute))
            {
                old = file;
                fd = -Errno.EBADF;
            }
            else
            {
                old = fd < _files.Length ? _files[fd] : null;
                Put(fd, file, closeOnExec);
            }
        }
        if (old is not null && !ReferenceEquals(old, file))
            RecordLocks?.Release(old, this);
        old?.Release();
        return fd;
    }

    /// <summary>Whether execve closes a descriptor (FD_CLOEXEC).</summary>
    public bool GetCloseOnExec(int fd)
    {
        lock (_lock)
            return (uint)fd < (uint)_files.Length && (_closeOnExec[fd / 64] & (1UL << (fd % 64))) != 0;
    }

    /// <summary>Sets whether execve closes a descriptor.</summary>
    public void SetCloseOnExec(int fd, bool value)
    {
        lock (_lock)
        {
            if ((uint)fd < (uint)_files.Length && _files[fd] is not null)
                Mark(fd, value);
        }
    }

    /// <summary>Closes, or marks close-on-exec, every open descriptor of a range (close_range).</summary>
    public void CloseRange(uint first, uint last, bool markOnly)
    {
        for (uint fd = first; fd <= last && fd < (uint)_files.Length; fd++)
        {
            if (markOnly)
                SetCloseOnExec((int)fd, true);
            else
                _ = Close((int)fd);
        }
    }

    /// <summary>Closes what execve closes.</summary>
    public void CloseOnExec()
    {
        for (int fd = 0; fd < _files.Length; fd++)
        {
            if (GetCloseOnExec(fd))
                _ = Close(fd);
        }
    }

    /// <summary>Closes everything: the process ends.</summary>
    public void CloseAll() => CloseRange(0, uint.MaxValue, markOnly: false);

    /// <summary>Whether more than one process uses the table.</summary>
    public bool IsShared => Volatile.Read(ref _users) > 1;

    /// <summary>The same table for one more process (CLONE_FILES).</summary>
    public FdTable Share()
    {
        Interlocked.Increment(ref _users);
        IsConcurrent = true;
        return this;
    }

    /// <summary>A process uses the table no more; the last closes everything.</summary>
    public void Release()
    {
        if (Interlocked.Decrement(ref _users) == 0)
            CloseAll();
    }

    /// <summary>A copy for a new process, sharing the open files.</summary>
    public FdTable Clone()
    {
        FdTable copy = new() { Limit = Limit };
        lock (_lock)
        {
            copy._files = [.. _files];
            copy._closeOnExec = [.. _closeOnExec];
            copy._lowestFree = _lowestFree;
            foreach (OpenFile? file in _files)
                file?.AddReference();
        }
        return copy;
    }

    /// <summary>The open descriptors, ascending.</summary>
    public List<int> Descriptors()
    {
        List<int> result = [];
        lock (_lock)
        {
            for (int fd = 0; fd < _files.Length; fd++)
            {
                if (_files[fd] is not null)
                    result.Add(fd);
            }
        }
        return result;
    }

    private void Put(int fd, OpenFile file, bool closeOnExec)
    {
        if (fd >= _files.Length)
        {
            int length = Math.Max(_files.Length * 2, (fd + 64) & ~63);
            OpenFile?[] files = new OpenFile?[length];
            _files.CopyTo(files, 0);
            Array.Resize(ref _closeOnExec, (length + 63) / 64);
            Volatile.Write(ref _files, files);
        }
        _files[fd] = file;
        Mark(fd, closeOnExec);
    }

    private void Clear(int fd)
    {
        _files[fd] = null;
        Mark(fd, false);
        _lowestFree = Math.Min(_lowestFree, fd);
    }

    private void Mark(int fd, bool value)
    {
        ulong bit = 1UL << (fd % 64);
        if (value)
            _closeOnExec[fd / 64] |= bit;
        else
            _closeOnExec[fd / 64] &= ~bit;
    }
}
