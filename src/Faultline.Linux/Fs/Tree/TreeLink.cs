using Faultline.Linux.Abi;
using Faultline.Linux.Abi.Files;
using Faultline.Linux.Vfs;

namespace Faultline.Linux.Fs.Tree;

/// <summary>A symbolic link with a target that stays.</summary>
internal sealed class TreeLink(TreeFileSystem fileSystem, string target, ulong inode = 0) : TreeNode(fileSystem, ModeBits.S_IFLNK | 0x1FF, inode)
{
    /// <inheritdoc/>
    public override int Stat(out FileStatus status)
    {
        _ = base.Stat(out status);
        status.Size = target.Length;
        return 0;
    }

    /// <inheritdoc/>
    public override int Step(out WalkStep step)
    {
        step = new WalkStep { Target = target };
        return 0;
    }

    /// <inheritdoc/>
    public override int ReadLink(out string result)
    {
        result = target;
        return 0;
    }

    /// <inheritdoc/>
    public override int ChangeMode(uint mode) => -Errno.EOPNOTSUPP;

    /// <inheritdoc/>
    public override int Open(int flags, string path, out OpenFile? file)
    {
        file = null;
        return -Errno.ELOOP;
    }
}
