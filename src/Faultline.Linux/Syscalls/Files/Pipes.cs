using Faultline.Linux.Abi;
using Faultline.Linux.Abi.Files;
using Faultline.Linux.Fs.Event;
using Faultline.Linux.Fs.Host;
using Faultline.Linux.Fs.Pipe;
using Faultline.Linux.Host;
using Faultline.Linux.Kernel;
using Faultline.Linux.Vfs;
using static Faultline.Linux.Abi.Files.OpenFlags;

namespace Faultline.Linux.Syscalls.Files;

/// <summary>pipe(2), eventfd(2) and memfd_create(2): files without a name (fs/pipe.c, fs/eventfd.c, mm/memfd.c).</summary>
internal static class Pipes
{
    private const int EFD_SEMAPHORE = 1;
    private const uint MFD_CLOEXEC = 1;
    private const uint MFD_ALLOW_SEALING = 2;
    private const uint MFD_NOEXEC_SEAL = 8;
    private const uint MFD_EXEC = 0x10;

    /// <summary>Longest name of memfd_create: NAME_MAX without "memfd:".</summary>
    private const int MemfdNameMax = 249;

    /// <summary>int pipe(int pipefd[2])</summary>
    public static long Pipe(Task task, in SyscallArguments a) => Make(task, a.A0, 0);

    /// <summary>int pipe2(int pipefd[2], int flags)</summary>
    public static long Pipe2(Task task, in SyscallArguments a) =>
        (a.Int1 & ~(O_CLOEXEC | O_NONBLOCK | O_DIRECT)) != 0 ? -Errno.EINVAL : Make(task, a.A0, a.Int1);

    /// <summary>int eventfd(unsigned int initval)</summary>
    public static long Eventfd(Task task, in SyscallArguments a) => MakeEvent(task, (uint)a.A0, 0);

    /// <summary>int eventfd2(unsigned int initval, int flags)</summary>
    public static long Eventfd2(Task task, in SyscallArguments a) =>
        (a.Int1 & ~(O_CLOEXEC | O_NONBLOCK | EFD_SEMAPHORE)) != 0 ? -Errno.EINVAL : MakeEvent(task, (uint)a.A0, a.Int1);

    /// <summary>int memfd_create(const char *name, unsigned int flags)</summary>
    public static long MemfdCreate(Task task, in SyscallArguments a)
    {
        uint flags = (uint)a.A1;
        if ((flags & ~(MFD_CLOEXEC | MFD_ALLOW_SEALING | MFD_NOEXEC_SEAL | MFD_EXEC)) != 0 || (flags & (MFD_NOEXEC_SEAL | MFD_EXEC)) == (MFD_NOEXEC_SEAL | MFD_EXEC))
            return -Errno.EINVAL;
        int result = task.Memory.ReadString(a.A0, MemfdNameMax + 1, out string name);
        if (result < 0)
            return result == -Errno.ENAMETOOLONG ? -Errno.EINVAL : result;
        HostFileSystem storage = task.Process.FileSystem.Vfs.HostFiles;
        int handle = storage.Files.CreateMemoryFile(name);
        if (handle < 0)
            return handle;
        result = storage.Files.Stat(handle, "", out FileStatus status);
        if (result < 0)
            return result;
        HostFile file = new(storage, handle, O_RDWR | O_LARGEFILE, status, ownsHandle: true);
        if ((flags & (MFD_ALLOW_SEALING | MFD_NOEXEC_SEAL)) == 0)
            _ = file.FileControl(FcntlCommands.F_ADD_SEALS, HostFile.F_SEAL_SEAL);
        return task.Process.Files.Add(file, (flags & MFD_CLOEXEC) != 0);
    }

    private static long Make(Task task, ulong address, int flags)
    {
        IHostIdentity identity = task.Host.Identity;
        (PipeFile reader, PipeFile writer) = PipeFile.Create(flags, identity.EffectiveUserId, identity.EffectiveGroupId);
        FdTable files = task.Process.Files;
        bool closeOnExec = (flags & O_CLOEXEC) != 0;
        int first = files.Add(reader, closeOnExec);
        if (first < 0)
        {
            writer.Release();
            return first;
        }
        int second = files.Add(writer, closeOnExec);
        if (second < 0)
        {
            _ = files.Close(first);
            return second;
        }
        if (task.Memory.TryWrite(address, ((ulong)(uint)second << 32) | (uint)first))
            return 0;
        _ = files.Close(first);
        _ = files.Close(second);
        return -Errno.EFAULT;
    }

    private static long MakeEvent(Task task, uint initial, int flags)
    {
        IHostIdentity identity = task.Host.Identity;
        EventFile file = new(initial, (flags & EFD_SEMAPHORE) != 0, flags & O_NONBLOCK, identity.EffectiveUserId, identity.EffectiveGroupId);
        return task.Process.Files.Add(file, (flags & O_CLOEXEC) != 0);
    }
}
