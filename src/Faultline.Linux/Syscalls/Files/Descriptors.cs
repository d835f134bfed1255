using Faultline.Linux.Abi;
using Faultline.Linux.Abi.Files;
using Faultline.Linux.Kernel;
using Faultline.Linux.Syscalls.Net;
using Faultline.Linux.Vfs;
using static Faultline.Linux.Abi.Files.FcntlCommands;
using static Faultline.Linux.Abi.Files.OpenFlags;

namespace Faultline.Linux.Syscalls.Files;

/// <summary>dup(2), fcntl(2), ioctl(2), lseek(2) and flock(2): what is done with descriptors (fs/file.c, fs/fcntl.c, fs/ioctl.c).</summary>
internal static partial class Descriptors
{
    /// <summary>int dup(int oldfd)</summary>
    public static long Dup(Task task, in SyscallArguments a)
    {
        FdTable files = task.Process.Files;
        return files.Acquire(a.Int0) is { } file ? files.Add(file) : -Errno.EBADF;
    }

    /// <summary>int dup2(int oldfd, int newfd)</summary>
    public static long Dup2(Task task, in SyscallArguments a)
    {
        FdTable files = task.Process.Files;
        if (a.Int0 == a.Int1)
            return files.Get(a.Int0) is null ? -Errno.EBADF : a.Int0;
        return files.Acquire(a.Int0) is { } file ? files.Replace(a.Int1, file, closeOnExec: false) : -Errno.EBADF;
    }

    /// <summary>int dup3(int oldfd, int newfd, int flags)</summary>
    public static long Dup3(Task task, in SyscallArguments a)
    {
        FdTable files = task.Process.Files;
        if ((a.Int2 & ~O_CLOEXEC) != 0 || a.Int0 == a.Int1)
            return -Errno.EINVAL;
        return files.Acquire(a.Int0) is { } file ? files.Replace(a.Int1, file, (a.Int2 & O_CLOEXEC) != 0) : -Errno.EBADF;
    }

    /// <summary>int fcntl(int fd, int op, arg)</summary>
    public static long Fcntl(Task task, in SyscallArguments a)
    {
        using FileUse use = FileUse.Of(task, a.Int0);
        if (use.IsClosed)
            return -Errno.EBADF;
        OpenFile file = use.File;
        FdTable files = task.Process.Files;
        int command = a.Int1;
        if (file.IsPath && command is not (F_DUPFD or F_DUPFD_CLOEXEC or F_GETFD or F_SETFD or F_GETFL))
            return -Errno.EBADF;
        switch (command)
        {
            case F_DUPFD or F_DUPFD_CLOEXEC:
                file.AddReference();
                return files.Add(file, command == F_DUPFD_CLOEXEC, a.A2 > int.MaxValue ? int.MaxValue : (int)a.A2);
            case F_GETFD:
                return files.GetCloseOnExec(a.Int0) ? FD_CLOEXEC : 0;
            case F_SETFD:
                files.SetCloseOnExec(a.Int0, (a.A2 & FD_CLOEXEC) != 0);
                return 0;
            case F_GETFL:
                // O_LARGEFILE is set on every file a 64-bit program opens; those made by other calls lack it, which nobody looks at.
                return file.Flags;
            case F_SETFL:
                return file.SetFlags(a.Int2);
            case F_GETLK or F_SETLK or F_SETLKW or F_OFD_GETLK or F_OFD_SETLK or F_OFD_SETLKW:
                return RangeLocks.Control(task, file, command, a.A2);
            case F_GETOWN:
                return file.SignalOwner;
            case F_SETOWN:
                return SetOwner(task, file, a.Int2);
            case F_GETOWN_EX or F_SETOWN_EX:
                return OwnerStructure(task, file, a.A2, command == F_SETOWN_EX);
            case F_GETSIG:
                return file.SignalNumber;
            case F_SETSIG:
                // Kept: signals for input are sent only with O_ASYNC, which no file here honours.
                if (a.A2 > 64)
                    return -Errno.EINVAL;
                file.SignalNumber = (int)a.A2;
                return 0;
            case F_DUPFD_QUERY:
                return ReferenceEquals(files.Get(a.Int2), file) ? 1 : 0;
            case F_GET_RW_HINT:
                return task.Memory.TryWrite(a.A2, file.LifetimeHint) ? 0 : -Errno.EFAULT;
            case F_SET_RW_HINT:
                if (!task.Memory.TryRead(a.A2, out ulong hint))
                    return -Errno.EFAULT;
                if (hint > 5)
                    return -Errno.EINVAL;
                file.LifetimeHint = hint;
                return 0;
            case F_NOTIFY:
                // Asking for nothing ends a watch there never was; watches themselves are refused, as by a kernel without CONFIG_DNOTIFY.
                return file.Directory is null ? -Errno.ENOTDIR : ((uint)a.A2 & 0x7FFFFFFF) == 0 ? 0 : -Errno.EINVAL;
            case F_GETLEASE:
                return F_UNLCK;
            default:
                return file.FileControl(command, a.A2);
        }
    }

