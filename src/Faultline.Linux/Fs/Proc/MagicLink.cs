using Faultline.Linux.Abi;
using Faultline.Linux.Abi.Files;
using Faultline.Linux.Fs.Tree;
using Faultline.Linux.Vfs;

namespace Faultline.Linux.Fs.Proc;

/// <summary>A link of /proc that leads to an object itself, wherever it is and whether or not it still has a name: exe, cwd, root, fd/N.</summary>
/// <param name="fileSystem">Where.</param>
/// <param name="inode">Its inode number.</param>
/// <param name="permissions">Permission bits.</param>
/// <param name="read">The text of the link, or null when there is no object.</param>
/// <param name="follow">The object, with a reference.</param>
internal sealed class MagicLink(TreeFileSystem fileSystem, ulong inode, uint permissions, Func<string?> read, Func<WalkStep> follow)
    : TreeNode(fileSystem, ModeBits.S_IFLNK | permissions, inode)
{
    /// <summary>What stat shows as the length of every link of /proc/PID/fd.</summary>
    private const int ShownSize = 64;

    /// <inheritdoc/>
    public override int Stat(out FileStatus status)
    {
        _ = base.Stat(out status);
        status.Size = (Mode & 0x1FF) == 0x1FF ? 0 : ShownSize;
        return 0;
    }

    /// <inheritdoc/>
    public override int Step(out WalkStep step)
    {
        step = follow();
        return step.Jump is null && step.JumpDirectory is null ? -Errno.ENOENT : 0;
    }

    /// <inheritdoc/>
    public override int ReadLink(out string target)
    {
        target = read() ?? "";
        return target.Length == 0 ? -Errno.ENOENT : 0;
    }

    /// <inheritdoc/>
    public override int ChangeMode(uint mode) => -Errno.EPERM;

    /// <inheritdoc/>
    public override int Open(int flags, string path, out OpenFile? file)
    {
        file = null;
        return -Errno.ELOOP;
    }
}
