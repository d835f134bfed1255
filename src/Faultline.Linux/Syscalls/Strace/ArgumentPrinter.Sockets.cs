using System.Buffers.Binary;
using System.Net;
using System.Runtime.InteropServices;
using System.Text;
using Faultline.Linux.Abi.Net;
using Faultline.Linux.Kernel;

namespace Faultline.Linux.Syscalls.Strace;

// Addresses, options and messages of sockets.
internal static partial class ArgumentPrinter
{
    /// <summary>Remembers what the call is about to overwrite: the room for an address or value.</summary>
    public static void Enter(Task task, StraceCall call)
    {
        for (int i = 0; i < call.Row!.Count; i++)
        {
            if (call.Row[i] == Arg.LengthInOut && task.Memory.TryRead(call.Arguments[i], out int length))
                call.LengthBefore = length;
            else if (call.Row[i] == Arg.MsghdrOut && task.Memory.TryRead(call.Arguments[i], out Msghdr header))
                call.LengthBefore = header.msg_namelen;
        }
    }

    private static bool AppendSocket(Task task, StraceCall call, int index, Arg kind, ulong value, long result)
    {
        StringBuilder line = call.Line;
        switch (kind)
        {
            case Arg.SocketProtocol:
                AppendProtocol(line, call.Arguments.Int0, (uint)value);
                return true;
            case Arg.SocketOption:
                AppendOptionName(line, call.Arguments.Int1, (uint)value);
                return true;
            case Arg.SeccompOperation:
                AppendName(line, (uint)value, SocketNames.SeccompOperation, "SECCOMP_SET_MODE_???");
                return true;
            case Arg.SeccompFlags:
                AppendFlags(line, (uint)value, SocketNames.SeccompFlags, "SECCOMP_FILTER_FLAG_???");
                return true;
            case Arg.SockaddrIn:
                return AppendAddressOf(task, line, value, (int)call.Arguments[index + 1]);
            case Arg.SockaddrOut:
                return task.Memory.TryRead(call.Arguments[index + 1], out int given) && AppendAddressOf(task, line, value, Math.Min(given, call.LengthBefore));
            case Arg.LengthInOut:
                if (!task.Memory.TryRead(value, out int length))
                    return false;
                line.Append('[').Append(call.LengthBefore);
                if (length != call.LengthBefore)
                    line.Append(" => ").Append(length);
                line.Append(']');
                return true;
            case Arg.OptionIn:
                return AppendOption(task, line, call, value, (int)call.Arguments[index + 1]);
            case Arg.OptionOut:
                return task.Memory.TryRead(call.Arguments[index + 1], out int filled) && AppendOption(task, line, call, value, filled);
            case Arg.MsghdrIn:
            case Arg.MsghdrOut:
                return AppendMessage(task, line, value, kind == Arg.MsghdrIn ? long.MaxValue : result, kind == Arg.MsghdrOut ? call.LengthBefore : null);
            case Arg.MmsghdrOut:
                return AppendMessages(task, line, value, (ulong)result);
            default:
                return false;
        }
    }

    private static void AppendProtocol(StringBuilder line, int family, uint value)
    {
        if (family is Sockets.AF_INET or Sockets.AF_INET6)
            AppendName(line, value, SocketNames.Protocol, "IPPROTO_???");
        else if (family == Sockets.AF_NETLINK)
            AppendName(line, value, SocketNames.NetlinkProtocol, "NETLINK_???");
        else
            line.Append(value);
    }

    private static void AppendOptionName(StringBuilder line, int level, uint value)
    {
        (NamedValue[] table, string unknown) = SocketNames.OptionsOf(level);
        if (table.Length == 0)
            line.Append(value);
        else
            AppendName(line, value, table, unknown);
    }

