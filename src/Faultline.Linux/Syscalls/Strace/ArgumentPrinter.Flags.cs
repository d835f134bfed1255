using System.Text;

namespace Faultline.Linux.Syscalls.Strace;

// Kinds that are names of numbers or of bits.
internal static partial class ArgumentPrinter
{
    private const ulong FutexPrivate = 128;
    private const ulong FutexRealtime = 256;

    private static bool AppendNamed(StringBuilder line, StraceCall call, int index, Arg kind, ulong value)
    {
        switch (kind)
        {
            case Arg.OpenFlags:
                AppendTyped(line, (uint)value, 3, NameTables.OpenAccess, NameTables.Open, "O_???");
                return true;
            case Arg.OpenMode:
                // Only a call that may make a file has a mode.
                if ((call.Arguments[index - 1] & 0x40) != 0 || (call.Arguments[index - 1] & 0x410000) == 0x410000)
                    AppendOctal(line, value);
                return true;
            case Arg.AccessMode:
                if ((uint)value == 0)
                    line.Append("F_OK");
                else
                    AppendFlags(line, (uint)value, NameTables.Access, "?_OK");
                return true;
            case Arg.AtStatxFlags:
                ulong sync = value & 0x6000;
                line.Append(sync == 0 ? "AT_STATX_SYNC_AS_STAT" : sync == 0x2000 ? "AT_STATX_FORCE_SYNC" : "AT_STATX_DONT_SYNC");
                if ((value & ~0x6000UL) != 0)
                {
                    line.Append('|');
                    AppendFlags(line, (uint)value & ~0x6000u, NameTables.At, "AT_???");
                }
                return true;
            case Arg.MapFlags:
                AppendTyped(line, (uint)value, 3, NameTables.MapType, NameTables.Map, "MAP_???");
                return true;
            case Arg.Prot:
                if ((uint)value == 0)
                    line.Append("PROT_NONE");
                else
                    AppendFlags(line, (uint)value, NameTables.Prot, "PROT_???");
                return true;
            case Arg.FutexOperation:
                AppendFutex(line, value);
                return true;
            case Arg.SocketType:
                AppendTyped(line, (uint)value, 0xF, NameTables.SocketType, NameTables.SocketFlags, "SOCK_???");
                return true;
            case Arg.CloneFlags:
                AppendFlags(line, value & ~0xFFUL, NameTables.Clone, "CLONE_???");
                if ((value & 0xFF) != 0)
                    line.Append('|').Append(Abi.Signals.Sig.Name((int)(value & 0xFF)));
                return true;
            case Arg.Personality:
                if ((uint)value == uint.MaxValue)
                    line.Append("0xffffffff");
                else
                    AppendPersonality(line, (uint)value);
                return true;
            case Arg.MremapAddress:
                if ((call.Arguments[index - 1] & 6) != 0)
                    AppendAddress(line, value);
                return true;
            case Arg.FcntlArgument:
                return AppendFcntl(line, call, value);
            case Arg.FutexValue or Arg.FutexValue3 or Arg.FutexTimeout or Arg.FutexAddress2:
                return AppendFutexArgument(line, call, kind, value);
            default:
                return AppendFromTable(line, kind, (uint)value);
        }
    }

