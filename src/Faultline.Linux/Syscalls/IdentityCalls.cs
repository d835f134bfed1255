using System.Runtime.InteropServices;
using Faultline.Linux.Abi;
using Faultline.Linux.Abi.Processes;
using Faultline.Linux.Kernel;

namespace Faultline.Linux.Syscalls;

/// <summary>Ids of processes, users and groups, and capabilities.</summary>
internal static class IdentityCalls
{
    private const ulong CAP_SETPCAP = 1UL << 8;

    private const uint Unchanged = uint.MaxValue;
    private const int MaxGroups = 65536;

    public static long Getpid(Task task, in SyscallArguments a) => task.Process.Pid;

    public static long Gettid(Task task, in SyscallArguments a) => task.Tid;

    public static long Getppid(Task task, in SyscallArguments a) => task.Process.ParentPid;

    public static long Getuid(Task task, in SyscallArguments a) => task.Credentials.Uid;

    public static long Geteuid(Task task, in SyscallArguments a) => task.Credentials.Euid;

    public static long Getgid(Task task, in SyscallArguments a) => task.Credentials.Gid;

    public static long Getegid(Task task, in SyscallArguments a) => task.Credentials.Egid;

    public static long Getresuid(Task task, in SyscallArguments a) =>
        WriteThree(task, a, task.Credentials.Uid, task.Credentials.Euid, task.Credentials.Suid);

    public static long Getresgid(Task task, in SyscallArguments a) =>
        WriteThree(task, a, task.Credentials.Gid, task.Credentials.Egid, task.Credentials.Sgid);

    public static long Setuid(Task task, in SyscallArguments a)
    {
        uint id = (uint)a.A0;
        if (id == Unchanged)
            return -Errno.EINVAL;
        return SetUsers(task, task.Credentials.IsPrivileged ? id : Unchanged, id, task.Credentials.IsPrivileged ? id : Unchanged);
    }

    public static long Setgid(Task task, in SyscallArguments a)
    {
        uint id = (uint)a.A0;
        if (id == Unchanged)
            return -Errno.EINVAL;
        return SetGroups(task, task.Credentials.IsPrivileged ? id : Unchanged, id, task.Credentials.IsPrivileged ? id : Unchanged);
    }

    public static long Setreuid(Task task, in SyscallArguments a)
    {
        uint real = (uint)a.A0, effective = (uint)a.A1;
        Credentials old = task.Credentials;
        uint newEffective = effective == Unchanged ? old.Euid : effective;
        bool movesSaved = real != Unchanged || (effective != Unchanged && effective != old.Uid);
        return SetUsers(task, real, effective, movesSaved ? newEffective : Unchanged);
    }

    public static long Setregid(Task task, in SyscallArguments a)
    {
        uint real = (uint)a.A0, effective = (uint)a.A1;
        Credentials old = task.Credentials;
        uint newEffective = effective == Unchanged ? old.Egid : effective;
        bool movesSaved = real != Unchanged || (effective != Unchanged && effective != old.Gid);
        return SetGroups(task, real, effective, movesSaved ? newEffective : Unchanged);
    }

    public static long Setresuid(Task task, in SyscallArguments a) => SetUsers(task, (uint)a.A0, (uint)a.A1, (uint)a.A2);

    public static long Setresgid(Task task, in SyscallArguments a) => SetGroups(task, (uint)a.A0, (uint)a.A1, (uint)a.A2);

    public static long Setfsuid(Task task, in SyscallArguments a)
    {
        Credentials old = task.Credentials;
        uint id = (uint)a.A0;
        if (id != Unchanged && (id == old.Uid || id == old.Euid || id == old.Suid || id == old.Fsuid))
            task.Credentials = old with { Fsuid = id };
        return old.Fsuid;
    }

    public static long Setfsgid(Task task, in SyscallArguments a)
    {
        Credentials old = task.Credentials;
        uint id = (uint)a.A0;
        if (id != Unchanged && (id == old.Gid || id == old.Egid || id == old.Sgid || id == old.Fsgid))
            task.Credentials = old with { Fsgid = id };
        return old.Fsgid;
    }

