using System.Buffers.Binary;
using System.Text;
using Faultline.Linux.Abi;
using Faultline.Linux.Abi.Files;
using Faultline.Linux.Abi.Net;
using Faultline.Linux.Host;
using Faultline.Linux.Vfs;

namespace Faultline.Linux.Net.Unix;

// Names. An address is the family, two bytes, and up to 108 bytes of name.
internal sealed partial class UnixSocket
{
    private const int NameOffset = 2;
    private const int AddressMax = NameOffset + 108;

    /// <summary>The name as bytes, a path with its NUL; null for none. Written once, with the network's lock held.</summary>
    private byte[]? _name;
    private string? _abstractName;
    private OpenFile? _entry;
    private FileStatus _entryStatus;

    /// <inheritdoc/>
    public override int Bind(in SocketUser user, ReadOnlySpan<byte> address)
    {
        if (address.Length == NameOffset && Family == BinaryPrimitives.ReadInt16LittleEndian(address))
            return BindAutomatically();
        int result = CheckAddress(address, out ReadOnlySpan<byte> name);
        if (result < 0)
            return result;
        return name[0] == 0 ? BindAbstract(name) : BindPath(user, name);
    }

    /// <inheritdoc/>
    public override int GetName(Span<byte> address, bool peer)
    {
        UnixSocket? socket = this;
        if (peer)
        {
            socket = Volatile.Read(ref _peer);
            if (socket is null)
                return -Errno.ENOTCONN;
        }
        byte[] whole = AddressOf(socket);
        whole.CopyTo(address);
        return whole.Length;
    }

    /// <summary>Checks an address and finds the name in it: a path up to its NUL, or an abstract name with its leading NUL (unix_validate_addr, unix_mkname_bsd).</summary>
    private static int CheckAddress(ReadOnlySpan<byte> address, out ReadOnlySpan<byte> name)
    {
        name = default;
        if (address.Length is <= NameOffset or > AddressMax || BinaryPrimitives.ReadInt16LittleEndian(address) != Sockets.AF_UNIX)
            return -Errno.EINVAL;
        name = address[NameOffset..];
        if (name[0] != 0 && name.IndexOf((byte)0) is >= 0 and int end)
            name = name[..end];
        return 0;
    }

    private static byte[] AddressOf(UnixSocket socket)
    {
        byte[] name = Volatile.Read(ref socket._name) ?? [];
        byte[] address = new byte[NameOffset + name.Length];
        address[0] = Sockets.AF_UNIX;
        name.CopyTo(address, NameOffset);
        return address;
    }

    private int BindAbstract(ReadOnlySpan<byte> name)
    {
        string text = Encoding.Latin1.GetString(name);
        lock (_network.Lock)
        {
            if (_name is not null)
                return -Errno.EINVAL;
            if (!_network.TryAddAbstract(text, this))
                return -Errno.EADDRINUSE;
            _abstractName = text;
            Volatile.Write(ref _name, name.ToArray());
            return 0;
        }
    }

    private int BindAutomatically()
    {
        lock (_network.Lock)
        {
            if (_name is not null)
                return 0;
            string? name = _network.AddAutomatic(this);
            if (name is null)
                return -Errno.ENOSPC;
            _abstractName = name;
            Volatile.Write(ref _name, KernelText.ToBytes(name));
            return 0;
        }
    }

    private int BindPath(in SocketUser user, ReadOnlySpan<byte> name)
    {
        string path = Encoding.Latin1.GetString(name);
        FsContext context = user.FileSystem;
        int result = context.Vfs.MakeNode(context, context.Current, path, ModeBits.S_IFSOCK | Mode, 0);
        if (result < 0)
            return result == -Errno.EEXIST ? -Errno.EADDRINUSE : result;
        // The entry is kept open, so that no other file takes over its inode number while this socket is found by it.
        result = context.Vfs.Open(context, context.Current, path, OpenFlags.O_PATH | OpenFlags.O_NOFOLLOW, 0, out OpenFile? entry);
        if (result == 0)
            result = entry!.Stat(out _entryStatus);
        if (result == 0)
        {
            lock (_network.Lock)
            {
                if (_name is null)
                {
                    _entry = entry;
                    _network.AddPath(_entryStatus, this);
                    Volatile.Write(ref _name, [.. name, 0]);
                    return 0;
                }
            }
            result = -Errno.EINVAL;
        }
        entry?.Release();
        _ = context.Vfs.Remove(context, context.Current, path, isDirectory: false);
        return result;
    }

    /// <summary>A socket that wants the sender's ids gets a name to be answered at.</summary>
    private int BindForCredentials() => Settings.PassCredentials && _name is null ? BindAutomatically() : 0;

    /// <summary>Forgets the name; an entry of the tree stays. With the network's lock held.</summary>
    private void RemoveName()
    {
        if (_abstractName is not null)
            _network.RemoveAbstract(_abstractName, this);
        if (_entry is not null)
            _network.RemovePath(_entryStatus);
        _abstractName = null;
        _entry?.Release();
        _entry = null;
    }
}
