using Faultline.Linux.Abi;
using Faultline.Linux.Abi.Processes;
using Faultline.Linux.Abi.Time;
using Faultline.Linux.Host;
using Faultline.Linux.Kernel;

namespace Faultline.Linux.Syscalls;

/// <summary>The machine, limits, usage, randomness and scheduling.</summary>
internal static unsafe class SystemCalls
{
    private const int GRND_NONBLOCK = 1;
    private const int GRND_RANDOM = 2;
    private const int GRND_INSECURE = 4;
    private const int UtsLength = 65;
    private const int RandomPiece = 4096;
    private const double LoadScale = 65536;
    private const long Second = 1_000_000_000;

    public static long Uname(Task task, in SyscallArguments a)
    {
        Utsname name = default;
        Put(name.sysname, "Linux");
        Put(name.nodename, task.Host.Identity.HostName);
        Put(name.release, LinuxKernel.Release);
        Put(name.version, LinuxKernel.Version);
        Put(name.machine, "x86_64");
        Put(name.domainname, "(none)");
        return task.Memory.TryWrite(a.A0, name) ? 0 : -Errno.EFAULT;
    }

    public static long Sysinfo(Task task, in SyscallArguments a)
    {
        IHostIdentity host = task.Host.Identity;
        (double one, double five, double fifteen) = host.LoadAverage;
        Sysinfo info = new()
        {
            uptime = (task.Host.Clock.BootTime + Second - 1) / Second,
            totalram = (ulong)host.MemoryTotal,
            freeram = (ulong)host.MemoryAvailable,
            procs = (ushort)Math.Min(task.Kernel.Processes.Length, ushort.MaxValue),
            mem_unit = 1,
        };
        info.loads[0] = (ulong)(one * LoadScale);
        info.loads[1] = (ulong)(five * LoadScale);
        info.loads[2] = (ulong)(fifteen * LoadScale);
        return task.Memory.TryWrite(a.A0, info) ? 0 : -Errno.EFAULT;
    }

    public static long Getrandom(Task task, in SyscallArguments a)
    {
        int flags = a.Int2;
        if ((flags & ~(GRND_NONBLOCK | GRND_RANDOM | GRND_INSECURE)) != 0 || (flags & (GRND_RANDOM | GRND_INSECURE)) == (GRND_RANDOM | GRND_INSECURE))
            return -Errno.EINVAL;
        ulong count = Math.Min(a.A1, 0x7FFF_F000);
        Span<byte> piece = stackalloc byte[RandomPiece];
        ulong done = 0;
        while (done < count)
        {
            Span<byte> now = piece[..(int)Math.Min(count - done, RandomPiece)];
            task.Host.Random.Fill(now);
            int written = task.Memory.Write(a.A0 + done, now);
            done += (ulong)written;
            if (written != now.Length)
                return done == 0 ? -Errno.EFAULT : (long)done;
            if (task.IsInterrupted)
                break;
        }
        return (long)done;
    }

    public static long Getcpu(Task task, in SyscallArguments a)
    {
        if (a.A0 != 0 && !task.Memory.TryWrite(a.A0, task.Affinity.First))
            return -Errno.EFAULT;
        return a.A1 == 0 || task.Memory.TryWrite(a.A1, 0) ? 0 : -Errno.EFAULT;
    }

    public static long Membarrier(Task task, in SyscallArguments a)
    {
        const int supported = Prctl.MEMBARRIER_CMD_GLOBAL | Prctl.MEMBARRIER_CMD_GLOBAL_EXPEDITED | Prctl.MEMBARRIER_CMD_REGISTER_GLOBAL_EXPEDITED
            | Prctl.MEMBARRIER_CMD_PRIVATE_EXPEDITED | Prctl.MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED;
        if (a.Int1 != 0)
            return -Errno.EINVAL;
        switch (a.Int0)
        {
            case Prctl.MEMBARRIER_CMD_QUERY:
                return supported;
            case Prctl.MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED:
                task.Process.IsMembarrierRegistered = true;
                return 0;
            case Prctl.MEMBARRIER_CMD_PRIVATE_EXPEDITED when !task.Process.IsMembarrierRegistered:
                return -Errno.EPERM;
            case Prctl.MEMBARRIER_CMD_GLOBAL:
            case Prctl.MEMBARRIER_CMD_GLOBAL_EXPEDITED:
            case Prctl.MEMBARRIER_CMD_REGISTER_GLOBAL_EXPEDITED:
            case Prctl.MEMBARRIER_CMD_PRIVATE_EXPEDITED:
                Interlocked.MemoryBarrierProcessWide();
                return 0;
            default:
                return -Errno.EINVAL;
        }
    }

