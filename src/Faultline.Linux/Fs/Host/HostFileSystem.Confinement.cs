using System.Runtime.CompilerServices;
using Faultline.Linux.Abi;
using Faultline.Linux.Vfs;
using static Faultline.Linux.Abi.Files.OpenFlags;

namespace Faultline.Linux.Fs.Host;

// What a guest must not reach: what is outside the folder, devices in it, and with a read-only one any change.
internal sealed partial class HostFileSystem
{
    /// <summary>Steps towards the root that are looked at; a path is never as long.</summary>
    private const int DeepestDirectory = PathWalk.PathMax;

    /// <summary>Nothing can be changed through here (EROFS).</summary>
    public bool IsReadOnly { get; }

    /// <summary>Only a part of the host shows: its devices do not open, and descriptors the guest was started with give no more rights than they have.</summary>
    public bool IsConfined
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => _hostPrefix.Length > 0 || IsReadOnly;
    }

    /// <summary>
    /// Whether a directory lies below this file system's root now. One that was moved away while somebody stood in it does not, and climbing from there would
    /// pass the root by (path_connected).
    /// </summary>
    private bool IsBelowRoot(int handle)
    {
        if (Files.Stat(_root.Handle, "", out FileStatus root) < 0 || Files.Stat(handle, "", out FileStatus at) < 0)
            return false;
        int current = handle;
        try
        {
            for (int i = 0; i < DeepestDirectory; i++)
            {
                if (IsSame(at, root))
                    return true;
                int next = Files.Open(current, "..", O_PATH | O_DIRECTORY, 0);
                if (current != handle)
                    _ = Files.Close(current);
                current = next;
                FileStatus below = at;
                if (next < 0 || Files.Stat(next, "", out at) < 0 || IsSame(at, below))
                    return false;
            }
            return false;
        }
        finally
        {
            if (current >= 0 && current != handle)
                _ = Files.Close(current);
        }
    }

    private static bool IsSame(in FileStatus one, in FileStatus other) =>
        (one.DeviceMajor, one.DeviceMinor, one.Inode) == (other.DeviceMajor, other.DeviceMinor, other.Inode);

    /// <summary>Whether an open is a change that a read-only folder refuses; 0 or -EROFS. A file that exists and is no regular one may be written to.</summary>
    private int CheckReadOnly(int directory, string name, int flags)
    {
        const int changes = O_CREAT | O_TRUNC | O_TMPFILE_BIT;
        if (!IsReadOnly || (flags & O_PATH) != 0 || ((flags & changes) == 0 && (flags & O_ACCMODE) == O_RDONLY))
            return 0;
        if ((flags & O_TMPFILE_BIT) != 0 || Files.Stat(directory, name, out FileStatus status) < 0)
            return -Errno.EROFS;
        bool writes = (flags & O_TRUNC) != 0 || (flags & O_ACCMODE) != O_RDONLY;
        return writes && status.IsRegular ? -Errno.EROFS : 0;
    }

    /// <summary>0, or -EROFS for a change in a read-only folder; an entry that is to be made and exists is -EEXIST all the same.</summary>
    private int CheckChange(DirectoryNode directory, string newName)
    {
        if (!IsReadOnly)
            return 0;
        return newName.Length > 0 && Files.Stat(Handle(directory), newName.TrimEnd('/'), out _) == 0 ? -Errno.EEXIST : -Errno.EROFS;
    }
}
