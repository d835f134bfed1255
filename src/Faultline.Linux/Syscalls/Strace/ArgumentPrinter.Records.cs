using System.Text;
using Faultline.Linux.Abi.Files;
using Faultline.Linux.Abi.Processes;
using Faultline.Linux.Abi.Signals;
using Faultline.Linux.Abi.Time;
using Faultline.Linux.Kernel;

namespace Faultline.Linux.Syscalls.Strace;

// Fields of structures.
internal static partial class ArgumentPrinter
{
    private const uint UtimeNow = 0x3FFFFFFF;
    private const uint UtimeOmit = 0x3FFFFFFE;

    private static void Append(StringBuilder line, in Stat stat)
    {
        line.Append("{st_mode=");
        AppendFileMode(line, stat.st_mode);
        if ((stat.st_mode & 0xF000) is 0x2000 or 0x6000)
        {
            line.Append(", st_rdev=makedev(0x").Append(((stat.st_rdev >> 8) & 0xFFF).ToString("x")).Append(", 0x")
                .Append(((stat.st_rdev & 0xFF) | ((stat.st_rdev >> 12) & 0xFFFFF00)).ToString("x")).Append(')');
        }
        else
        {
            line.Append(", st_size=").Append(stat.st_size);
        }
        line.Append(", ...}");
    }

    private static void Append(StringBuilder line, in Statx stat)
    {
        line.Append("{stx_mask=");
        AppendFlags(line, stat.stx_mask, NameTables.StatxMask, "STATX_???");
        line.Append(", stx_attributes=");
        AppendPlainHex(line, stat.stx_attributes);
        line.Append(", stx_mode=");
        AppendFileMode(line, stat.stx_mode);
        line.Append(", stx_size=").Append(stat.stx_size).Append(", ...}");
    }

    private static void Append(StringBuilder line, in Statfs fs)
    {
        line.Append("{f_type=");
        AppendName(line, (ulong)fs.f_type, NameTables.FsType, "?_MAGIC");
        line.Append(", f_bsize=").Append(fs.f_bsize).Append(", f_blocks=").Append(fs.f_blocks).Append(", f_bfree=").Append(fs.f_bfree)
            .Append(", f_bavail=").Append(fs.f_bavail).Append(", f_files=").Append(fs.f_files).Append(", f_ffree=").Append(fs.f_ffree)
            .Append(", f_fsid={val=[").Append("0x").Append(((uint)fs.f_fsid).ToString("x")).Append(", 0x").Append(((uint)(fs.f_fsid >> 32)).ToString("x"))
            .Append("]}, f_namelen=").Append(fs.f_namelen).Append(", f_frsize=").Append(fs.f_frsize).Append(", f_flags=");
        AppendFlags(line, (ulong)fs.f_flags, NameTables.MountStatus, "ST_???");
        line.Append('}');
    }

    private static void Append(StringBuilder line, in Timespec time) =>
        line.Append("{tv_sec=").Append(time.tv_sec).Append(", tv_nsec=").Append(time.tv_nsec).Append('}');

    private static void AppendStamp(StringBuilder line, in Timespec time)
    {
        if (time.tv_nsec is UtimeNow or UtimeOmit)
            line.Append(time.tv_nsec == UtimeNow ? "UTIME_NOW" : "UTIME_OMIT");
        else
            Append(line, time);
    }

    private static void Append(StringBuilder line, in Timeval time) =>
        line.Append("{tv_sec=").Append(time.tv_sec).Append(", tv_usec=").Append(time.tv_usec).Append('}');

    private static void Append(StringBuilder line, in Abi.Time.Timezone zone) =>
        line.Append("{tz_minuteswest=").Append(zone.tz_minuteswest).Append(", tz_dsttime=").Append(zone.tz_dsttime).Append('}');

    private static void Append(StringBuilder line, in Itimerval timer)
    {
        line.Append("{it_interval=");
        Append(line, timer.it_interval);
        line.Append(", it_value=");
        Append(line, timer.it_value);
        line.Append('}');
    }

    private static void Append(StringBuilder line, in Itimerspec timer)
    {
        line.Append("{it_interval=");
        Append(line, timer.it_interval);
        line.Append(", it_value=");
        Append(line, timer.it_value);
        line.Append('}');
    }

    private static void Append(StringBuilder line, in KernelSigaction action)
    {
        line.Append("{sa_handler=");
        if (action.sa_handler <= Sig.SIG_IGN)
            line.Append(action.sa_handler == Sig.SIG_DFL ? "SIG_DFL" : "SIG_IGN");
        else
            AppendAddress(line, action.sa_handler);
        line.Append(", sa_mask=");
        SignalPrinter.AppendSet(line, action.sa_mask);
        line.Append(", sa_flags=");
        AppendFlags(line, action.sa_flags, NameTables.SigAction, "SA_???");
        if ((action.sa_flags & Sig.SA_RESTORER) != 0)
        {
            line.Append(", sa_restorer=");
            AppendAddress(line, action.sa_restorer);
        }
        line.Append('}');
    }

