using System.Globalization;
using System.Text;
using Faultline.Linux.Kernel;
using Faultline.Linux.Vfs;

namespace Faultline.Linux.Fs.Proc;

/// <summary>/proc/PID/mounts and mountinfo (fs/proc_namespace.c).</summary>
internal static class MountText
{
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
        Dictionary<FileSystem, int> numbers = [];
        foreach (FileSystem fileSystem in process.FileSystem.Vfs.FileSystems())
        {
            int number = 20 + numbers.Count;
            numbers.Add(fileSystem, number);
            int parent = fileSystem.MountedAt is { } at ? numbers[at.Parent.FileSystem] : 1;
            _ = fileSystem.Stat(fileSystem.Root, "", out FileStatus status);
            _ = text.Append(
                CultureInfo.InvariantCulture,
                $"{number} {parent} {status.DeviceMajor}:{status.DeviceMinor} / {fileSystem.MountPath} rw,relatime - {fileSystem.TypeName} {fileSystem.TypeName} rw\n");
        }
        return text.ToString();
    }
}