    /// <summary>Appends an address as strace's print_sockaddr does; false when it is not there or too short to be one.</summary>
    private static bool AppendAddressOf(Task task, StringBuilder line, ulong address, int length)
    {
        if (address == 0 || length < sizeof(short))
            return false;
        Span<byte> bytes = stackalloc byte[Sockets.AddressMax];
        bytes = bytes[..Math.Min(length, bytes.Length)];
        if (task.Memory.Read(address, bytes) != bytes.Length)
            return false;
        line.Append("{sa_family=");
        int family = BinaryPrimitives.ReadUInt16LittleEndian(bytes);
        AppendName(line, (ulong)family, NameTables.SocketFamily, "AF_???");
        switch (family)
        {
            case Sockets.AF_UNIX:
                AppendUnixName(line, bytes[2..]);
                break;
            case Sockets.AF_INET when bytes.Length >= 16:
                line.Append(", sin_port=htons(").Append(BinaryPrimitives.ReadUInt16BigEndian(bytes[2..])).Append("), sin_addr=inet_addr(\"")
                    .Append(new IPAddress(bytes.Slice(4, 4))).Append("\")");
                break;
            case Sockets.AF_INET6 when bytes.Length >= 24:
                line.Append(", sin6_port=htons(").Append(BinaryPrimitives.ReadUInt16BigEndian(bytes[2..])).Append("), sin6_flowinfo=htonl(")
                    .Append(BinaryPrimitives.ReadUInt32BigEndian(bytes[4..])).Append("), inet_pton(AF_INET6, \"").Append(new IPAddress(bytes.Slice(8, 16)))
                    .Append("\", &sin6_addr)");
                if (bytes.Length >= 28)
                    line.Append(", sin6_scope_id=").Append(BinaryPrimitives.ReadUInt32LittleEndian(bytes[24..]));
                break;
            case Sockets.AF_NETLINK when bytes.Length >= 12:
                line.Append(", nl_pid=").Append(BinaryPrimitives.ReadInt32LittleEndian(bytes[4..])).Append(", nl_groups=")
                    .Append(BinaryPrimitives.ReadUInt32LittleEndian(bytes[8..]).ToString("x8"));
                break;
            default:
                if (bytes.Length > 2)
                {
                    line.Append(", sa_data=");
                    TextPrinter.Append(line, bytes[2..], isCut: false);
                }
                break;
        }
        line.Append('}');
        return true;
    }

    private static void AppendUnixName(StringBuilder line, ReadOnlySpan<byte> name)
    {
        if (name.IsEmpty)
            return;
        line.Append(", sun_path=");
        if (name[0] == 0)
        {
            line.Append('@');
            TextPrinter.Append(line, name[1..], isCut: false);
            return;
        }
        int end = name.IndexOf((byte)0);
        TextPrinter.Append(line, end < 0 ? name : name[..end], isCut: false);
    }

    private static bool AppendOption(Task task, StringBuilder line, StraceCall call, ulong address, int length)
    {
        if (address == 0 || length < 0)
            return false;
        int level = call.Arguments.Int1, name = call.Arguments.Int2;
        if (level == Sockets.SOL_SOCKET && name == SocketOptions.SO_LINGER && length >= 8 && task.Memory.TryRead(address, out ulong linger))
        {
            line.Append("{l_onoff=").Append((int)linger).Append(", l_linger=").Append((int)(linger >> 32)).Append('}');
            return true;
        }
        if (level == Sockets.SOL_SOCKET && name == SocketOptions.SO_PEERCRED && length >= 12 && task.Memory.TryRead(address, out Ucred ids))
        {
            AppendIds(line, ids);
            return true;
        }
        if (length == sizeof(int) && task.Memory.TryRead(address, out int number))
        {
            line.Append('[').Append(number).Append(']');
            return true;
        }
        if (length < sizeof(int) && call.Row!.Name == "setsockopt")
            return false;
        AppendBytes(task, line, address, (ulong)length);
        return true;
    }

    private static void AppendIds(StringBuilder line, in Ucred ids) =>
        line.Append("{pid=").Append(ids.pid).Append(", uid=").Append(ids.uid).Append(", gid=").Append(ids.gid).Append('}');

