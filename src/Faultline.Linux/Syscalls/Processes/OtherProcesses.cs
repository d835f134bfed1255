using Faultline.Linux.Abi;
using Faultline.Linux.Abi.Files;
using Faultline.Linux.Abi.Processes;
using Faultline.Linux.Fs.Event;
using Faultline.Linux.Kernel;
using Faultline.Linux.Mm;
using Faultline.Linux.Syscalls.Files;
using Faultline.Linux.Vfs;
using Faultline.Memory;

namespace Faultline.Linux.Syscalls.Processes;

/// <summary>Looking into other processes (mm/process_vm_access.c, kernel/kcmp.c, mm/oom_kill.c), and parting from them (ksys_unshare).</summary>
internal static class OtherProcesses
{
    /// <summary>The most bytes copied at once.</summary>
    private const int Piece = 64 << 10;

    private const ulong MaxPieces = 1024;

    private const ulong Namespaces = Clone.CLONE_NEWNS | Clone.CLONE_NEWUTS | Clone.CLONE_NEWIPC | Clone.CLONE_NEWNET | Clone.CLONE_NEWUSER | Clone.CLONE_NEWPID
        | Clone.CLONE_NEWCGROUP | 0x80;

    public static long ProcessVmReadv(Task task, in SyscallArguments a) => Copy(task, a, isWrite: false);

    public static long ProcessVmWritev(Task task, in SyscallArguments a) => Copy(task, a, isWrite: true);

    /// <summary>kcmp(pid1, pid2, type, idx1, idx2): 0 for the same, 1 and 2 for the order, which is as arbitrary as Linux's.</summary>
    public static long Kcmp(Task task, in SyscallArguments a)
    {
        const int file = 0, memory = 1, files = 2, fileSystem = 3, actions = 4, io = 5, semaphores = 6, epoll = 7;
        if (task.Kernel.FindTask(a.Int0)?.Process is not { } one || task.Kernel.FindTask(a.Int1)?.Process is not { } two)
            return -Errno.ESRCH;
        switch (a.Int2)
        {
            case file:
                OpenFile? first = one.Files.Acquire((int)a.A3), second = two.Files.Acquire((int)a.A4);
                long result = first is null || second is null ? -Errno.EBADF : Order(first, second);
                first?.Release();
                second?.Release();
                return result;
            case memory:
                return Order(one.Mm, two.Mm);
            case files:
                return Order(one.Files, two.Files);
            case fileSystem:
                return Order(one.FileSystem, two.FileSystem);
            case actions:
                return Order(one.Actions, two.Actions);
            case io:
            case semaphores:
                // Nobody has one: two null pointers are the same.
                return 0;
            case epoll:
                return -Errno.EOPNOTSUPP;
            default:
                return -Errno.EINVAL;
        }
    }

    /// <summary>process_mrelease(pidfd, flags): the memory of a dying process goes with its last thread, which is soon.</summary>
    public static long ProcessMrelease(Task task, in SyscallArguments a)
    {
        if ((uint)a.A1 != 0)
            return -Errno.EINVAL;
        if (task.Process.Files.Get(a.Int0) is not PidFile pid)
            return -Errno.EBADF;
        if (pid.Process.HasEnded)
            return -Errno.ESRCH;
        return pid.Process.IsExiting ? 0 : -Errno.EINVAL;
    }

    public static long Mseal(Task task, in SyscallArguments a) => task.Process.Mm.Seal(a.A0, a.A1, a.A2);

    /// <summary>unshare(flags). Descriptors and directories belong to processes here, so one thread of several cannot have its own.</summary>
    public static long Unshare(Task task, in SyscallArguments a)
    {
        const ulong known = Clone.CLONE_THREAD | Clone.CLONE_FS | Clone.CLONE_SIGHAND | Clone.CLONE_VM | Clone.CLONE_FILES | Clone.CLONE_SYSVSEM | Namespaces;
        ulong flags = a.A0;
        if ((flags & ~known) != 0)
            return -Errno.EINVAL;
        bool isAlone = task.Process.LivingThreads == 1;
        if ((flags & (Clone.CLONE_THREAD | Clone.CLONE_SIGHAND | Clone.CLONE_VM)) != 0 && !isAlone)
            return -Errno.EINVAL;
        // A thread that has been joined may not have left its memory yet.
        if ((flags & Clone.CLONE_VM) != 0 && task.Process.Mm.IsSharedByProcesses)
            return -Errno.EINVAL;
        if ((flags & Namespaces) != 0)
            return -Errno.EPERM;
        if ((flags & (Clone.CLONE_FILES | Clone.CLONE_FS)) != 0 && !isAlone)
            return -Errno.EINVAL;
        if ((flags & Clone.CLONE_FILES) != 0)
            task.Process.UnshareFiles();
        if ((flags & Clone.CLONE_FS) != 0)
            task.Process.UnshareFileSystem();
        return 0;
    }

