using System.Runtime.InteropServices;
using Faultline.Linux.Abi;
using Faultline.Linux.Abi.Net;
using Faultline.Linux.Kernel;
using Faultline.Linux.Net;
using Faultline.Linux.Vfs;

namespace Faultline.Linux.Syscalls.Net;

/// <summary>Ancillary data of local sockets: open files and ids (net/core/scm.c, cmsg(3)).</summary>
internal static class ControlData
{
    /// <summary>Most bytes of ancillary data in one message (net.core.optmem_max).</summary>
    public const int Max = 20480;

    /// <summary>Most files in one message (SCM_MAX_FD).</summary>
    private const int MaxFiles = 253;

    /// <summary>Reads what a program wants to send along.</summary>
    /// <param name="task">The caller.</param>
    /// <param name="control">The data as the program wrote it.</param>
    /// <param name="message">Gets the files, each with a reference for the caller, and the ids.</param>
    /// <returns>0, -EINVAL, -EBADF, -EPERM, -ESRCH.</returns>
    public static int Parse(Task task, ReadOnlySpan<byte> control, ref OutgoingMessage message)
    {
        List<OpenFile> files = [];
        int result = Parse(task, control, files, ref message);
        if (result == 0 && files.Count > 0)
            message.Files = [.. files];
        if (result < 0)
            files.ForEach(file => file.Release());
        return result;
    }

    /// <summary>Writes what came along to the guest, and gives the receiver its descriptors.</summary>
    /// <param name="task">The caller.</param>
    /// <param name="message">What was received; its references to files are used up.</param>
    /// <param name="header">Where to: msg_control and msg_controllen, which is set to what was written; MSG_CTRUNC in msg_flags.</param>
    /// <param name="flags">MSG_CMSG_CLOEXEC counts.</param>
    public static int Deliver(Task task, ref IncomingMessage message, ref Msghdr header, int flags)
    {
        ulong start = header.msg_control, room = start == 0 ? 0 : header.msg_controllen, used = 0;
        int result = 0;
        if (message.Credentials is { } ids)
            result = Put(task, start, room, ref used, SocketOptions.SCM_CREDENTIALS, MemoryMarshal.AsBytes(new ReadOnlySpan<Ucred>(in ids)), ref header);
        if (message.Files is { } files)
        {
            int given = result < 0 ? 0 : PutFiles(task, start + used, room - used, files, (flags & MessageFlags.MSG_CMSG_CLOEXEC) != 0);
            if (given > 0)
                used = Math.Min(used + Cmsghdr.Align((ulong)(Cmsghdr.Size + (given * sizeof(int)))), room);
            if (given < files.Length)
                header.msg_flags |= MessageFlags.MSG_CTRUNC;
            message.Files = null;
        }
        header.msg_controllen = used;
        return result;
    }

    /// <summary>Gives up files that nobody asked for.</summary>
    public static void Drop(ref IncomingMessage message)
    {
        foreach (OpenFile file in message.Files ?? [])
            file.Release();
        message.Files = null;
    }

    private static int Parse(Task task, ReadOnlySpan<byte> control, List<OpenFile> files, ref OutgoingMessage message)
    {
        while (control.Length >= Cmsghdr.Size)
        {
            Cmsghdr head = MemoryMarshal.Read<Cmsghdr>(control);
            if (head.cmsg_len < Cmsghdr.Size || head.cmsg_len > (ulong)control.Length)
                return -Errno.EINVAL;
            ReadOnlySpan<byte> data = control[Cmsghdr.Size..(int)head.cmsg_len];
            if (head.cmsg_level == Sockets.SOL_SOCKET)
            {
                int result = head.cmsg_type switch
                {
                    SocketOptions.SCM_RIGHTS => ParseFiles(task, data, files),
                    SocketOptions.SCM_CREDENTIALS => ParseCredentials(task, data, ref message),
                    _ => -Errno.EINVAL,
                };
                if (result < 0)
                    return result;
            }
            ulong next = Cmsghdr.Align(head.cmsg_len);
            if (next >= (ulong)control.Length)
                break;
            control = control[(int)next..];
        }
        return 0;
    }

