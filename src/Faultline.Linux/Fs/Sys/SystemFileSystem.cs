using System.Globalization;
using Faultline.Linux.Fs.Proc;
using Faultline.Linux.Fs.Tree;
using Faultline.Linux.Kernel;

namespace Faultline.Linux.Fs.Sys;

/// <summary>/sys under a root folder: what programs ask to learn how many processors there are, and little else. There are no control groups.</summary>
internal sealed class SystemFileSystem : TreeFileSystem
{
    private const uint Readable = 0x124, Directory = 0x16D;

    private readonly FixedDirectory _root;

    /// <summary>Makes /sys of a kernel.</summary>
    public SystemFileSystem(LinuxKernel kernel)
        : base(kernel.Host, deviceMinor: 20)
    {
        _root = new FixedDirectory(this, null, "/", Directory);
        FixedDirectory system = Add(Add(_root, "devices"), "system");
        FixedDirectory processors = Add(system, "cpu");
        int count = kernel.Host.Identity.ProcessorCount;
        string range = count == 1 ? "0\n" : string.Create(CultureInfo.InvariantCulture, $"0-{count - 1}\n");
        foreach (string name in (ReadOnlySpan<string>)["online", "possible", "present"])
            Add(processors, name, range);
        Add(processors, "offline", "\n");
        Add(processors, "kernel_max", "8191\n");
        for (int i = 0; i < count; i++)
        {
            FixedDirectory topology = Add(Add(processors, string.Create(CultureInfo.InvariantCulture, $"cpu{i}")), "topology");
            Add(topology, "core_id", string.Create(CultureInfo.InvariantCulture, $"{i}\n"));
            Add(topology, "physical_package_id", "0\n");
            Add(topology, "thread_siblings_list", string.Create(CultureInfo.InvariantCulture, $"{i}\n"));
            Add(topology, "core_siblings_list", range);
        }
        FixedDirectory nodes = Add(system, "node");
        Add(nodes, "online", "0\n");
        Add(Add(nodes, "node0"), "cpulist", range);
        FixedDirectory huge = Add(Add(Add(_root, "kernel"), "mm"), "transparent_hugepage");
        Add(huge, "enabled", "always madvise [never]\n");
        Add(huge, "hpage_pmd_size", "2097152\n");
        _ = Add(_root, "fs");
        _ = Add(_root, "class");
        _ = Add(_root, "block");
    }

    /// <inheritdoc/>
    public override string TypeName => "sysfs";

    /// <inheritdoc/>
    public override long Magic => 0x62656572;

    /// <inheritdoc/>
    public override TreeDirectory RootDirectory => _root;

    private FixedDirectory Add(FixedDirectory parent, string name)
    {
        FixedDirectory made = new(this, parent, name, Directory);
        parent.Add(name, made);
        return made;
    }

    private void Add(FixedDirectory parent, string name, string text) => parent.Add(name, new TextNode(this, 0, Readable, () => text));
}
