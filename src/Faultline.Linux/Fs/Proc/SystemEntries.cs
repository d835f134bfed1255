using System.Globalization;
using Faultline.Linux.Fs.Tree;
using Faultline.Linux.Kernel;
using Faultline.Linux.Mm;
using Faultline.Linux.Vfs;

namespace Faultline.Linux.Fs.Proc;

/// <summary>/proc/sys: settings of this kernel (Documentation/admin-guide/sysctl). All are read-only.</summary>
internal static class SystemEntries
{
    private const uint Readable = 0x124;

    private static string? _bootId;

    /// <summary>The directory.</summary>
    public static LazyDirectory Directory(ProcFileSystem fs, TreeDirectory root, LinuxKernel kernel) =>
        new(fs, root, "sys", 0x16D, 100, () => ["fs", "kernel", "vm"], (directory, name) => name switch
        {
            "fs" => Files(fs, directory),
            "kernel" => Kernel(fs, directory, kernel),
            "vm" => Memory(fs, directory),
            _ => null,
        });

    private static LazyDirectory Files(ProcFileSystem fs, TreeDirectory parent) =>
        Values(fs, parent, "fs", 110, ["file-max", "nr_open", "pipe-max-size"], name => name switch
        {
            "file-max" => long.MaxValue.ToString(CultureInfo.InvariantCulture),
            "nr_open" => FdTable.Absolute.ToString(CultureInfo.InvariantCulture),
            "pipe-max-size" => Pipe.Pipe.MaxCapacity.ToString(CultureInfo.InvariantCulture),
            _ => null,
        });

    private static LazyDirectory Memory(ProcFileSystem fs, TreeDirectory parent) =>
        Values(fs, parent, "vm", 140, ["max_map_count", "mmap_min_addr", "overcommit_memory", "overcommit_ratio", "swappiness"], name => name switch
        {
            "max_map_count" => MemoryLayout.MaxMapCount.ToString(CultureInfo.InvariantCulture),
            "mmap_min_addr" => MemoryLayout.MinimumAddress.ToString(CultureInfo.InvariantCulture),
            "overcommit_memory" => "0",
            "overcommit_ratio" => "50",
            "swappiness" => "60",
            _ => null,
        });

    private static LazyDirectory Kernel(ProcFileSystem fs, TreeDirectory parent, LinuxKernel kernel)
    {
        string[] names =
        [
            "cap_last_cap", "core_pattern", "domainname", "hostname", "ngroups_max", "osrelease", "ostype", "pid_max", "random",
            "randomize_va_space", "threads-max", "version",
        ];
        return new LazyDirectory(fs, parent, "kernel", 0x16D, 160, () => names, (directory, name) => name == "random"
            ? Values(fs, directory, "random", 200, ["boot_id", "entropy_avail", "poolsize", "uuid"], entry => RandomValue(kernel, entry))
            : Value(fs, 161, names, name, entry => KernelValue(kernel, entry)));
    }

    private static string? KernelValue(LinuxKernel kernel, string name) => name switch
    {
        "cap_last_cap" => "40",
        "core_pattern" => "core",
        "domainname" => "(none)",
        "hostname" => kernel.Host.Identity.HostName,
        "ngroups_max" => "65536",
        "osrelease" => LinuxKernel.Release,
        "ostype" => "Linux",
        "pid_max" => "4194304",
        "randomize_va_space" => "0",
        "threads-max" => "65536",
        "version" => LinuxKernel.Version,
        _ => null,
    };

    private static string? RandomValue(LinuxKernel kernel, string name) => name switch
    {
        "boot_id" => _bootId ??= Uuid(kernel),
        "uuid" => Uuid(kernel),
        "entropy_avail" or "poolsize" => "256",
        _ => null,
    };

    /// <summary>A random UUID (RFC 9562, version 4).</summary>
    private static string Uuid(LinuxKernel kernel)
    {
        Span<byte> bytes = stackalloc byte[16];
        kernel.Host.Random.Fill(bytes);
        bytes[6] = (byte)((bytes[6] & 0x0F) | 0x40);
        bytes[8] = (byte)((bytes[8] & 0x3F) | 0x80);
        return new Guid(bytes, bigEndian: true).ToString("D");
    }

    private static LazyDirectory Values(ProcFileSystem fs, TreeDirectory parent, string name, ulong inode, string[] names, Func<string, string?> value) =>
        new(fs, parent, name, 0x16D, inode, () => names, (_, entry) => Value(fs, inode + 1, names, entry, value));

    private static TextNode? Value(ProcFileSystem fs, ulong firstInode, string[] names, string name, Func<string, string?> value)
    {
        int index = Array.IndexOf(names, name);
        return index < 0 ? null : new TextNode(fs, firstInode + (ulong)index, Readable, () => value(name) + "\n");
    }
}
