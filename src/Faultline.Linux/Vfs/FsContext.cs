using System.Runtime.CompilerServices;

namespace Faultline.Linux.Vfs;

/// <summary>A process's place in the tree (Linux's fs_struct): root, current directory and umask. Shared by threads; a fork copies it.</summary>
internal sealed class FsContext
{
    private readonly Lock _lock = new();
    private DirectoryNode _root;
    private DirectoryNode _current;
    private int _users = 1;

    /// <summary>Starts at two directories and takes over a reference to each.</summary>
    public FsContext(VirtualFileSystem vfs, DirectoryNode root, DirectoryNode current, uint umask)
    {
        Vfs = vfs;
        _root = root;
        _current = current;
        Umask = umask;
    }

    /// <summary>The tree.</summary>
    public VirtualFileSystem Vfs { get; }

    /// <summary>Where absolute paths start (chroot).</summary>
    public DirectoryNode Root => IsConcurrent ? Hold(ref _root) : _root;

    /// <summary>Whether absolute paths start at the root of the tree.</summary>
    public bool HasWholeTree
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => ReferenceEquals(Volatile.Read(ref _root), Vfs.Root);
    }

    /// <summary>Where relative paths start (chdir).</summary>
    public DirectoryNode Current => IsConcurrent ? Hold(ref _current) : _current;

    /// <summary>Several threads may use this at once: set when a second thread or process joins, and left so.</summary>
    public bool IsConcurrent { get; set; }

    /// <summary>Permission bits that new files do not get.</summary>
    public uint Umask { get; set; }

    /// <summary>Changes the root and takes over the reference.</summary>
    public void SetRoot(DirectoryNode root)
    {
        lock (_lock)
            (_root, root) = (root, _root);
        root.Release();
    }

    /// <summary>Changes the current directory and takes over the reference.</summary>
    public void SetCurrent(DirectoryNode directory)
    {
        lock (_lock)
            (_current, directory) = (directory, _current);
        directory.Release();
    }

    /// <summary>A copy for a new process.</summary>
    public FsContext Clone()
    {
        lock (_lock)
        {
            _root.AddReference();
            _current.AddReference();
            return new FsContext(Vfs, _root, _current, Umask);
        }
    }

    /// <summary>The same for one more process (CLONE_FS).</summary>
    public FsContext Share()
    {
        Interlocked.Increment(ref _users);
        IsConcurrent = true;
        return this;
    }

    /// <summary>A process uses this no more; the last gives up both directories.</summary>
    public void Release()
    {
        if (Interlocked.Decrement(ref _users) != 0)
            return;
        _root.Release();
        _current.Release();
    }

    /// <summary>A directory that another thread may leave: held until the end of the calling thread's system call.</summary>
    private DirectoryNode Hold(ref DirectoryNode place)
    {
        if (Pins.Current is not { } pins)
            return place;
        lock (_lock)
        {
            place.AddReference();
            pins.Hold(place);
            return place;
        }
    }
}
