using System.Globalization;
using System.Text;
using Faultline.Linux.Fs.Tree;
using Faultline.Linux.Kernel;
using Faultline.Linux.Vfs;
using Faultline.Memory;

namespace Faultline.Linux.Fs.Proc;

/// <summary>/proc/PID and /proc/PID/task/TID (fs/proc/base.c).</summary>
internal static class ProcessEntries
{
    private static readonly string[] _names =
    [
        "auxv", "cgroup", "cmdline", "comm", "cwd", "environ", "exe", "fd", "fdinfo", "limits", "maps", "mountinfo", "mounts", "oom_adj", "oom_score",
        "oom_score_adj", "personality", "root", "smaps", "stat", "statm", "status", "task",
    ];

    /// <summary>The directory of a process.</summary>
    public static LazyDirectory Directory(ProcFileSystem fs, TreeDirectory root, Process process) =>
        new(fs, root, Number(process.Pid), 0x16D, ProcFileSystem.InodeOf(process.Pid, 0), () => _names,
            (directory, name) => Find(fs, directory, process, process.Main, name, 0))
        {
            Process = process,
        };

    /// <summary>The directory of a thread: what a process has, without "task".</summary>
    private static LazyDirectory Thread(ProcFileSystem fs, TreeDirectory parent, Task task) =>
        new(fs, parent, Number(task.Tid), 0x16D, ProcFileSystem.InodeOf(task.Tid, 0x100), () => _names[..^1],
            (directory, name) => name == "task" ? null : Find(fs, directory, task.Process, task, name, 0x100));

    private static TreeNode? Find(ProcFileSystem fs, LazyDirectory directory, Process process, Task task, string name, uint block)
    {
        const uint readable = 0x124, privately = 0x100, writable = 0x1A4, link = 0x1FF;
        ulong Inode(uint index) => ProcFileSystem.InodeOf(block == 0 ? process.Pid : task.Tid, block + index);
        TextNode Text(uint index, uint permissions, Func<string> make, Func<string, int>? write = null) =>
            new(fs, Inode(index), permissions, make, write);
        return name switch
        {
            "exe" => new MagicLink(fs, Inode(1), link, () => process.Executable?.Path, () => Jump(process.Executable)),
            "cwd" => new MagicLink(fs, Inode(2), link, () => PathOf(process, process.FileSystem.Current), () => Jump(process.FileSystem.Current)),
            "root" => new MagicLink(fs, Inode(3), link, () => PathOf(process, process.FileSystem.Root), () => Jump(process.FileSystem.Root)),
            "fd" => DescriptorEntries.Links(fs, directory, process, Inode(4)),
            "fdinfo" => DescriptorEntries.Infos(fs, directory, process, Inode(5)),
            "maps" => Text(6, readable, () => MapsText.Maps(process)),
            "smaps" => Text(7, readable, () => MapsText.SMaps(process)),
            "cmdline" => Text(8, readable, () => ReadMemory(process, process.Mm.Image.ArgStart, process.Mm.Image.ArgEnd)),
            "environ" => Text(9, privately, () => ReadMemory(process, process.Mm.Image.EnvStart, process.Mm.Image.EnvEnd)),
            "auxv" => Text(10, privately, () => Encoding.Latin1.GetString(process.Mm.Image.AuxiliaryVector)),
            "status" => Text(11, readable, () => ProcessText.Status(process, task)),
            "stat" => Text(12, readable, () => ProcessText.Stat(process, task)),
            "statm" => Text(13, readable, () => ProcessText.StatM(process)),
            "comm" => Text(14, writable, () => task.Comm + "\n", text => SetComm(task, text)),
            "limits" => Text(15, readable, () => ProcessText.Limits(process)),
            "mounts" => Text(16, readable, () => MountText.Mounts(process)),
            "mountinfo" => Text(17, readable, () => MountText.MountInfo(process)),
            "cgroup" => Text(18, readable, () => "0::/\n"),
            "oom_score" => Text(19, readable, () => "0\n"),
            "oom_score_adj" or "oom_adj" => Text(name == "oom_adj" ? 20u : 21, readable, () => "0\n"),
            "personality" => Text(22, privately, () => process.Personality.ToString("x8", CultureInfo.InvariantCulture) + "\n"),
            "task" => Tasks(fs, directory, process, Inode(23)),
            _ => null,
        };
    }

    private static LazyDirectory Tasks(ProcFileSystem fs, TreeDirectory parent, Process process, ulong inode) =>
        new(fs, parent, "task", 0x16D, inode, () => Array.ConvertAll(process.Tasks, task => Number(task.Tid)),
            (directory, name) => Array.Find(process.Tasks, task => Number(task.Tid) == name) is { } found ? Thread(fs, directory, found) : null);

    private static WalkStep Jump(OpenFile? file)
    {
        file?.AddReference();
        return new WalkStep { Jump = file };
    }

    private static WalkStep Jump(DirectoryNode directory)
    {
        directory.AddReference();
        return new WalkStep { JumpDirectory = directory };
    }

    private static string? PathOf(Process process, DirectoryNode directory) =>
        process.FileSystem.Vfs.PathOf(Task.Current?.Process.FileSystem ?? process.FileSystem, directory) ?? directory.Path + " (deleted)";

    private static int SetComm(Task task, string text)
    {
        text = text.TrimEnd('\n');
        int end = text.IndexOf('\0', StringComparison.Ordinal);
        text = end < 0 ? text : text[..end];
        task.Comm = text[..Math.Min(text.Length, 15)];
        return 0;
    }

    private static string ReadMemory(Process process, ulong start, ulong end)
    {
        // The strings of execve: at most a quarter of the stack limit and in no case more than 6 MiB (fs/exec.c).
        const ulong most = 6 << 20;
        if (end <= start)
            return "";
        byte[] bytes = new byte[Math.Min(end - start, most)];
        int length = process.Mm.Space.Read(start, bytes, out MemoryFault _);
        return Encoding.Latin1.GetString(bytes, 0, length);
    }

    private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);
}
