using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using Faultline.Linux.Host;
using static Faultline.Linux.Abi.Files.OpenFlags;

namespace Faultline.Linux.Fs.Host;

/// <summary>
/// Folders that paths lead to from the root of a host's file system, kept so that the next path through them need not open and close each again. Every folder on the way is
/// watched, and the root: when one is moved, deleted or given other permissions, the host has said so before the call that did it returned, and all are forgotten. Thread-safe.
/// </summary>
/// <remarks>What the host mounts over such a folder it does not tell of; that is noticed after <see cref="Life"/>.</remarks>
internal sealed class HostPlaces
{
    /// <summary>Milliseconds after which a path is walked again.</summary>
    private const long Life = 50;

    /// <summary>Milliseconds for which nothing is kept after something has changed.</summary>
    private const long Rest = 20;

    private const int MaxPlaces = 64;

    /// <summary>
    /// Paths that come twice in a row before the first folder is kept. To end the watcher, as the end of this process does too, waits for the host's kernel, 5 to 15 ms each other time; all these walks
    /// together are one.
    /// </summary>
    public const int WorthWatching = 256;

    /// <summary>Folders watched at most.</summary>
    private const int MaxWatches = 1024;

    private const uint IN_ATTRIB = 0x004;
    private const uint IN_DELETE = 0x200;
    private const uint IN_MOVE_SELF = 0x800;
    private const uint IN_IGNORED = 0x8000;
    private const uint IN_ISDIR = 0x40000000;

    /// <summary>What a folder is watched for (linux/inotify.h). Its own end is told (IN_DELETE_SELF) only when nobody holds it any more; in the folder above it is told at once.</summary>
    private const uint Changes = IN_ATTRIB | IN_DELETE | IN_MOVE_SELF;

    /// <summary>Bytes of <c>struct inotify_event</c> before its name.</summary>
    private const int EventHeader = 16;

    /// <summary>Room for an event with the longest name.</summary>
    private const int EventRoom = 512;

    /// <summary>Events that were not read for a time: rather than to read more than this all is forgotten.</summary>
    private const int MaxReads = 16;

    private readonly IHostFiles _files;
    private readonly HostDirectory _root;
    private readonly Lock _lock = new();
    private readonly Dictionary<string, (HostDirectory Directory, long Until)> _places = [];

    /// <summary>All that was watched, also for places that are forgotten: to end a watch costs more than what it says, and to end the watcher some milliseconds.</summary>
    private readonly HashSet<int> _watches = [];
    private int _watcher = -1;

    /// <summary>The host refuses to watch.</summary>
    private bool _cannot;
    private long _restsUntil;
    private int _repetitions;
    private string _last = "";

    /// <summary>Makes an empty one.</summary>
    /// <param name="files">The host's files.</param>
    /// <param name="root">The folder that paths start from.</param>
    public HostPlaces(IHostFiles files, HostDirectory root)
    {
        _files = files;
        _root = root;
    }

    /// <summary>Forgets all for good.</summary>
    public void Close()
    {
        lock (_lock)
        {
            _cannot = true;
            Forget();
            if (_watcher >= 0)
                _ = _files.Close(_watcher);
            _watcher = -1;
        }
    }

    /// <summary>The folder that a path of plain names leads to, with a reference for the caller; null when it is to be walked.</summary>
    /// <param name="path">Names of folders without symbolic links among them, as far as is known, separated by <c>/</c>.</param>
    public HostDirectory? Find(string path)
    {
        lock (_lock)
        {
            if (!_places.TryGetValue(path, out (HostDirectory Directory, long Until) place))
                return null;
            if (place.Until < Environment.TickCount64)
            {
                _places.Remove(path);
                place.Directory.Release();
                return null;
            }
            if (HasChanged())
            {
                Forget();
                _restsUntil = Environment.TickCount64 + Rest;
                return null;
            }
            place.Directory.AddReference();
            return place.Directory;
        }
    }

