using System.Globalization;
using System.Text;
using Faultline.Linux.Kernel;
using Faultline.Linux.Vfs;

namespace Faultline.Linux.Fs.Proc;

/// <summary>/proc/PID/mounts and mountinfo (fs/proc_namespace.c).</summary>
internal static class MountText
{
    /// <summary>The kinds of file systems there are (/proc/filesystems, sysfs(2)).</summary>
    public static string[] TypeNames { get; } = ["proc", "devtmpfs", "tmpfs", "sysfs", "devpts", "mqueue", "hostfs"];

    /// <summary>/proc/filesystems: those without a device first.</summary>
    public static string FileSystems()
    {
        StringBuilder text = new();
        foreach (string name in TypeNames)
            _ = text.Append(name == "hostfs" ? "\t" : "nodev\t").Append(name).Append('\n');
        return text.ToString();
    }

    /// <summary>The mounts with their numbers, the root first; the root's parent is the mount below everything, number 1.</summary>
    public static List<(ulong Number, ulong Parent, FileSystem FileSystem)> Numbered(VirtualFileSystem vfs)
    {
        Dictionary<FileSystem, ulong> numbers = [];
        List<(ulong Number, ulong Parent, FileSystem FileSystem)> result = [];
        foreach (FileSystem fileSystem in vfs.FileSystems())
        {
            ulong number = FirstMount + (ulong)numbers.Count;
            numbers.Add(fileSystem, number);
            result.Add((number, fileSystem.MountedAt is { } at ? numbers[at.Parent.FileSystem] : 1, fileSystem));
        }
        return result;
    }

    private const ulong FirstMount = 20;

    /// <summary>In the format of fstab(5).</summary>
    public static string Mounts(Process process)
    {
        StringBuilder text = new();
        foreach (FileSystem fileSystem in process.FileSystem.Vfs.FileSystems())
            _ = text.Append(CultureInfo.InvariantCulture, $"{fileSystem.TypeName} {fileSystem.MountPath} {fileSystem.TypeName} rw,relatime 0 0\n");
        return text.ToString();
    }

    /// <summary>One line for each mount: id, parent, device, root, place, options, type, source.</summary>
    public static string MountInfo(Process process)
    {
        StringBuilder text = new();
        foreach ((ulong number, ulong parent, FileSystem fileSystem) in Numbered(process.FileSystem.Vfs))
        {
            _ = fileSystem.Stat(fileSystem.Root, "", out FileStatus status);
            _ = text.Append(
                CultureInfo.InvariantCulture,
                $"{number} {parent} {status.DeviceMajor}:{status.DeviceMinor} / {fileSystem.MountPath} rw,relatime - {fileSystem.TypeName} {fileSystem.TypeName} rw\n");
        }
        return text.ToString();
    }
}
