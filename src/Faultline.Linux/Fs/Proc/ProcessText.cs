using System.Globalization;
using System.Text;
using Faultline.Linux.Abi.Processes;
using Faultline.Linux.Abi.Signals;
using Faultline.Linux.Kernel;
using Faultline.Memory;

namespace Faultline.Linux.Fs.Proc;

/// <summary>/proc/PID/status, stat, statm and limits (fs/proc/array.c, base.c).</summary>
internal static class ProcessText
{
    /// <summary>Clock ticks in a second (USER_HZ).</summary>
    private const long TicksPerSecond = 100;

    private static readonly (string Name, string Unit)[] _limitNames =
    [
        ("Max cpu time", "seconds"), ("Max file size", "bytes"), ("Max data size", "bytes"), ("Max stack size", "bytes"),
        ("Max core file size", "bytes"), ("Max resident set", "bytes"), ("Max processes", "processes"), ("Max open files", "files"),
        ("Max locked memory", "bytes"), ("Max address space", "bytes"), ("Max file locks", "locks"), ("Max pending signals", "signals"),
        ("Max msgqueue size", "bytes"), ("Max nice priority", ""), ("Max realtime priority", ""), ("Max realtime timeout", "us"),
    ];

    /// <summary>One field to a line. Memory that is resident is not told apart from memory that is mapped.</summary>
    public static string Status(Process process, Task task)
    {
        Credentials ids = task.Credentials;
        (ulong total, ulong stack, ulong code, ulong shared) = Sizes(process);
        ulong data = total - stack - code;
        StringBuilder text = new();
        Invariant(text, $"Name:\t{task.Comm}\nUmask:\t{Octal(process.FileSystem.Umask)}\nState:\t{State(process, task)}\nTgid:\t{process.Pid}\nNgid:\t0\n");
        Invariant(text, $"Pid:\t{task.Tid}\nPPid:\t{process.ParentPid}\nTracerPid:\t0\n");
        Invariant(text, $"Uid:\t{ids.Uid}\t{ids.Euid}\t{ids.Suid}\t{ids.Fsuid}\nGid:\t{ids.Gid}\t{ids.Egid}\t{ids.Sgid}\t{ids.Fsgid}\n");
        Invariant(text, $"FDSize:\t{process.Files.Capacity}\nGroups:\t{string.Join(' ', ids.Groups)} \n");
        Invariant(text, $"VmPeak:\t{total / 1024,8} kB\nVmSize:\t{total / 1024,8} kB\nVmLck:\t       0 kB\nVmPin:\t       0 kB\n");
        Invariant(text, $"VmHWM:\t{total / 1024,8} kB\nVmRSS:\t{total / 1024,8} kB\nRssAnon:\t{data / 1024,8} kB\nRssFile:\t{code / 1024,8} kB\n");
        Invariant(text, $"RssShmem:\t{shared / 1024,8} kB\nVmData:\t{data / 1024,8} kB\nVmStk:\t{stack / 1024,8} kB\nVmExe:\t{code / 1024,8} kB\n");
        Invariant(text, $"VmLib:\t       0 kB\nVmPTE:\t       4 kB\nVmSwap:\t       0 kB\nHugetlbPages:\t       0 kB\nCoreDumping:\t0\n");
        Invariant(text, $"Threads:\t{process.Tasks.Length}\n");
        AppendSignals(text, process, task);
        Invariant(text, $"CapInh:\t{ids.InheritableCapabilities:x16}\nCapPrm:\t{ids.PermittedCapabilities:x16}\nCapEff:\t{ids.EffectiveCapabilities:x16}\nCapBnd:\t{Credentials.AllCapabilities:x16}\nCapAmb:\t{0:x16}\n");
        Invariant(text, $"NoNewPrivs:\t{(ids.NoNewPrivileges ? 1 : 0)}\nSeccomp:\t{task.SeccompMode}\nSeccomp_filters:\t{task.Seccomp?.Count ?? 0}\n");
        Invariant(text, $"Cpus_allowed:\t{task.Affinity.ToMaskText()}\nCpus_allowed_list:\t{task.Affinity.ToListText()}\n");
        return text.Append("Mems_allowed:\t1\nMems_allowed_list:\t0\nvoluntary_ctxt_switches:\t0\nnonvoluntary_ctxt_switches:\t0\n").ToString();
    }