    private static bool AppendFromTable(StringBuilder line, Arg kind, ulong value)
    {
        (NamedValue[]? table, bool isFlags, string prefix) = kind switch
        {
            Arg.Whence => (NameTables.Whence, false, "SEEK_???"),
            Arg.AtFlags => (NameTables.At, true, "AT_???"),
            Arg.AtUnlinkFlags => (NameTables.AtUnlink, true, "AT_???"),
            Arg.AtAccessFlags => (NameTables.AtAccess, true, "AT_???"),
            Arg.StatxMask => (NameTables.StatxMask, true, "STATX_???"),
            Arg.FdFlags => (NameTables.FdFlags, true, "O_???"),
            Arg.FcntlCommand => (NameTables.Fcntl, false, "F_???"),
            Arg.FlockOperation => (NameTables.Flock, true, "LOCK_???"),
            Arg.IoctlRequest => (NameTables.Ioctl, false, "_IO(...)"),
            Arg.FallocateMode => (NameTables.Fallocate, true, "FALLOC_FL_???"),
            Arg.FileAdvice => (NameTables.FileAdvice, false, "POSIX_FADV_???"),
            Arg.SpliceFlags => (NameTables.Splice, true, "SPLICE_F_???"),
            Arg.RenameFlags => (NameTables.Rename, true, "RENAME_???"),
            Arg.RwfFlags => (NameTables.Rwf, true, "RWF_???"),
            Arg.CloseRangeFlags => (NameTables.CloseRange, true, "CLOSE_RANGE_???"),
            Arg.MemfdFlags => (NameTables.Memfd, true, "MFD_???"),
            Arg.MountFlags => (NameTables.Mount, true, "MS_???"),
            Arg.UmountFlags => (NameTables.Umount, true, "MNT_???"),
            Arg.MremapFlags => (NameTables.Mremap, true, "MREMAP_???"),
            Arg.MsyncFlags => (NameTables.Msync, true, "MS_???"),
            Arg.MlockallFlags => (NameTables.Mlockall, true, "MCL_???"),
            Arg.Mlock2Flags => (NameTables.Mlock2, true, "MLOCK_???"),
            Arg.Advice => (NameTables.Advice, false, "MADV_???"),
            Arg.MaskHow => (NameTables.MaskHow, false, "SIG_???"),
            Arg.ClockId => (NameTables.Clock, false, "CLOCK_???"),
            Arg.TimerFlags => (NameTables.Timer, true, "TIMER_???"),
            Arg.ItimerWhich => (NameTables.Itimer, false, "ITIMER_???"),
            Arg.Resource => (NameTables.Resource, false, "RLIMIT_???"),
            Arg.RusageWho => (NameTables.Rusage, false, "RUSAGE_???"),
            Arg.PriorityWhich => (NameTables.Priority, false, "PRIO_???"),
            Arg.SchedPolicy => (NameTables.Policy, false, "SCHED_???"),
            Arg.PrctlOption => (NameTables.Prctl, false, "PR_???"),
            Arg.ArchPrctlCode => (NameTables.ArchPrctl, false, "ARCH_???"),
            Arg.WaitOptions => (NameTables.WaitOption, true, "W???"),
            Arg.WaitidType => (NameTables.WaitType, false, "P_???"),
            Arg.RandomFlags => (NameTables.Random, true, "GRND_???"),
            Arg.RseqFlags => (NameTables.Rseq, true, "RSEQ_FLAG_???"),
            Arg.MembarrierCommand => (NameTables.Membarrier, false, "MEMBARRIER_CMD_???"),
            Arg.SocketFamily => (NameTables.SocketFamily, false, "AF_???"),
            Arg.SocketFlags => (NameTables.SocketFlags, true, "SOCK_???"),
            Arg.SocketLevel => (NameTables.SocketLevel, false, "SOL_???"),
            Arg.MessageFlags => (NameTables.Message, true, "MSG_???"),
            Arg.ShutdownHow => (NameTables.Shutdown, false, "SHUT_???"),
            Arg.EpollOperation => (NameTables.EpollOperation, false, "EPOLL_CTL_???"),
            Arg.EpollCreateFlags => (NameTables.EpollCreate, true, "EPOLL_???"),
            Arg.EventfdFlags => (NameTables.Eventfd, true, "EFD_???"),
            Arg.SignalfdFlags => (NameTables.Signalfd, true, "SFD_???"),
            Arg.TimerfdFlags => (NameTables.Timerfd, true, "TFD_???"),
            Arg.InotifyFlags => (NameTables.Inotify, true, "IN_???"),
            Arg.InotifyMask => (NameTables.InotifyMask, true, "IN_???"),
            _ => (null, false, ""),
        };
        if (table is null)
            return false;
        if (isFlags)
            AppendFlags(line, value, table, prefix);
        else
            AppendName(line, value, table, prefix);
        return true;
    }

    private static void AppendFutex(StringBuilder line, ulong value)
    {
        int start = line.Length;
        ulong command = (uint)value & ~(FutexPrivate | FutexRealtime);
        AppendName(line, command, NameTables.Futex, "FUTEX_???");
        if ((value & FutexPrivate) != 0)
            line.Append(line.ToString(start, line.Length - start).EndsWith('/') ? "|FUTEX_PRIVATE_FLAG" : "_PRIVATE");
        if ((value & FutexRealtime) != 0)
            line.Append("|FUTEX_CLOCK_REALTIME");
    }

    /// <summary>Which of the last four arguments a futex call has depends on its operation.</summary>
    private static bool AppendFutexArgument(StringBuilder line, StraceCall call, Arg kind, ulong value)
    {
        int operation = (int)(call.Arguments.A1 & 0x7F);
        bool waits = operation is 0 or 9 or 11;
        bool hasBits = operation is 9 or 10;
        switch (kind)
        {
            case Arg.FutexValue:
                line.Append(waits || operation is 1 or 10 ? ((uint)value).ToString() : ((int)value).ToString());
                return true;
            case Arg.FutexTimeout:
                // A timeout is a structure; for a requeue it is a second count.
                if (waits || operation is 6 or 13)
                    return false;
                if (operation is 3 or 4 or 5 or 12)
                    line.Append((uint)value);
                return true;
            case Arg.FutexAddress2:
                if (operation is 3 or 4 or 5 or 11 or 12)
                    AppendAddress(line, value);
                else if (hasBits && (operation == 9 || operation == 10))
                    return AppendUnused(line, operation == 9, value);
                return true;
            default:
                if (hasBits)
                    line.Append((uint)value == uint.MaxValue ? "FUTEX_BITSET_MATCH_ANY" : "0x" + ((uint)value).ToString("x"));
                else if (operation is 4 or 12)
                    line.Append((uint)value);
                return true;
        }
    }

    private static bool AppendUnused(StringBuilder line, bool isPresent, ulong value)
    {
        if (isPresent)
            AppendAddress(line, value);
        return true;
    }

    private static bool AppendFcntl(StringBuilder line, StraceCall call, ulong value)
    {
        switch (call.Arguments.Int1)
        {
            case 1 or 3 or 9 or 11 or 1025 or 1032 or 1034:
                return true;
            case 0 or 8 or 10 or 1030 or 1031 or 1024:
                line.Append((int)value);
                return true;
            case 2:
                line.Append((value & 1) != 0 ? "FD_CLOEXEC" : "0");
                return true;
            case 4:
                AppendTyped(line, (uint)value, 3, NameTables.OpenAccess, NameTables.Open, "O_???");
                return true;
            default:
                return false;
        }
    }

    private static void AppendPersonality(StringBuilder line, uint value)
    {
        line.Append((value & 0xFF) == 0 ? "PER_LINUX" : "0x" + (value & 0xFF).ToString("x"));
        if ((value & ~0xFFu) == 0)
            return;
        line.Append('|');
        AppendFlags(line, value & ~0xFFu, NameTables.Personality, "PER_???");
    }
}
