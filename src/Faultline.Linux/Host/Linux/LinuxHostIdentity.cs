using System.Buffers.Text;
using System.Numerics;

namespace Faultline.Linux.Host.Linux;

/// <summary>Facts about a Linux host.</summary>
internal sealed unsafe class LinuxHostIdentity : IHostIdentity
{
    /// <inheritdoc/>
    public uint UserId => Libc.getuid();

    /// <inheritdoc/>
    public uint EffectiveUserId => Libc.geteuid();

    /// <inheritdoc/>
    public uint GroupId => Libc.getgid();

    /// <inheritdoc/>
    public uint EffectiveGroupId => Libc.getegid();

    /// <inheritdoc/>
    public uint[] Groups
    {
        get
        {
            int count = Libc.getgroups(0, null);
            if (count <= 0)
                return [];
            uint[] groups = new uint[count];
            fixed (uint* p = groups)
                count = Libc.getgroups(count, p);
            return count == groups.Length ? groups : groups[..Math.Max(count, 0)];
        }
    }

    /// <inheritdoc/>
    public int ProcessId => Libc.getpid();

    /// <inheritdoc/>
    public int ParentProcessId => Libc.getppid();

    /// <inheritdoc/>
    public int ProcessGroup => Libc.getpgrp();

    /// <inheritdoc/>
    public int Session => Libc.getsid(0);

    /// <inheritdoc/>
    public string HostName
    {
        get
        {
            byte* name = stackalloc byte[256];
            if (Libc.gethostname(name, 255) != 0)
                return "localhost";
            name[255] = 0;
            int length = new ReadOnlySpan<byte>(name, 256).IndexOf((byte)0);
            return NativePath.Decode(name, length);
        }
    }

    /// <inheritdoc/>
    public int ProcessorCount
    {
        get
        {
            // What nproc(1) counts; the runtime's own number also follows control group quotas, which Linux programs do not see.
            ulong* mask = stackalloc ulong[128];
            new Span<ulong>(mask, 128).Clear();
            if (Libc.sched_getaffinity(0, 1024, (byte*)mask) < 0)
                return Environment.ProcessorCount;
            int count = 0;
            for (int i = 0; i < 128; i++)
                count += BitOperations.PopCount(mask[i]);
            return Math.Max(count, 1);
        }
    }

    /// <inheritdoc/>
    public long MemoryTotal => MemoryInfo("MemTotal:"u8);

    /// <inheritdoc/>
    public long MemoryAvailable => MemoryInfo("MemAvailable:"u8);

    /// <inheritdoc/>
    public (double One, double Five, double Fifteen) LoadAverage
    {
        get
        {
            Span<byte> text = stackalloc byte[128];
            text = HostProc.Read("/proc/loadavg\0"u8, text);
            double one = NextNumber(ref text), five = NextNumber(ref text), fifteen = NextNumber(ref text);
            return (one, five, fifteen);
        }
    }

    /// <inheritdoc/>
    public bool TryGetLimit(int resource, out ulong soft, out ulong hard)
    {
        ulong* limits = stackalloc ulong[2];
        bool known = Libc.getrlimit(resource, limits) == 0;
        soft = known ? limits[0] : ulong.MaxValue;
        hard = known ? limits[1] : ulong.MaxValue;
        return known;
    }

    /// <inheritdoc/>
    public string? CurrentDirectory
    {
        get
        {
            byte* path = stackalloc byte[NativePath.Size];
            if (Libc.getcwd(path, NativePath.Size) is null)
                return null;
            return NativePath.Decode(path, new ReadOnlySpan<byte>(path, NativePath.Size).IndexOf((byte)0));
        }
    }

    private static long MemoryInfo(ReadOnlySpan<byte> field)
    {
        Span<byte> text = stackalloc byte[2048];
        text = HostProc.Read("/proc/meminfo\0"u8, text);
        int at = text.IndexOf(field);
        if (at < 0)
            return GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
        text = text[(at + field.Length)..];
        while (text is [(byte)' ', ..])
            text = text[1..];
        return Utf8Parser.TryParse(text, out long kibibytes, out _) ? kibibytes * 1024 : 0;
    }

    private static double NextNumber(ref Span<byte> text)
    {
        text = text.TrimStart((byte)' ');
        if (!Utf8Parser.TryParse(text, out double value, out int used))
            return 0;
        text = text[used..];
        return value;
    }
}