    /// <summary>The 52 fields of stat in one line.</summary>
    public static string Stat(Process process, Task task)
    {
        Mm.ProgramImage image = process.Mm.Image;
        process.ReadTimes(Task.Current, out long user, out long system);
        (ulong total, _, _, _) = Sizes(process);
        (ulong ignored, ulong caught) = Actions(process);
        StringBuilder text = new();
        Invariant(text, $"{task.Tid} ({task.Comm}) {State(process, task)[0]} {process.ParentPid} {process.ProcessGroup} {process.Session} 0 -1 4194304 0 0 0 0 ");
        Invariant(text, $"{Ticks(user)} {Ticks(system)} 0 0 {20 + process.Nice} {process.Nice} {process.Tasks.Length} 0 {Ticks(process.StartTime)} ");
        Invariant(text, $"{total} {total / GuestPage.Size} {process.Limits[Resource.RLIMIT_RSS].rlim_cur} {image.StartCode} {image.EndCode} {image.StartStack} 0 0 ");
        Invariant(text, $"{task.Pending.Set & 0x7FFFFFFF} {task.Blocked & 0x7FFFFFFF} {ignored & 0x7FFFFFFF} {caught & 0x7FFFFFFF} 0 0 0 17 {task.Affinity.First} 0 0 0 0 0 ");
        Invariant(text, $"{image.StartData} {image.EndData} {process.Mm.BreakStart} {image.ArgStart} {image.ArgEnd} {image.EnvStart} {image.EnvEnd} 0\n");
        return text.ToString();
    }

    /// <summary>Sizes in pages: total, resident, shared, text, library, data, dirty.</summary>
    public static string StatM(Process process)
    {
        (ulong total, ulong stack, ulong code, ulong shared) = Sizes(process);
        StringBuilder text = new();
        Invariant(text, $"{total / GuestPage.Size} {total / GuestPage.Size} {shared / GuestPage.Size} {code / GuestPage.Size} 0 {(total - code - stack) / GuestPage.Size} 0\n");
        return text.ToString();
    }

    /// <summary>The resource limits as a table.</summary>
    public static string Limits(Process process)
    {
        StringBuilder text = new("Limit                     Soft Limit           Hard Limit           Units     \n");
        for (int i = 0; i < _limitNames.Length; i++)
        {
            Rlimit64 limit = process.Limits[i];
            Invariant(text, $"{_limitNames[i].Name,-25} {Limit(limit.rlim_cur),-20} {Limit(limit.rlim_max),-20} {_limitNames[i].Unit,-10}\n");
        }
        return text.ToString();
    }

    private static void AppendSignals(StringBuilder text, Process process, Task task)
    {
        (ulong ignored, ulong caught) = Actions(process);
        Invariant(text, $"SigQ:\t{task.Pending.Count + process.SharedPending.Count}/{process.Limits[Resource.RLIMIT_SIGPENDING].rlim_cur}\n");
        Invariant(text, $"SigPnd:\t{task.Pending.Set:x16}\nShdPnd:\t{process.SharedPending.Set:x16}\nSigBlk:\t{task.Blocked:x16}\n");
        Invariant(text, $"SigIgn:\t{ignored:x16}\nSigCgt:\t{caught:x16}\n");
    }

    private static (ulong Ignored, ulong Caught) Actions(Process process)
    {
        ulong ignored = 0, caught = 0;
        lock (process.SignalLock)
        {
            for (int signal = 1; signal <= 64; signal++)
            {
                ulong handler = process.Actions[signal].sa_handler;
                if (handler == Sig.SIG_IGN)
                    ignored |= Sig.Bit(signal);
                else if (handler != Sig.SIG_DFL)
                    caught |= Sig.Bit(signal);
            }
        }
        return (ignored, caught);
    }

    private static (ulong Total, ulong Stack, ulong Code, ulong Shared) Sizes(Process process)
    {
        ulong total = 0, stack = 0, code = 0, shared = 0;
        foreach (Mapping mapping in process.Mm.Space.Snapshot())
        {
            total += mapping.Length;
            if (mapping.GrowsDown)
                stack += mapping.Length;
            else if ((mapping.Protection & PageProtection.Execute) != 0)
                code += mapping.Length;
            if (mapping.Shared)
                shared += mapping.Length;
        }
        return (total, stack, code, shared);
    }

    private static void Invariant(StringBuilder text, FormattableString line) => text.Append(line.ToString(CultureInfo.InvariantCulture));

    private static string State(Process process, Task task) =>
        process.IsExiting || task.HasEnded ? "Z (zombie)" : process.IsStopped ? "T (stopped)" : task.IsAsleep ? "S (sleeping)" : "R (running)";

    private static string Limit(ulong value) => value == Rlimit64.RLIM64_INFINITY ? "unlimited" : value.ToString(CultureInfo.InvariantCulture);

    private static string Octal(uint value) => Convert.ToString(value, 8).PadLeft(4, '0');

    private static long Ticks(long nanoseconds) => nanoseconds / (1_000_000_000 / TicksPerSecond);
}