    private static long SetOwner(Task task, OpenFile file, int owner)
    {
        if (owner == int.MinValue)
            return -Errno.EINVAL;
        if (owner > 0 && task.Kernel.Find(owner) is null)
            return -Errno.ESRCH;
        file.SignalOwner = owner;
        return 0;
    }

    /// <summary>struct f_owner_ex: what the number is (a thread, a process, a group), and the number.</summary>
    private static long OwnerStructure(Task task, OpenFile file, ulong address, bool sets)
    {
        const int thread = 0, process = 1, group = 2;
        if (!sets)
            return task.Memory.TryWrite(address, ((ulong)(uint)Math.Abs(file.SignalOwner) << 32) | (uint)(file.SignalOwner < 0 ? group : process)) ? 0 : -Errno.EFAULT;
        if (!task.Memory.TryRead(address, out ulong owner))
            return -Errno.EFAULT;
        int id = (int)(owner >> 32);
        return (int)owner switch
        {
            thread when id == 0 || task.Kernel.FindTask(id) is not null => SetOwner(task, file, id == 0 ? 0 : task.Kernel.FindTask(id)!.Process.Pid),
            thread => -Errno.ESRCH,
            process => SetOwner(task, file, id),
            group => SetOwner(task, file, -id),
            _ => -Errno.EINVAL,
        };
    }

    /// <summary>int ioctl(int fd, unsigned long op, arg)</summary>
    public static long Ioctl(Task task, in SyscallArguments a)
    {
        using FileUse use = FileUse.Of(task, a.Int0);
        if (use.IsBad)
            return -Errno.EBADF;
        OpenFile file = use.File;
        switch ((uint)a.A1)
        {
            case IoctlRequests.FIOCLEX:
                task.Process.Files.SetCloseOnExec(a.Int0, true);
                return 0;
            case IoctlRequests.FIONCLEX:
                task.Process.Files.SetCloseOnExec(a.Int0, false);
                return 0;
            case IoctlRequests.FIONBIO:
                if (!task.Memory.TryRead(a.A2, out int on))
                    return -Errno.EFAULT;
                return file.SetFlags(on != 0 ? file.Flags | O_NONBLOCK : file.Flags & ~O_NONBLOCK);
            default:
                if (file is Faultline.Linux.Net.Socket && InterfaceCalls.TryControl(task, (uint)a.A1, a.A2, out long answer))
                    return answer;
                return file.Control((uint)a.A1, new ControlArgument(task.Memory, a.A2));
        }
    }

    /// <summary>off_t lseek(int fd, off_t offset, unsigned int whence)</summary>
    public static long Lseek(Task task, in SyscallArguments a)
    {
        using FileUse use = FileUse.Of(task, a.Int0);
        if (use.IsBad)
            return -Errno.EBADF;
        return (uint)a.A2 > SEEK_HOLE ? -Errno.EINVAL : use.File.Seek((long)a.A1, a.Int2);
    }

    /// <summary>int flock(int fd, int op)</summary>
    public static long Flock(Task task, in SyscallArguments a)
    {
        // Mandatory share modes are gone, and asking for them does nothing (LOCK_MAND).
        if ((a.Int1 & FlockOperations.LOCK_MAND) != 0)
            return 0;
        int operation = a.Int1 & ~FlockOperations.LOCK_NB;
        if (operation is not (FlockOperations.LOCK_SH or FlockOperations.LOCK_EX or FlockOperations.LOCK_UN))
            return -Errno.EINVAL;
        using FileUse use = FileUse.Of(task, a.Int0);
        if (use.IsBad)
            return -Errno.EBADF;
        long pause = 1_000_000;
        while (true)
        {
            int result = use.File.Lock(operation);
            if (result != -Errno.EAGAIN || (a.Int1 & FlockOperations.LOCK_NB) != 0)
                return result;
            // The holder may be a program of the host, of whom nothing tells: look again, ever less often.
            if (Sleeping.Pause(task, pause) is < 0 and int error)
                return error;
            pause = Math.Min(pause * 2, 50_000_000);
        }
    }
}
