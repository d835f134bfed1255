using System.Globalization;
using Faultline.Linux.Abi;
using Faultline.Linux.Fs.Tree;
using Faultline.Linux.Kernel;

namespace Faultline.Linux.Fs.Proc;

/// <summary>
/// /proc (proc(5)) as this kernel sees the world: guest processes, and of the machine what guests are told of it. Nothing of the host's own /proc shows.
/// </summary>
internal sealed class ProcFileSystem : TreeFileSystem
{
    /// <summary>The inode of the root (PROC_ROOT_INO).</summary>
    private const ulong RootInode = 1;

    private static readonly string[] _machineFiles =
    [
        "cmdline", "cpuinfo", "filesystems", "loadavg", "meminfo", "mounts", "self", "stat", "swaps", "sys", "thread-self", "uptime", "version",
    ];

    private readonly LinuxKernel _kernel;
    private readonly LazyDirectory _root;

    /// <summary>Makes /proc of a kernel.</summary>
    public ProcFileSystem(LinuxKernel kernel)
        : base(kernel.Host, deviceMinor: 21)
    {
        _kernel = kernel;
        _root = new LazyDirectory(this, null, "/", 0x16D, RootInode, Names, Find);
    }

    /// <inheritdoc/>
    public override string TypeName => "proc";

    /// <inheritdoc/>
    public override long Magic => 0x9FA0;

    /// <inheritdoc/>
    public override TreeDirectory RootDirectory => _root;

    /// <summary>Inode numbers of a process: a block for each id.</summary>
    public static ulong InodeOf(int pid, uint index) => ((ulong)(uint)pid << 20) | 0x80000 | index;

    /// <inheritdoc/>
    protected override int CreateFile(TreeDirectory directory, string name, uint mode, out TreeNode? node)
    {
        node = null;
        return -Errno.ENOENT;
    }

    private IEnumerable<string> Names()
    {
        foreach (string name in _machineFiles)
            yield return name;
        foreach (Process process in _kernel.Processes)
            yield return process.Pid.ToString(CultureInfo.InvariantCulture);
    }

    private TreeNode? Find(LazyDirectory root, string name)
    {
        if (name.Length > 0 && char.IsAsciiDigit(name[0]))
        {
            bool isPid = int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out int pid) && name[0] != '0';
            return isPid && _kernel.Find(pid) is { } process ? ProcessEntries.Directory(this, root, process) : null;
        }
        return name switch
        {
            "self" => SelfLink(),
            "thread-self" => ThreadSelfLink(),
            "mounts" => new TreeLink(this, "self/mounts", 12),
            "sys" => SystemEntries.Directory(this, root, _kernel),
            "cpuinfo" => new TextNode(this, 13, 0x124, () => MachineText.CpuInfo(_kernel)),
            "meminfo" => new TextNode(this, 14, 0x124, () => MachineText.MemInfo(_kernel)),
            "uptime" => new TextNode(this, 15, 0x124, () => MachineText.Uptime(_kernel)),
            "loadavg" => new TextNode(this, 16, 0x124, () => MachineText.LoadAverage(_kernel)),
            "version" => new TextNode(this, 17, 0x124, MachineText.Version),
            "stat" => new TextNode(this, 18, 0x124, () => MachineText.Stat(_kernel)),
            "filesystems" => new TextNode(this, 19, 0x124, MountText.FileSystems),
            "cmdline" => new TextNode(this, 20, 0x124, () => "\n"),
            "swaps" => new TextNode(this, 22, 0x124, () => "Filename\t\t\t\tType\t\tSize\t\tUsed\t\tPriority\n"),
            _ => null,
        };
    }

    private TreeLink? SelfLink() => Task.Current is { } task ? new TreeLink(this, $"{task.Process.Pid}", 10) : null;

    private TreeLink? ThreadSelfLink() => Task.Current is { } task ? new TreeLink(this, $"{task.Process.Pid}/task/{task.Tid}", 11) : null;
}