    /// <summary>Whether folders are watched.</summary>
    public bool IsWatching => _watcher >= 0;

    /// <summary>A path has just been walked; keeps where it leads when it is the second time in a row, and that has happened <see cref="WorthWatching"/> times.</summary>
    public void Note(string path)
    {
        lock (_lock)
        {
            bool isRepeated = path == _last;
            _last = path;
            if (!isRepeated || (_repetitions < WorthWatching && ++_repetitions < WorthWatching))
                return;
            if (_cannot || Environment.TickCount64 < _restsUntil || _places.ContainsKey(path))
                return;
            if (_places.Count == MaxPlaces)
                Forget();
            // What was said while nothing was kept, or of what was kept.
            if (_watcher >= 0 && HasChanged())
                Forget();
            // The second time finds the same watches when nothing has come between a folder and its watch.
            List<int> watches = [], again = [];
            int handle = -1;
            if (Watch(path, watches) && Watch(path, again) && watches.SequenceEqual(again))
                handle = _files.OpenBeneath(_root.Handle, path, O_PATH | O_DIRECTORY, 0);
            if (handle < 0 || HasChanged())
            {
                if (handle >= 0)
                    _ = _files.Close(handle);
                Forget();
                return;
            }
            _places[path] = (new HostDirectory((HostFileSystem)_root.FileSystem, handle, "/" + path), Environment.TickCount64 + Life);
        }
    }

    /// <summary>Whether a watched folder has changed, or one in it has ended.</summary>
    [SkipLocalsInit]
    private bool HasChanged()
    {
        Span<byte> events = stackalloc byte[EventRoom];
        for (int i = 0; i < MaxReads; i++)
        {
            long length = _files.Read(_watcher, events);
            if (length == -Abi.Errno.EAGAIN)
                return false;
            if (length < EventHeader)
                return true;
            for (ReadOnlySpan<byte> rest = events[..(int)length]; !rest.IsEmpty;)
            {
                uint mask = BinaryPrimitives.ReadUInt32LittleEndian(rest[4..]);
                int name = BinaryPrimitives.ReadInt32LittleEndian(rest[12..]);
                // An event with a name is about what is in the folder. Of that only the end of another folder matters.
                if (name == 0 ? mask != IN_IGNORED : mask == (IN_DELETE | IN_ISDIR))
                    return true;
                rest = rest[(EventHeader + name)..];
            }
        }
        return true;
    }

    /// <summary>Watches the root and every folder on the way.</summary>
    private bool Watch(string path, List<int> watches)
    {
        if (_watcher < 0)
        {
            _watcher = _files.CreateWatcher();
            if (_watcher < 0)
            {
                _cannot = true;
                return false;
            }
        }
        if (_watches.Count > MaxWatches)
            Unwatch();
        int rootWatch = _files.AddWatch(_watcher, _root.Handle, Changes);
        if (rootWatch < 0)
            return false;
        _watches.Add(rootWatch);
        for (int end = path.IndexOf('/', StringComparison.Ordinal); ; end = path.IndexOf('/', end + 1))
        {
            int handle = _files.OpenBeneath(_root.Handle, end < 0 ? path : path[..end], O_PATH | O_DIRECTORY, 0);
            if (handle < 0)
                return false;
            int watch = _files.AddWatch(_watcher, handle, Changes);
            _ = _files.Close(handle);
            if (watch < 0)
                return false;
            watches.Add(watch);
            _watches.Add(watch);
            if (end < 0)
                return true;
        }
    }

    /// <summary>Forgets all; what they were watched for stays watched.</summary>
    private void Forget()
    {
        foreach ((HostDirectory directory, _) in _places.Values)
            directory.Release();
        _places.Clear();
    }

    /// <summary>Ends all watches, and forgets what depends on them.</summary>
    private void Unwatch()
    {
        Forget();
        foreach (int watch in _watches)
            _ = _files.RemoveWatch(_watcher, watch);
        _watches.Clear();
    }
}
