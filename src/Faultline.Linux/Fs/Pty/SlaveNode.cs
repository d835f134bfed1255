using Faultline.Linux.Abi.Files;
using Faultline.Linux.Fs.Tree;
using Faultline.Linux.Kernel;
using Faultline.Linux.Vfs;

namespace Faultline.Linux.Fs.Pty;

/// <summary>A slave below /dev/pts. Its owner is who opened the master.</summary>
internal sealed class SlaveNode(TreeFileSystem fileSystem, Terminal terminal) : TreeNode(fileSystem, ModeBits.S_IFCHR | 0x190, FirstInode + (ulong)terminal.Number)
{
    private const ulong FirstInode = 0x10000;

    /// <inheritdoc/>
    public override (uint Major, uint Minor) Device => (136, (uint)terminal.Number);

    /// <summary>Opens the slave; the leader of a session without a terminal gets it as its own unless O_NOCTTY says otherwise.</summary>
    public override int Open(int flags, string path, out OpenFile? file)
    {
        file = null;
        int error = terminal.OpenSlave(FileSystem.UserId == 0);
        if (error < 0)
            return error;
        file = new SlaveFile(this, terminal, flags, path);
        bool takes = (flags & OpenFlags.O_NOCTTY) == 0 && (flags & OpenFlags.O_ACCMODE) != OpenFlags.O_WRONLY;
        if (takes && terminal.Session == 0 && Task.Current is { } task)
            _ = terminal.Table.Take(terminal, task.Process, steals: false);
        return 0;
    }
}
