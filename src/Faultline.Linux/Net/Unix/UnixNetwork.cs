using System.Text;
using Faultline.Linux.Abi;
using Faultline.Linux.Vfs;

namespace Faultline.Linux.Net.Unix;

/// <summary>The names of local sockets (unix(7)): abstract ones, and those that are entries of the tree.</summary>
/// <remarks>Its lock guards names, peers and states of all sockets; it is taken before that of a socket's queue.</remarks>
internal sealed class UnixNetwork
{
    private readonly Dictionary<(int Type, string Name), UnixSocket> _abstract = [];
    private readonly Dictionary<(uint Major, uint Minor, ulong Inode), UnixSocket> _paths = [];
    private uint _lastAutomatic;

    /// <summary>Guards what the remarks say.</summary>
    public Lock Lock { get; } = new();

    /// <summary>Open files on their way through sockets.</summary>
    public UnixInFlight InFlight { get; } = new();

    /// <summary>Enters an abstract name (one char per byte, the leading NUL included); false when it is taken. With the lock held.</summary>
    public bool TryAddAbstract(string name, UnixSocket socket) => _abstract.TryAdd((socket.Type, name), socket);

    /// <summary>The bytes of a name that no socket of this type has: a NUL and five hexadecimal digits. With the lock held.</summary>
    public string? AddAutomatic(UnixSocket socket)
    {
        const uint limit = 0x100000;
        for (uint tries = 0; tries < limit; tries++)
        {
            string name = "\0" + (_lastAutomatic++ % limit).ToString("x5");
            if (TryAddAbstract(name, socket))
                return name;
        }
        return null;
    }

    /// <summary>Enters a socket as what an entry of the tree leads to. With the lock held.</summary>
    public void AddPath(in FileStatus status, UnixSocket socket) => _paths[(status.DeviceMajor, status.DeviceMinor, status.Inode)] = socket;

    /// <summary>Forgets an abstract name. With the lock held.</summary>
    public void RemoveAbstract(string name, UnixSocket socket) => _ = _abstract.Remove((socket.Type, name));

    /// <summary>Forgets a socket of the tree. With the lock held.</summary>
    public void RemovePath(in FileStatus status) => _ = _paths.Remove((status.DeviceMajor, status.DeviceMinor, status.Inode));

    /// <summary>Finds the socket an address leads to (unix_find_other), with the errors in Linux's order.</summary>
    /// <param name="user">Who asks.</param>
    /// <param name="name">The name: a path, or an abstract name with its leading NUL.</param>
    /// <param name="type">The type wanted.</param>
    /// <param name="found">The socket with a reference for the caller.</param>
    public int Find(in SocketUser user, ReadOnlySpan<byte> name, int type, out UnixSocket? found)
    {
        found = null;
        string text = Encoding.Latin1.GetString(name);
        if (text[0] == '\0')
        {
            lock (Lock)
                return Take(_abstract.GetValueOrDefault((type, text)), ref found) ? 0 : -Errno.ECONNREFUSED;
        }
        FsContext context = user.FileSystem;
        int result = context.Vfs.Stat(context, context.Current, text, follow: true, out FileStatus status);
        if (result == 0)
            result = context.Vfs.Access(context, context.Current, text, Abi.Files.AtFlags.W_OK, effective: true, follow: true);
        if (result < 0)
            return result;
        if (status.Type != Abi.Files.ModeBits.S_IFSOCK)
            return -Errno.ECONNREFUSED;
        lock (Lock)
        {
            if (!Take(_paths.GetValueOrDefault((status.DeviceMajor, status.DeviceMinor, status.Inode)), ref found))
                return -Errno.ECONNREFUSED;
        }
        if (found!.Type == type)
            return 0;
        found.Release();
        found = null;
        return -Errno.EPROTOTYPE;
    }

    private static bool Take(UnixSocket? socket, ref UnixSocket? found)
    {
        if (socket is null || !socket.TryAddReference())
            return false;
        found = socket;
        return true;
    }
}
