using System.Globalization;
using Faultline.Linux.Abi.Files;
using Faultline.Linux.Fs.Tree;
using Faultline.Linux.Kernel;
using Faultline.Linux.Vfs;

namespace Faultline.Linux.Fs.Proc;

/// <summary>/proc/PID/fd and /proc/PID/fdinfo (fs/proc/fd.c).</summary>
internal static class DescriptorEntries
{
    private const uint OwnerSearch = 0x140;

    /// <summary>The links to open files.</summary>
    public static LazyDirectory Links(ProcFileSystem fs, TreeDirectory parent, Process process, ulong inode) =>
        new(fs, parent, "fd", OwnerSearch, inode, () => Names(process), (_, name) => Link(fs, process, name));

    /// <summary>The positions and flags of open files.</summary>
    public static LazyDirectory Infos(ProcFileSystem fs, TreeDirectory parent, Process process, ulong inode) =>
        new(fs, parent, "fdinfo", 0x16D, inode, () => Names(process), (_, name) => Info(fs, process, name));

    private static IEnumerable<string> Names(Process process) =>
        process.Files.Descriptors().ConvertAll(fd => fd.ToString(CultureInfo.InvariantCulture));

    private static MagicLink? Link(ProcFileSystem fs, Process process, string name)
    {
        if (!TryParse(process, name, out int fd, out OpenFile? file))
            return null;
        // Read and search permission as the file can be read, write permission as it can be written.
        const uint readable = 0x140, writable = 0xC0;
        uint permissions = (file!.CanRead ? readable : 0) | (file.CanWrite ? writable : 0);
        return new MagicLink(fs, ProcFileSystem.InodeOf(process.Pid, 0x10000 + (uint)fd), permissions, () => Text(process, fd), () =>
            new WalkStep { Jump = process.Files.Acquire(fd) });
    }

    private static TextNode? Info(ProcFileSystem fs, Process process, string name) =>
        TryParse(process, name, out int fd, out _)
            ? new TextNode(fs, ProcFileSystem.InodeOf(process.Pid, 0x20000 + (uint)fd), 0x124, () => InfoText(process, fd))
            : null;

    private static string? Text(Process process, int fd)
    {
        if (process.Files.Acquire(fd) is not { } file)
            return null;
        string path = file.Path;
        file.Release();
        return path;
    }

    private static string InfoText(Process process, int fd)
    {
        if (process.Files.Acquire(fd) is not { } file)
            return "";
        long position = Math.Max(file.Seek(0, FcntlCommands.SEEK_CUR), 0);
        int flags = file.Flags | (process.Files.GetCloseOnExec(fd) ? OpenFlags.O_CLOEXEC : 0);
        int known = file.Stat(out FileStatus status);
        file.Release();
        string octal = "0" + Convert.ToString(flags, 8);
        return string.Create(CultureInfo.InvariantCulture, $"pos:\t{position}\nflags:\t{octal}\nmnt_id:\t{status.MountId}\nino:\t{(known < 0 ? 0 : status.Inode)}\n");
    }

    private static bool TryParse(Process process, string name, out int fd, out OpenFile? file)
    {
        file = null;
        bool isNumber = int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out fd) && (name.Length == 1 || name[0] != '0');
        if (isNumber)
            file = process.Files.Get(fd);
        return file is not null;
    }
}