    private static void Append(StringBuilder line, in StackT stack)
    {
        line.Append("{ss_sp=");
        AppendAddress(line, stack.ss_sp);
        line.Append(", ss_flags=");
        AppendFlags(line, (uint)stack.ss_flags, NameTables.StackFlags, "SS_???");
        line.Append(", ss_size=").Append(stack.ss_size).Append('}');
    }

    private static void Append(StringBuilder line, in Rlimit64 limit)
    {
        line.Append("{rlim_cur=");
        AppendLimit(line, limit.rlim_cur);
        line.Append(", rlim_max=");
        AppendLimit(line, limit.rlim_max);
        line.Append('}');
    }

    private static void AppendLimit(StringBuilder line, ulong limit)
    {
        if (limit == Rlimit64.RLIM64_INFINITY)
            line.Append("RLIM64_INFINITY");
        else if (limit > 1024 && limit % 1024 == 0)
            line.Append(limit / 1024).Append("*1024");
        else
            line.Append(limit);
    }

    private static void Append(StringBuilder line, in Rusage usage)
    {
        line.Append("{ru_utime=");
        Append(line, usage.ru_utime);
        line.Append(", ru_stime=");
        Append(line, usage.ru_stime);
        line.Append(", ...}");
    }

    private static void Append(StringBuilder line, in Tms tms) =>
        line.Append("{tms_utime=").Append(tms.tms_utime).Append(", tms_stime=").Append(tms.tms_stime)
            .Append(", tms_cutime=").Append(tms.tms_cutime).Append(", tms_cstime=").Append(tms.tms_cstime).Append('}');

    private static unsafe void Append(StringBuilder line, in Utsname name)
    {
        const int length = 65;
        fixed (byte* system = name.sysname, node = name.nodename)
        {
            ReadOnlySpan<byte> first = new(system, length), second = new(node, length);
            line.Append("{sysname=");
            TextPrinter.Append(line, first[..Math.Max(first.IndexOf((byte)0), 0)], isCut: false);
            line.Append(", nodename=");
            TextPrinter.Append(line, second[..Math.Max(second.IndexOf((byte)0), 0)], isCut: false);
        }
        line.Append(", ...}");
    }

    private static unsafe void Append(StringBuilder line, in Sysinfo info)
    {
        line.Append("{uptime=").Append(info.uptime).Append(", loads=[").Append(info.loads[0]).Append(", ").Append(info.loads[1]).Append(", ")
            .Append(info.loads[2]).Append("], totalram=").Append(info.totalram).Append(", freeram=").Append(info.freeram)
            .Append(", sharedram=").Append(info.sharedram).Append(", bufferram=").Append(info.bufferram).Append(", totalswap=").Append(info.totalswap)
            .Append(", freeswap=").Append(info.freeswap).Append(", procs=").Append(info.procs).Append(", totalhigh=").Append(info.totalhigh)
            .Append(", freehigh=").Append(info.freehigh).Append(", mem_unit=").Append(info.mem_unit).Append('}');
    }

    private static void Append(StringBuilder line, in SchedParam param) => line.Append('[').Append(param.sched_priority).Append(']');

    private static bool AppendProcessors(Task task, StringBuilder line, ulong address, long bytes)
    {
        Span<byte> set = stackalloc byte[128];
        set = set[..(int)Math.Clamp(bytes, 0, set.Length)];
        if (task.Memory.Read(address, set) != set.Length)
            return false;
        line.Append('[');
        bool first = true;
        for (int i = 0; i < set.Length * 8; i++)
        {
            if ((set[i / 8] & (1 << (i % 8))) == 0)
                continue;
            if (!first)
                line.Append(' ');
            first = false;
            line.Append(i);
        }
        line.Append(']');
        return true;
    }

    private static bool AppendGroups(Task task, StringBuilder line, ulong address, long count)
    {
        if (address == 0)
            return false;
        line.Append('[');
        for (long i = 0; i < Math.Min(count, TextPrinter.Shown) && task.Memory.TryRead(address + (ulong)i * 4, out uint group); i++)
            line.Append(i == 0 ? "" : ", ").Append(group);
        if (count > TextPrinter.Shown)
            line.Append(", ...");
        line.Append(']');
        return true;
    }

    private static bool AppendIoctl(Task task, StringBuilder line, StraceCall call, ulong value)
    {
        switch ((uint)call.Arguments.A1)
        {
            case IoctlRequests.TIOCGWINSZ or IoctlRequests.TIOCSWINSZ when task.Memory.TryRead(value, out ulong size):
                line.Append("{ws_row=").Append((ushort)size).Append(", ws_col=").Append((ushort)(size >> 16))
                    .Append(", ws_xpixel=").Append((ushort)(size >> 32)).Append(", ws_ypixel=").Append((ushort)(size >> 48)).Append('}');
                return true;
            case IoctlRequests.FIONREAD or IoctlRequests.TIOCGPGRP or IoctlRequests.TIOCSPGRP or IoctlRequests.FIONBIO or IoctlRequests.TIOCGSID
                when task.Memory.TryRead(value, out int number):
                line.Append('[').Append(number).Append(']');
                return true;
            case IoctlRequests.FIOCLEX or IoctlRequests.FIONCLEX:
                return true;
            default:
                AppendAddress(line, value);
                return true;
        }
    }
}