    private static int ParseFiles(Task task, ReadOnlySpan<byte> data, List<OpenFile> files)
    {
        ReadOnlySpan<int> descriptors = MemoryMarshal.Cast<byte, int>(data);
        if (files.Count + descriptors.Length > MaxFiles)
            return -Errno.EINVAL;
        foreach (int descriptor in descriptors)
        {
            // A descriptor of O_PATH may be passed on; an io_uring could not.
            if (task.Process.Files.Acquire(descriptor) is not { } file)
                return -Errno.EBADF;
            files.Add(file);
        }
        return 0;
    }

    /// <summary>A program may claim the ids it has; a privileged one any (scm_check_creds).</summary>
    private static int ParseCredentials(Task task, ReadOnlySpan<byte> data, ref OutgoingMessage message)
    {
        if (data.Length != Marshal.SizeOf<Ucred>())
            return -Errno.EINVAL;
        Ucred ids = MemoryMarshal.Read<Ucred>(data);
        Credentials mine = task.Credentials;
        bool isAllowed = mine.IsPrivileged
            || (ids.pid == task.Process.Pid
                && (ids.uid == mine.Uid || ids.uid == mine.Euid || ids.uid == mine.Suid)
                && (ids.gid == mine.Gid || ids.gid == mine.Egid || ids.gid == mine.Sgid));
        if (!isAllowed)
            return -Errno.EPERM;
        if (ids.pid != task.Process.Pid && task.Kernel.FindTask(ids.pid) is null)
            return -Errno.ESRCH;
        if (ids.uid == uint.MaxValue || ids.gid == uint.MaxValue)
            return -Errno.EINVAL;
        message.Credentials = ids;
        return 0;
    }

    /// <summary>put_cmsg: what does not fit is cut, and MSG_CTRUNC says so.</summary>
    private static int Put(Task task, ulong start, ulong room, ref ulong used, int type, ReadOnlySpan<byte> data, ref Msghdr header)
    {
        if (room - used < Cmsghdr.Size)
        {
            header.msg_flags |= MessageFlags.MSG_CTRUNC;
            return 0;
        }
        ulong length = (ulong)(Cmsghdr.Size + data.Length);
        if (length > room - used)
        {
            header.msg_flags |= MessageFlags.MSG_CTRUNC;
            length = room - used;
        }
        Cmsghdr head = new() { cmsg_len = length, cmsg_level = Sockets.SOL_SOCKET, cmsg_type = type };
        ReadOnlySpan<byte> cut = data[..(int)(length - Cmsghdr.Size)];
        if (!task.Memory.TryWrite(start + used, head) || task.Memory.Write(start + used + Cmsghdr.Size, cut) != cut.Length)
            return -Errno.EFAULT;
        used += Math.Min(Cmsghdr.Align(length), room - used);
        return 0;
    }

    /// <summary>Gives the receiver descriptors of as many files as there is room for, and the rest up (scm_detach_fds).</summary>
    private static int PutFiles(Task task, ulong start, ulong room, OpenFile[] files, bool closeOnExec)
    {
        int most = room < Cmsghdr.Size ? 0 : (int)Math.Min((room - Cmsghdr.Size) / sizeof(int), (ulong)files.Length);
        int given = 0;
        for (; given < most; given++)
        {
            ulong place = start + Cmsghdr.Size + (ulong)(given * sizeof(int));
            if (!task.Memory.TryWrite(place, -1))
                break;
            files[given].AddReference();
            int descriptor = task.Process.Files.Add(files[given], closeOnExec);
            if (descriptor < 0)
                break;
            _ = task.Memory.TryWrite(place, descriptor);
        }
        foreach (OpenFile file in files)
            file.Release();
        if (given > 0)
        {
            ulong length = (ulong)(Cmsghdr.Size + (given * sizeof(int)));
            _ = task.Memory.TryWrite(start, new Cmsghdr { cmsg_len = length, cmsg_level = Sockets.SOL_SOCKET, cmsg_type = SocketOptions.SCM_RIGHTS });
        }
        return given;
    }
}