    public static long Personality(Task task, in SyscallArguments a)
    {
        uint old = task.Process.Personality;
        if ((uint)a.A0 != uint.MaxValue)
            task.Process.Personality = (uint)a.A0;
        return old;
    }

    public static long Prlimit64(Task task, in SyscallArguments a)
    {
        int resource = a.Int1;
        Process? process = a.Int0 == 0 ? task.Process : task.Kernel.FindTask(a.Int0)?.Process;
        Rlimit64 wanted = default;
        if (a.A2 != 0 && !task.Memory.TryRead(a.A2, out wanted))
            return -Errno.EFAULT;
        if (process is null)
            return -Errno.ESRCH;
        if ((uint)resource >= Resource.RLIM_NLIMITS)
            return -Errno.EINVAL;
        Rlimit64 old = process.Limits[resource];
        if (a.A2 != 0)
        {
            int error = SetLimit(task, process, resource, wanted);
            if (error != 0)
                return error;
        }
        return a.A3 == 0 || task.Memory.TryWrite(a.A3, old) ? 0 : -Errno.EFAULT;
    }

    public static long Getrlimit(Task task, in SyscallArguments a)
    {
        if ((uint)a.Int0 >= Resource.RLIM_NLIMITS)
            return -Errno.EINVAL;
        return task.Memory.TryWrite(a.A1, task.Process.Limits[a.Int0]) ? 0 : -Errno.EFAULT;
    }

    public static long Setrlimit(Task task, in SyscallArguments a)
    {
        if (!task.Memory.TryRead(a.A1, out Rlimit64 wanted))
            return -Errno.EFAULT;
        return (uint)a.Int0 >= Resource.RLIM_NLIMITS ? -Errno.EINVAL : SetLimit(task, task.Process, a.Int0, wanted);
    }

    public static long Getrusage(Task task, in SyscallArguments a)
    {
        Rusage usage = default;
        switch (a.Int0)
        {
            case Resource.RUSAGE_SELF:
                task.Process.ReadTimes(task, out long user, out long system);
                usage.ru_utime = Timeval.FromNanoseconds(user);
                usage.ru_stime = Timeval.FromNanoseconds(system);
                usage.ru_maxrss = task.Process.MaxResident;
                break;
            case Resource.RUSAGE_THREAD:
                task.ReadTimes(out user, out system);
                usage.ru_utime = Timeval.FromNanoseconds(user);
                usage.ru_stime = Timeval.FromNanoseconds(system);
                usage.ru_maxrss = task.Process.MaxResident;
                break;
            case Resource.RUSAGE_CHILDREN:
                usage.ru_utime = Timeval.FromNanoseconds(task.Process.ChildrenUserTime);
                usage.ru_stime = Timeval.FromNanoseconds(task.Process.ChildrenSystemTime);
                usage.ru_maxrss = task.Process.ChildrenMaxResident;
                break;
            default:
                return -Errno.EINVAL;
        }
        return task.Memory.TryWrite(a.A1, usage) ? 0 : -Errno.EFAULT;
    }

    private static int SetLimit(Task task, Process process, int resource, in Rlimit64 wanted)
    {
        if (wanted.rlim_cur > wanted.rlim_max)
            return -Errno.EINVAL;
        if (resource == Resource.RLIMIT_NOFILE && wanted.rlim_max > Vfs.FdTable.Absolute)
            return -Errno.EPERM;
        if (wanted.rlim_max > process.Limits[resource].rlim_max && !task.Credentials.IsPrivileged)
            return -Errno.EPERM;
        // A limit of no processor time is one of a second (do_prlimit).
        process.Limits[resource] = resource == Resource.RLIMIT_CPU && wanted.rlim_cur == 0 ? wanted with { rlim_cur = 1 } : wanted;
        if (resource == Resource.RLIMIT_CPU)
            process.Timers.WatchCpuLimit();
        if (resource == Resource.RLIMIT_NOFILE)
            process.Files.Limit = (int)Math.Min(wanted.rlim_cur, int.MaxValue);
        if (resource == Resource.RLIMIT_STACK)
            process.Mm.Space.StackLimit = wanted.rlim_cur;
        return 0;
    }

    private static void Put(byte* field, string text)
    {
        Span<byte> bytes = new(field, UtsLength - 1);
        KernelText.Write(text.AsSpan(0, Math.Min(text.Length, bytes.Length)), bytes);
    }
}