    /// <summary>setns(fd, nstype). There are no files of namespaces; a process's are this one's own, and nobody may change them.</summary>
    public static long Setns(Task task, in SyscallArguments a)
    {
        using FileUse use = FileUse.Of(task, a.Int0);
        if (use.IsBad)
            return -Errno.EBADF;
        ulong flags = (uint)a.Int1;
        if (use.File is not PidFile process || flags == 0 || (flags & ~Namespaces) != 0)
            return -Errno.EINVAL;
        if (process.Process.HasEnded)
            return -Errno.ESRCH;
        // userns_install: nobody enters the user namespace that he is in.
        return (flags & Clone.CLONE_NEWUSER) != 0 ? -Errno.EINVAL : -Errno.EPERM;
    }

    private static long Copy(Task task, in SyscallArguments a, bool isWrite)
    {
        if (a.A5 != 0)
            return -Errno.EINVAL;
        if (a.A2 > MaxPieces || a.A4 > MaxPieces)
            return -Errno.EINVAL;
        Span<IoVector> localRoom = stackalloc IoVector[8];
        int error = ReadWrite.ReadVectors(task, a.A1, a.A2, ref localRoom);
        if (error < 0)
            return error;
        Span<IoVector> remoteRoom = stackalloc IoVector[8];
        error = ReadWrite.ReadVectors(task, a.A3, a.A4, ref remoteRoom);
        if (error < 0)
            return error;
        if (localRoom.IsEmpty || remoteRoom.IsEmpty)
            return 0;
        if (task.Kernel.FindTask(a.Int0) is not { } other)
            return -Errno.ESRCH;
        ProcessMemory memory = other.Process.Mm;
        if (!memory.TryShare())
            return -Errno.ESRCH;
        // What this thread looks up there must not go away meanwhile, as for a thread of that process.
        AddressSpaceUser visitor = new(null, static () => { });
        memory.Space.Join(visitor);
        try
        {
            return Copy(task.Memory, localRoom, memory.Memory, remoteRoom, isWrite);
        }
        finally
        {
            visitor.FallAsleep();
            memory.Space.Leave(visitor);
            memory.Release();
        }
    }

    private static long Copy(GuestMemory here, Span<IoVector> local, GuestMemory there, Span<IoVector> remote, bool isWrite)
    {
        byte[] buffer = new byte[Piece];
        long done = 0;
        int i = 0, j = 0;
        while (true)
        {
            while (i < local.Length && local[i].iov_len == 0)
                i++;
            while (j < remote.Length && remote[j].iov_len == 0)
                j++;
            if (i == local.Length || j == remote.Length)
                return done;
            int now = (int)Math.Min(Math.Min(local[i].iov_len, remote[j].iov_len), Piece);
            int read = isWrite ? here.Read(local[i].iov_base, buffer.AsSpan(0, now)) : there.Read(remote[j].iov_base, buffer.AsSpan(0, now));
            int written = isWrite ? there.Write(remote[j].iov_base, buffer.AsSpan(0, read)) : here.Write(local[i].iov_base, buffer.AsSpan(0, read));
            done += written;
            if (written < now)
                return done > 0 ? done : -Errno.EFAULT;
            Advance(ref local[i], (ulong)now);
            Advance(ref remote[j], (ulong)now);
        }
    }

    private static void Advance(ref IoVector piece, ulong bytes)
    {
        piece.iov_base += bytes;
        piece.iov_len -= bytes;
    }

    private static long Order(object one, object two)
    {
        if (ReferenceEquals(one, two))
            return 0;
        return System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(one) < System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(two) ? 1 : 2;
    }
}
