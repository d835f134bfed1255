using System.Globalization;
using System.Text;
using Faultline.Linux.Kernel;
using Faultline.Linux.Vfs;
using Faultline.Memory;

namespace Faultline.Linux.Fs.Proc;

/// <summary>/proc/PID/maps and smaps (fs/proc/task_mmu.c).</summary>
internal static class MapsText
{
    /// <summary>The column the name starts at.</summary>
    private const int NameColumn = 73;

    /// <summary>One line for each mapping.</summary>
    public static string Maps(Process process)
    {
        StringBuilder text = new();
        foreach (Mapping mapping in process.Mm.Space.Snapshot())
            Append(text, mapping);
        return text.ToString();
    }

    /// <summary>The lines of maps, each followed by its size and protection; what is resident is not counted by mapping and left out.</summary>
    public static string SMaps(Process process)
    {
        StringBuilder text = new();
        foreach (Mapping mapping in process.Mm.Space.Snapshot())
        {
            Append(text, mapping);
            _ = text.Append(CultureInfo.InvariantCulture, $"Size:           {mapping.Length / 1024,8} kB\n")
                .Append("KernelPageSize:        4 kB\nMMUPageSize:           4 kB\n");
        }
        return text.ToString();
    }

    private static void Append(StringBuilder text, Mapping mapping)
    {
        int start = text.Length;
        FileStatus status = default;
        bool isFile = mapping.Tag is OpenFile file && file.Stat(out status) >= 0;
        PageProtection p = mapping.Protection;
        _ = text.Append(CultureInfo.InvariantCulture, $"{mapping.Start:x8}-{mapping.End:x8} ")
            .Append((p & PageProtection.Read) != 0 ? 'r' : '-')
            .Append((p & PageProtection.Write) != 0 ? 'w' : '-')
            .Append((p & PageProtection.Execute) != 0 ? 'x' : '-')
            .Append(mapping.Shared ? 's' : 'p')
            .Append(CultureInfo.InvariantCulture, $" {(isFile ? mapping.Offset : 0):x8}")
            .Append(CultureInfo.InvariantCulture, $" {status.DeviceMajor:x2}:{status.DeviceMinor:x2} {status.Inode} ");
        if (mapping.Name.Length > 0)
        {
            int used = text.Length - start;
            if (used < NameColumn)
                _ = text.Append(' ', NameColumn - used);
            _ = text.Append(mapping.Name.Replace("\n", "\\012", StringComparison.Ordinal));
        }
        _ = text.Append('\n');
    }
}
