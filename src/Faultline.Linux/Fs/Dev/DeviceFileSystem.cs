using Faultline.Linux.Abi;
using Faultline.Linux.Fs.Host;
using Faultline.Linux.Fs.Pty;
using Faultline.Linux.Fs.Temporary;
using Faultline.Linux.Fs.Tree;

namespace Faultline.Linux.Fs.Dev;

/// <summary>
/// /dev: the devices every program may expect, and nothing of the host's but the terminal this process itself was started on.
/// </summary>
internal sealed class DeviceFileSystem : TreeFileSystem
{
    /// <summary>Makes /dev.</summary>
    /// <param name="files">The host, whose terminal appears here under its own name when this process has one.</param>
    /// <param name="table">The pseudo-terminals.</param>
    public DeviceFileSystem(HostFileSystem files, TerminalTable table)
        : base(files.Host, deviceMinor: 6)
    {
        FixedDirectory root = new(this, null, "/", 0x1ED);
        TerminalDirectory terminals = new(this, root, table);
        RootDirectory = root;
        root.Add("null", new MemoryDevice(this, DeviceKind.Null));
        root.Add("zero", new MemoryDevice(this, DeviceKind.Zero));
        root.Add("full", new MemoryDevice(this, DeviceKind.Full));
        root.Add("random", new MemoryDevice(this, DeviceKind.Random));
        root.Add("urandom", new MemoryDevice(this, DeviceKind.Urandom));
        root.Add("stdin", new TreeLink(this, "/proc/self/fd/0"));
        root.Add("stdout", new TreeLink(this, "/proc/self/fd/1"));
        root.Add("stderr", new TreeLink(this, "/proc/self/fd/2"));
        root.Add("fd", new TreeLink(this, "/proc/self/fd"));
        root.Add("shm", new FixedDirectory(this, root, "shm", 0x3FF));
        root.Add("pts", terminals);
        int terminal = AddTerminals(files, root, terminals);
        root.Add("tty", new ControllingTerminal(this, files, terminal, terminals, table));
        root.Add("ptmx", new MultiplexerNode(this, terminals, table));
        Mount(root.Node, "shm", () => new TemporaryFileSystem(files, deviceMinor: 7));
    }

    /// <inheritdoc/>
    public override string TypeName => "devtmpfs";

    /// <inheritdoc/>
    public override long Magic => 0x01021994;

    /// <inheritdoc/>
    public override TreeDirectory RootDirectory { get; }

    /// <inheritdoc/>
    protected override int CreateFile(TreeDirectory directory, string name, uint mode, out TreeNode? node)
    {
        node = null;
        return UserId == 0 ? -Errno.EPERM : -Errno.EACCES;
    }

    /// <summary>Shows the terminals among the standard streams under their names on the host.</summary>
    /// <returns>A host handle of one, or -1.</returns>
    private int AddTerminals(HostFileSystem files, FixedDirectory root, TerminalDirectory terminals)
    {
        int found = -1;
        for (int handle = 0; handle <= 2; handle++)
        {
            if (!Host.Terminal.IsTerminal(handle) || files.Files.PathOf(handle) is not { } path)
                continue;
            found = found < 0 ? handle : found;
            string name = path[(path.LastIndexOf('/') + 1)..];
            bool isSlave = path.StartsWith("/dev/pts/", StringComparison.Ordinal), isDevice = path.LastIndexOf('/') == 4 && path.StartsWith("/dev/", StringComparison.Ordinal);
            if (isSlave && terminals.Find(name) is null)
                terminals.Add(name, new HostTerminal(this, files, handle));
            else if (isDevice && root.Find(name) is null)
                root.Add(name, new HostTerminal(this, files, handle));
        }
        return found;
    }
}
