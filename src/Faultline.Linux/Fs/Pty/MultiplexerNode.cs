using System.Globalization;
using Faultline.Linux.Abi;
using Faultline.Linux.Abi.Files;
using Faultline.Linux.Fs.Tree;
using Faultline.Linux.Vfs;

namespace Faultline.Linux.Fs.Pty;

/// <summary>/dev/ptmx: each open makes a pseudo-terminal and is its master.</summary>
internal sealed class MultiplexerNode(TreeFileSystem fileSystem, TerminalDirectory slaves, TerminalTable table) : TreeNode(fileSystem, ModeBits.S_IFCHR | 0x1B6)
{
    /// <inheritdoc/>
    public override (uint Major, uint Minor) Device => (5, 2);

    /// <inheritdoc/>
    public override int Open(int flags, string path, out OpenFile? file)
    {
        file = null;
        if (table.Create() is not { } terminal)
            return -Errno.ENOSPC;
        SlaveNode node = slaves.NodeOf(terminal);
        string slavePath = string.Create(CultureInfo.InvariantCulture, $"/dev/pts/{terminal.Number}");
        file = new MasterFile(
            this, terminal, () => node.Open(OpenFlags.O_RDWR | OpenFlags.O_NOCTTY, slavePath, out OpenFile? slave) < 0 ? null : slave, flags, path);
        return 0;
    }
}