    /// <summary>Appends a message header.</summary>
    /// <param name="task">Whose memory.</param>
    /// <param name="line">Where to.</param>
    /// <param name="address">Where it is.</param>
    /// <param name="filled">Bytes of the pieces that mean something.</param>
    /// <param name="nameLengthBefore">Room for the address before a receive; null of a send.</param>
    private static bool AppendMessage(Task task, StringBuilder line, ulong address, long filled, int? nameLengthBefore)
    {
        if (address == 0 || !task.Memory.TryRead(address, out Msghdr header))
            return false;
        line.Append("{msg_name=");
        if (!AppendAddressOf(task, line, header.msg_name, Math.Min(header.msg_namelen, nameLengthBefore ?? int.MaxValue)))
            AppendAddress(line, header.msg_name);
        line.Append(", msg_namelen=");
        if (nameLengthBefore is { } before && before != header.msg_namelen)
            line.Append(before).Append(" => ");
        line.Append(header.msg_namelen).Append(", msg_iov=");
        if (header.msg_iovlen <= 1024 && task.Memory.TryRead(header.msg_iov, out ulong _))
            AppendVectors(task, line, header.msg_iov, (int)header.msg_iovlen, filled);
        else
            AppendAddress(line, header.msg_iov);
        line.Append(", msg_iovlen=").Append(header.msg_iovlen);
        if (header.msg_control != 0 && header.msg_controllen != 0)
        {
            line.Append(", msg_control=");
            AppendControl(task, line, header.msg_control, header.msg_controllen);
        }
        line.Append(", msg_controllen=").Append(header.msg_controllen).Append(", msg_flags=");
        AppendFlags(line, header.msg_flags, NameTables.Message, "MSG_???");
        line.Append('}');
        return true;
    }

    private static bool AppendMessages(Task task, StringBuilder line, ulong address, ulong count)
    {
        const ulong size = 64, lengthOffset = 56;
        if (address == 0)
            return false;
        line.Append('[');
        for (ulong i = 0; i < Math.Min(count, TextPrinter.Shown); i++)
        {
            if (!task.Memory.TryRead(address + (i * size) + lengthOffset, out uint length))
                break;
            line.Append(i == 0 ? "{msg_hdr=" : ", {msg_hdr=");
            _ = AppendMessage(task, line, address + (i * size), length, null);
            line.Append(", msg_len=").Append(length).Append('}');
        }
        line.Append(']');
        return true;
    }

    private static void AppendControl(Task task, StringBuilder line, ulong address, ulong length)
    {
        byte[] control = new byte[(int)Math.Min(length, 1024)];
        if (task.Memory.Read(address, control) != control.Length)
        {
            AppendAddress(line, address);
            return;
        }
        line.Append('[');
        ReadOnlySpan<byte> rest = control;
        for (bool first = true; rest.Length >= Cmsghdr.Size; first = false)
        {
            Cmsghdr head = MemoryMarshal.Read<Cmsghdr>(rest);
            line.Append(first ? "{cmsg_len=" : ", {cmsg_len=").Append(head.cmsg_len).Append(", cmsg_level=");
            AppendName(line, (uint)head.cmsg_level, NameTables.SocketLevel, "SOL_???");
            line.Append(", cmsg_type=");
            if (head.cmsg_level == Sockets.SOL_SOCKET)
                AppendName(line, (uint)head.cmsg_type, SocketNames.Ancillary, "SCM_???");
            else
                AppendOptionName(line, head.cmsg_level, (uint)head.cmsg_type);
            if (head.cmsg_len < Cmsghdr.Size || head.cmsg_len > (ulong)rest.Length)
            {
                line.Append("}, ...");
                break;
            }
            AppendControlData(line, head, rest[Cmsghdr.Size..(int)head.cmsg_len]);
            line.Append('}');
            rest = rest[(int)Math.Min(Cmsghdr.Align(head.cmsg_len), (ulong)rest.Length)..];
        }
        line.Append(']');
    }

    private static void AppendControlData(StringBuilder line, in Cmsghdr head, ReadOnlySpan<byte> data)
    {
        if (head.cmsg_level != Sockets.SOL_SOCKET || data.IsEmpty)
            return;
        if (head.cmsg_type == SocketOptions.SCM_RIGHTS)
        {
            line.Append(", cmsg_data=[").AppendJoin(", ", MemoryMarshal.Cast<byte, int>(data).ToArray()).Append(']');
        }
        else if (head.cmsg_type == SocketOptions.SCM_CREDENTIALS && data.Length >= 12)
        {
            line.Append(", cmsg_data=");
            AppendIds(line, MemoryMarshal.Read<Ucred>(data));
        }
    }
}
