using Faultline.Linux.Abi;
using Faultline.Linux.Kernel;
using Faultline.Linux.Syscalls.Files;
using Faultline.Memory;

namespace Faultline.Linux.Syscalls.Compat;

/// <summary>
/// i386 calls that differ from their 64-bit siblings in the width or order of arguments only: they put them right and call the sibling
/// (arch/x86/kernel/sys_ia32.c, fs/read_write.c, kernel/uid16.c).
/// </summary>
internal static unsafe class CompatCalls
{
    /// <summary>What a 16-bit call shows of a user or group id that does not fit (fs.overflowuid).</summary>
    private const uint OverflowId = 65534;

    /// <summary>off_t lseek(int fd, int offset, int whence)</summary>
    public static long Lseek(Task task, in SyscallArguments a) => Descriptors.Lseek(task, With(a, a1: (ulong)(long)a.Int1));

    /// <summary>int _llseek(int fd, unsigned high, unsigned low, loff_t *result, unsigned whence)</summary>
    public static long Llseek(Task task, in SyscallArguments a)
    {
        long position = Descriptors.Lseek(task, new SyscallArguments(a.Number, a.A0, (a.A1 << 32) | a.A2, a.A4, 0, 0, 0));
        if (position < 0)
            return position;
        return task.Memory.TryWrite(a.A3, position) ? 0 : -Errno.EFAULT;
    }

    /// <summary>ssize_t pread64(int fd, void *buf, size_t count, unsigned low, unsigned high)</summary>
    public static long Pread64(Task task, in SyscallArguments a) => ReadWrite.Pread64(task, With(a, a3: a.A3 | (a.A4 << 32)));

    /// <summary>ssize_t pwrite64(int fd, const void *buf, size_t count, unsigned low, unsigned high)</summary>
    public static long Pwrite64(Task task, in SyscallArguments a) => ReadWrite.Pwrite64(task, With(a, a3: a.A3 | (a.A4 << 32)));

    /// <summary>int truncate(const char *path, int length)</summary>
    public static long Truncate(Task task, in SyscallArguments a) => Attributes.Truncate(task, With(a, a1: (ulong)(long)a.Int1));

    /// <summary>int ftruncate(int fd, int length)</summary>
    public static long Ftruncate(Task task, in SyscallArguments a) => Attributes.Ftruncate(task, With(a, a1: (ulong)(long)a.Int1));

    /// <summary>int truncate64(const char *path, unsigned low, unsigned high)</summary>
    public static long Truncate64(Task task, in SyscallArguments a) => Attributes.Truncate(task, With(a, a1: a.A1 | (a.A2 << 32)));

    /// <summary>int ftruncate64(int fd, unsigned low, unsigned high)</summary>
    public static long Ftruncate64(Task task, in SyscallArguments a) => Attributes.Ftruncate(task, With(a, a1: a.A1 | (a.A2 << 32)));

    /// <summary>int time(int *seconds)</summary>
    public static long Time(Task task, in SyscallArguments a)
    {
        int seconds = (int)TimeCalls.Time(task, new SyscallArguments(a.Number, 0, 0, 0, 0, 0, 0));
        return a.A0 == 0 || task.Memory.TryWrite(a.A0, seconds) ? seconds : -Errno.EFAULT;
    }

    /// <summary>void *mmap2(void *addr, size_t length, int prot, int flags, int fd, unsigned page)</summary>
    public static long Mmap2(Task task, in SyscallArguments a) => MemoryCalls.Mmap(task, With(a, a5: a.A5 << GuestPage.Shift));

    /// <summary>void *mmap(struct mmap_arg_struct *args): the six arguments in memory, the offset in bytes.</summary>
    public static long OldMmap(Task task, in SyscallArguments a)
    {
        uint* arguments = stackalloc uint[6];
        Span<byte> bytes = new(arguments, 6 * sizeof(uint));
        if (task.Memory.Read(a.A0, bytes) != bytes.Length)
            return -Errno.EFAULT;
        return MemoryCalls.Mmap(task, new SyscallArguments(a.Number, arguments[0], arguments[1], arguments[2], arguments[3], arguments[4], arguments[5]));
    }

    /// <summary>getuid(2) of 16 bits.</summary>
    public static long Getuid16(Task task, in SyscallArguments a) => Narrow(IdentityCalls.Getuid(task, a));

    /// <summary>getgid(2) of 16 bits.</summary>
    public static long Getgid16(Task task, in SyscallArguments a) => Narrow(IdentityCalls.Getgid(task, a));

    /// <summary>geteuid(2) of 16 bits.</summary>
    public static long Geteuid16(Task task, in SyscallArguments a) => Narrow(IdentityCalls.Geteuid(task, a));

    /// <summary>getegid(2) of 16 bits.</summary>
    public static long Getegid16(Task task, in SyscallArguments a) => Narrow(IdentityCalls.Getegid(task, a));

    private static long Narrow(long id) => id > ushort.MaxValue ? OverflowId : id;

    private static SyscallArguments With(in SyscallArguments a, ulong? a1 = null, ulong? a3 = null, ulong? a5 = null) =>
        new(a.Number, a.A0, a1 ?? a.A1, a.A2, a3 ?? a.A3, a.A4, a5 ?? a.A5);
}
