using Faultline.Linux.Abi.Files;
using Faultline.Linux.Fs.Host;
using Faultline.Linux.Fs.Tree;
using Faultline.Linux.Vfs;

namespace Faultline.Linux.Fs.Dev;

/// <summary>A terminal that is a standard stream of this process, under its name: what ttyname(3) finds.</summary>
internal sealed class HostTerminal(TreeFileSystem fileSystem, HostFileSystem files, int handle) : TreeNode(fileSystem, ModeBits.S_IFCHR | 0x190)
{
    /// <summary>The host's own, so that it matches fstat of the stream.</summary>
    public override int Stat(out FileStatus status) => files.Files.Stat(handle, "", out status);

    /// <inheritdoc/>
    public override int Open(int flags, string path, out OpenFile? file) => ControllingTerminal.Reopen(files, handle, flags, out file);
}