    public static long Getgroups(Task task, in SyscallArguments a)
    {
        uint[] groups = task.Credentials.Groups;
        if (a.Int0 < 0)
            return -Errno.EINVAL;
        if (a.Int0 == 0)
            return groups.Length;
        if (groups.Length > a.Int0)
            return -Errno.EINVAL;
        ReadOnlySpan<byte> bytes = MemoryMarshal.AsBytes(groups.AsSpan());
        return task.Memory.Write(a.A1, bytes) == bytes.Length ? groups.Length : -Errno.EFAULT;
    }

    public static long Setgroups(Task task, in SyscallArguments a)
    {
        if (!task.Credentials.IsPrivileged)
            return -Errno.EPERM;
        if ((uint)a.Int0 > MaxGroups)
            return -Errno.EINVAL;
        uint[] groups = new uint[a.Int0];
        Span<byte> bytes = MemoryMarshal.AsBytes(groups.AsSpan());
        if (task.Memory.Read(a.A1, bytes) != bytes.Length)
            return -Errno.EFAULT;
        // Whoever is privileged here is so on the host too, and needs no group there to be let in. Linux keeps them sorted (groups_sort).
        Array.Sort(groups);
        task.Credentials = task.Credentials with { Groups = groups };
        return 0;
    }

    public static long Getpgrp(Task task, in SyscallArguments a) => task.Process.ProcessGroup;

    public static long Getpgid(Task task, in SyscallArguments a) => Lookup(task, a.Int0)?.ProcessGroup ?? -Errno.ESRCH;

    public static long Getsid(Task task, in SyscallArguments a) => Lookup(task, a.Int0)?.Session ?? -Errno.ESRCH;

    public static long Setpgid(Task task, in SyscallArguments a)
    {
        int pid = a.Int0 == 0 ? task.Process.Pid : a.Int0;
        int group = a.Int1 == 0 ? pid : a.Int1;
        if (group < 0)
            return -Errno.EINVAL;
        if (task.Kernel.Find(pid) is not { } process || (process != task.Process && process.Parent != task.Process))
            return -Errno.ESRCH;
        if (process != task.Process && process.HasExecuted)
            return -Errno.EACCES;
        if (process.Session == process.Pid || process.Session != task.Process.Session)
            return -Errno.EPERM;
        if (group != pid && Array.Find(task.Kernel.Processes, p => p.ProcessGroup == group && p.Session == process.Session) is null)
            return -Errno.EPERM;
        process.ProcessGroup = group;
        return 0;
    }

    public static long Setsid(Task task, in SyscallArguments a)
    {
        Process process = task.Process;
        if (Array.Exists(task.Kernel.Processes, p => p.ProcessGroup == process.Pid))
            return -Errno.EPERM;
        process.Session = process.Pid;
        process.ProcessGroup = process.Pid;
        return process.Pid;
    }

    public static long Capget(Task task, in SyscallArguments a)
    {
        int error = CheckHeader(task, a.A0, a.A1, out CapHeader header, out int words);
        if (error != 0 || a.A1 == 0)
            return error == -Errno.EINVAL && a.A1 == 0 ? 0 : error;
        if (header.pid < 0)
            return -Errno.EINVAL;
        Task? target = header.pid == 0 ? task : task.Kernel.FindTask(header.pid);
        if (target is null)
            return -Errno.ESRCH;
        Credentials have = target.Credentials;
        for (int i = 0; i < words; i++)
        {
            CapData data = new()
            {
                effective = (uint)(have.EffectiveCapabilities >> (32 * i)),
                permitted = (uint)(have.PermittedCapabilities >> (32 * i)),
                inheritable = (uint)(have.InheritableCapabilities >> (32 * i)),
            };
            if (!task.Memory.TryWrite(a.A1 + (ulong)(i * Marshal.SizeOf<CapData>()), data))
                return -Errno.EFAULT;
        }
        return 0;
    }

