using System.Buffers.Binary;
using System.Text;
using Faultline.Linux.Abi;
using Faultline.Linux.Abi.Time;
using Faultline.Linux.Fs.Proc;
using Faultline.Linux.Kernel;
using Faultline.Linux.Vfs;

namespace Faultline.Linux.Syscalls.Machine;

/// <summary>Calls about the machine as a whole: the clock's discipline, file system types, the LDT, security modules.</summary>
internal static class MachineCalls
{
    private const int ADJ_OFFSET_SS_READ = 0xA001;

    /// <summary>Bytes of struct timex.</summary>
    private const int TimexSize = 208;

    private const int STA_UNSYNC = 0x40;
    private const int TIME_ERROR = 5;

    /// <summary>Microseconds: NTP_PHASE_LIMIT, what a clock shows that nobody disciplines.</summary>
    private const long PhaseLimit = 16_000_000;

    private const uint LSM_FLAG_SINGLE = 1;

    /// <summary>int adjtimex(struct timex *buf): reading; changes are the host's affair.</summary>
    public static long Adjtimex(Task task, in SyscallArguments a) => ReadDiscipline(task, a.A0);

    /// <summary>int clock_adjtime(clockid_t clk_id, struct timex *buf)</summary>
    public static long ClockAdjtime(Task task, in SyscallArguments a)
    {
        if (!task.Memory.TryRead(a.A1, out int _))
            return -Errno.EFAULT;
        if (!TimeCalls.TryRead(task.Host.Clock, a.Int0, out _))
            return -Errno.EINVAL;
        return a.Int0 == Clocks.CLOCK_REALTIME ? ReadDiscipline(task, a.A1) : -Errno.EOPNOTSUPP;
    }

    /// <summary>int sysfs(int option, unsigned long arg1, unsigned long arg2): the list of file system types (fs/filesystems.c).</summary>
    public static long Sysfs(Task task, in SyscallArguments a)
    {
        string[] names = MountText.TypeNames;
        switch (a.Int0)
        {
            case 1:
                int result = task.Memory.ReadString(a.A1, PathWalk.PathMax, out string name);
                if (result < 0)
                    return result;
                int index = Array.IndexOf(names, name);
                return index < 0 ? -Errno.EINVAL : index;
            case 2:
                if (a.A1 >= (ulong)names.Length)
                    return -Errno.EINVAL;
                byte[] text = Encoding.ASCII.GetBytes(names[a.A1] + "\0");
                return task.Memory.Write(a.A2, text) == text.Length ? 0 : -Errno.EFAULT;
            case 3:
                return names.Length;
            default:
                return -Errno.EINVAL;
        }
    }

    /// <summary>int modify_ldt(int func, void *ptr, unsigned long bytecount): there is no LDT, and none can be made.</summary>
    public static long ModifyLdt(Task task, in SyscallArguments a)
    {
        const int read = 0, readDefault = 2;
        const int defaultSize = 128;
        switch (a.Int0)
        {
            case read:
                return 0;
            case readDefault:
                Span<byte> zeros = stackalloc byte[defaultSize];
                zeros.Clear();
                int size = (int)Math.Min(a.A2, defaultSize);
                return task.Memory.Write(a.A1, zeros[..size]) == size ? size : -Errno.EFAULT;
            default:
                return -Errno.ENOSYS;
        }
    }

    /// <summary>int lsm_list_modules(u64 *ids, u32 *size, u32 flags): there are none.</summary>
    public static long LsmListModules(Task task, in SyscallArguments a)
    {
        if ((uint)a.A2 != 0)
            return -Errno.EINVAL;
        if (!task.Memory.TryRead(a.A1, out uint _))
            return -Errno.EFAULT;
        return task.Memory.TryWrite(a.A1, 0u) ? 0 : -Errno.EFAULT;
    }

    /// <summary>int lsm_get_self_attr(unsigned int attr, struct lsm_ctx *ctx, u32 *size, u32 flags)</summary>
    public static long LsmGetSelfAttr(Task task, in SyscallArguments a)
    {
        if ((uint)a.A0 == 0 || a.A2 == 0)
            return -Errno.EINVAL;
        if (!task.Memory.TryRead(a.A2, out uint _))
            return -Errno.EFAULT;
        return (uint)a.A3 != 0 && ((uint)a.A3 != LSM_FLAG_SINGLE || a.A1 == 0) ? -Errno.EINVAL : -Errno.EOPNOTSUPP;
    }

    /// <summary>int lsm_set_self_attr(unsigned int attr, struct lsm_ctx *ctx, u32 size, u32 flags)</summary>
    public static long LsmSetSelfAttr(Task task, in SyscallArguments a)
    {
        const uint contextSize = 32;
        return (uint)a.A3 != 0 || (uint)a.A2 < contextSize ? -Errno.EINVAL : (uint)a.A2 > 4096 ? -Errno.E2BIG : -Errno.EOPNOTSUPP;
    }

    /// <summary>Calls that a kernel without the facility refuses with EOPNOTSUPP.</summary>
    public static long NotSupported(Task task, in SyscallArguments a) => -Errno.EOPNOTSUPP;

    /// <summary>Calls that a kernel built without the facility does not have.</summary>
    public static long NotBuilt(Task task, in SyscallArguments a) => -Errno.ENOSYS;

    /// <summary>struct timex (linux/timex.h): modes, offset, freq, maxerror, esterror, status, constant, precision, tolerance, time, tick, ...</summary>
    private static long ReadDiscipline(Task task, ulong address)
    {
        Span<byte> timex = stackalloc byte[TimexSize];
        if (task.Memory.Read(address, timex) != timex.Length)
            return -Errno.EFAULT;
        int modes = BinaryPrimitives.ReadInt32LittleEndian(timex);
        if (modes is not (0 or ADJ_OFFSET_SS_READ))
            return -Errno.EPERM;
        timex[8..].Clear();
        BinaryPrimitives.WriteInt64LittleEndian(timex[24..], PhaseLimit);
        BinaryPrimitives.WriteInt64LittleEndian(timex[32..], PhaseLimit);
        BinaryPrimitives.WriteInt32LittleEndian(timex[40..], STA_UNSYNC);
        BinaryPrimitives.WriteInt64LittleEndian(timex[48..], 2);
        BinaryPrimitives.WriteInt64LittleEndian(timex[56..], 1);
        BinaryPrimitives.WriteInt64LittleEndian(timex[64..], 32_768_000);
        Timeval now = Timeval.FromNanoseconds(task.Host.Clock.Realtime);
        BinaryPrimitives.WriteInt64LittleEndian(timex[72..], now.tv_sec);
        BinaryPrimitives.WriteInt64LittleEndian(timex[80..], now.tv_usec);
        BinaryPrimitives.WriteInt64LittleEndian(timex[88..], 10_000);
        return task.Memory.Write(address, timex) == timex.Length ? TIME_ERROR : -Errno.EFAULT;
    }
}
