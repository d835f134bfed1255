using System.Runtime.InteropServices;
using Faultline.Linux.Abi;
using Faultline.Linux.Abi.Processes;
using Faultline.Linux.Abi.Signals;
using Faultline.Linux.Kernel;
using Faultline.Memory;
using static Faultline.Linux.Abi.Processes.Clone;

namespace Faultline.Linux.Syscalls.Processes;

/// <summary>fork, vfork, clone and clone3 (kernel/fork.c).</summary>
internal static class CloneCalls
{
    /// <summary>CLONE_ARGS_SIZE_VER0.</summary>
    private const ulong FirstVersionSize = 64;

    private const ulong Namespaces = CLONE_NEWNS | CLONE_NEWCGROUP | CLONE_NEWUTS | CLONE_NEWIPC | CLONE_NEWUSER | CLONE_NEWPID | CLONE_NEWNET | CLONE_NEWTIME;

    /// <summary>Which clone3 alone knows: in clone they are the exit signal.</summary>
    private const ulong CLONE_NEWTIME = 0x80;

    private const ulong CLONE_INTO_CGROUP = 0x2_0000_0000;

    public static long Fork(Task task, in SyscallArguments a) => Do(task, new CloneRequest { Flags = Sig.SIGCHLD });

    public static long Vfork(Task task, in SyscallArguments a) => Do(task, new CloneRequest { Flags = CLONE_VFORK | CLONE_VM | Sig.SIGCHLD });

    /// <summary>clone(flags, stack, parent_tid, child_tid, tls).</summary>
    public static long Clone(Task task, in SyscallArguments a)
    {
        // The flags are 32 bits, and the pidfd is written where the parent's copy of the id would be.
        ulong flags = (uint)a.A0;
        if ((flags & CLONE_PIDFD) != 0 && (flags & (CLONE_PARENT_SETTID | CLONE_DETACHED)) != 0)
            return -Errno.EINVAL;
        return Do(task, new CloneRequest { Flags = flags, Stack = a.A1, ParentTid = a.A2, ChildTid = a.A3, Tls = a.A4, Pidfd = a.A2 });
    }

    /// <summary>clone3(struct clone_args *, size).</summary>
    public static long Clone3(Task task, in SyscallArguments a)
    {
        ulong size = a.A1;
        if (size > GuestPage.Size)
            return -Errno.E2BIG;
        if (size < FirstVersionSize)
            return -Errno.EINVAL;
        int error = ReadVersioned(task, a.A0, size, out CloneArgs args);
        if (error != 0)
            return error;
        if (args.set_tid_size > 32 || (args.set_tid == 0) != (args.set_tid_size == 0))
            return -Errno.EINVAL;
        if ((args.flags & (CSIGNAL & ~CLONE_NEWTIME)) != 0 || (args.flags & CLONE_DETACHED) != 0 || args.exit_signal > CSIGNAL || !(args.exit_signal == 0 || Sig.IsValid((int)args.exit_signal)))
            return -Errno.EINVAL;
        if ((args.flags & (CLONE_INTO_CGROUP | (CLONE_INTO_CGROUP - 1))) != args.flags)
            return -Errno.EINVAL;
        if ((args.flags & (CLONE_SIGHAND | CLONE_CLEAR_SIGHAND)) == (CLONE_SIGHAND | CLONE_CLEAR_SIGHAND))
            return -Errno.EINVAL;
        if ((args.flags & (CLONE_THREAD | CLONE_PARENT)) != 0 && args.exit_signal != 0)
            return -Errno.EINVAL;
        if ((args.stack == 0) != (args.stack_size == 0) || args.stack + args.stack_size < args.stack)
            return -Errno.EINVAL;
        // A chosen id takes CAP_CHECKPOINT_RESTORE, and there are no control groups.
        if (args.set_tid_size != 0)
            return -Errno.EPERM;
        if ((args.flags & CLONE_INTO_CGROUP) != 0)
            return -Errno.EBADF;
        return Do(task, new CloneRequest
        {
            Flags = args.flags | args.exit_signal,
            Stack = args.stack + args.stack_size,
            ParentTid = args.parent_tid,
            ChildTid = args.child_tid,
            Tls = args.tls,
            Pidfd = args.pidfd,
        });
    }

    private static long Do(Task task, in CloneRequest request)
    {
        ulong flags = request.Flags;
        if ((flags & CLONE_FS) != 0 && (flags & (CLONE_NEWNS | CLONE_NEWUSER)) != 0)
            return -Errno.EINVAL;
        if (((flags & CLONE_THREAD) != 0 && (flags & CLONE_SIGHAND) == 0) || ((flags & CLONE_SIGHAND) != 0 && (flags & CLONE_VM) == 0))
            return -Errno.EINVAL;
        if ((flags & CLONE_PIDFD) != 0 && (flags & CLONE_THREAD) != 0)
            return -Errno.EINVAL;
        if ((flags & CLONE_SETTLS) != 0 && request.Tls >= Mm.MemoryLayout.TaskSize)
            return -Errno.EPERM;
        if ((flags & (CLONE_THREAD | CLONE_VFORK)) == (CLONE_THREAD | CLONE_VFORK))
            return -Errno.EINVAL;
        // One namespace of each kind; descriptors and directories belong to processes, not to threads.
        if ((flags & Namespaces & ~CLONE_NEWTIME) != 0)
            return -Errno.EPERM;
        if ((flags & CLONE_THREAD) != 0 && (flags & (CLONE_FILES | CLONE_FS)) != (CLONE_FILES | CLONE_FS))
            return -Errno.EINVAL;
        // A signal to the whole group must not miss the child: whoever has one to act on makes none before (copy_process).
        return task.IsInterrupted ? -Errno.ERESTARTNOINTR : task.Clone(request);
    }

    /// <summary>copy_struct_from_user: a longer structure must have zeros behind what is known, a shorter one is filled up with zeros.</summary>
    private static int ReadVersioned(Task task, ulong address, ulong size, out CloneArgs args)
    {
        args = default;
        Span<byte> known = MemoryMarshal.AsBytes(new Span<CloneArgs>(ref args));
        Span<byte> bytes = stackalloc byte[(int)size];
        if (task.Memory.Read(address, bytes) != bytes.Length)
            return -Errno.EFAULT;
        if (bytes.Length > known.Length && bytes[known.Length..].ContainsAnyExcept((byte)0))
            return -Errno.E2BIG;
        bytes[..Math.Min(bytes.Length, known.Length)].CopyTo(known);
        return 0;
    }
}