    public static long Capset(Task task, in SyscallArguments a)
    {
        int error = CheckHeader(task, a.A0, a.A1, out CapHeader header, out int words);
        if (error != 0)
            return error;
        if (header.pid != 0 && header.pid != task.Tid)
            return -Errno.EPERM;
        ulong effective = 0, permitted = 0, inheritable = 0;
        for (int i = 0; i < words; i++)
        {
            if (!task.Memory.TryRead(a.A1 + (ulong)(i * Marshal.SizeOf<CapData>()), out CapData data))
                return -Errno.EFAULT;
            effective |= (ulong)data.effective << (32 * i);
            permitted |= (ulong)data.permitted << (32 * i);
            inheritable |= (ulong)data.inheritable << (32 * i);
        }
        // What there is no capability for is passed over. The bounding set is always full, so anything may be made inheritable that is permitted or with CAP_SETPCAP (cap_capset).
        effective &= Credentials.AllCapabilities;
        permitted &= Credentials.AllCapabilities;
        inheritable &= Credentials.AllCapabilities;
        Credentials old = task.Credentials;
        bool mayInherit = (old.EffectiveCapabilities & CAP_SETPCAP) != 0 || (inheritable & ~(old.InheritableCapabilities | old.PermittedCapabilities)) == 0;
        if (!mayInherit || (permitted & ~old.PermittedCapabilities) != 0 || (effective & ~permitted) != 0)
            return -Errno.EPERM;
        task.Credentials = old with { EffectiveCapabilities = effective, PermittedCapabilities = permitted, InheritableCapabilities = inheritable };
        return 0;
    }

    private static Process? Lookup(Task task, int pid) => pid == 0 ? task.Process : task.Kernel.Find(pid) ?? task.Kernel.FindTask(pid)?.Process;

    private static long WriteThree(Task task, in SyscallArguments a, uint real, uint effective, uint saved) =>
        task.Memory.TryWrite(a.A0, real) && task.Memory.TryWrite(a.A1, effective) && task.Memory.TryWrite(a.A2, saved) ? 0 : -Errno.EFAULT;

    /// <summary>Ids may move among the three held ones; others are EPERM, for user id 0 too, since the host would not follow.</summary>
    private static int SetUsers(Task task, uint real, uint effective, uint saved)
    {
        Credentials old = task.Credentials;
        if (!Holds(real, old.Uid, old.Euid, old.Suid) || !Holds(effective, old.Uid, old.Euid, old.Suid) || !Holds(saved, old.Uid, old.Euid, old.Suid))
            return -Errno.EPERM;
        uint newEffective = effective == Unchanged ? old.Euid : effective;
        task.Credentials = old with
        {
            Uid = real == Unchanged ? old.Uid : real,
            Euid = newEffective,
            Suid = saved == Unchanged ? old.Suid : saved,
            Fsuid = newEffective,
        };
        return 0;
    }

    private static int SetGroups(Task task, uint real, uint effective, uint saved)
    {
        Credentials old = task.Credentials;
        if (!Holds(real, old.Gid, old.Egid, old.Sgid) || !Holds(effective, old.Gid, old.Egid, old.Sgid) || !Holds(saved, old.Gid, old.Egid, old.Sgid))
            return -Errno.EPERM;
        uint newEffective = effective == Unchanged ? old.Egid : effective;
        task.Credentials = old with
        {
            Gid = real == Unchanged ? old.Gid : real,
            Egid = newEffective,
            Sgid = saved == Unchanged ? old.Sgid : saved,
            Fsgid = newEffective,
        };
        return 0;
    }

    private static bool Holds(uint wanted, uint a, uint b, uint c) => wanted == Unchanged || wanted == a || wanted == b || wanted == c;

    /// <summary>cap_validate_magic: an unknown version is answered with the preferred one and EINVAL.</summary>
    private static int CheckHeader(Task task, ulong address, ulong data, out CapHeader header, out int words)
    {
        words = 2;
        if (!task.Memory.TryRead(address, out header))
            return -Errno.EFAULT;
        switch (header.version)
        {
            case CapHeader._LINUX_CAPABILITY_VERSION_1:
                words = 1;
                return 0;
            case CapHeader._LINUX_CAPABILITY_VERSION_2:
            case CapHeader._LINUX_CAPABILITY_VERSION_3:
                return 0;
            default:
                return task.Memory.TryWrite(address, CapHeader._LINUX_CAPABILITY_VERSION_3) ? -Errno.EINVAL : -Errno.EFAULT;
        }
    }
}
