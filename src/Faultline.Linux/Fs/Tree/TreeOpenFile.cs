using Faultline.Linux.Vfs;

namespace Faultline.Linux.Fs.Tree;

/// <summary>An open file of a <see cref="TreeFileSystem"/>: what all kinds have in common is their node.</summary>
internal abstract class TreeOpenFile(TreeNode node, int flags, string path) : OpenFile(flags)
{
    /// <summary>The node.</summary>
    protected TreeNode Node { get; } = node;

    /// <inheritdoc/>
    public override string Path => path;

    /// <inheritdoc/>
    protected override FileLock? WholeLock => Node.Lock;

    /// <inheritdoc/>
    public override int Stat(out FileStatus status) => Node.Stat(out status);

    /// <inheritdoc/>
    public override int StatFileSystem(out FileSystemStatus status)
    {
        status = AnonymousFile.FileSystemOf(Node.FileSystem.Magic);
        return 0;
    }

    /// <inheritdoc/>
    public override int ReadLink(out string target) => Node.ReadLink(out target);

    /// <inheritdoc/>
    public override int ChangeMode(uint mode) => Node.ChangeMode(mode);

    /// <inheritdoc/>
    public override int ChangeOwner(uint user, uint group) => Node.ChangeOwner(user, group);

    /// <inheritdoc/>
    public override int SetTimes(FileTime accessed, FileTime modified) => Node.SetTimes(accessed, modified);

    /// <inheritdoc/>
    public override int Access(int mode, bool effective) => Node.CheckAccess(mode);

    /// <inheritdoc/>
    public override int Reopen(int flags, out OpenFile? file)
    {
        file = null;
        int wanted = (flags & 3) switch
        {
            0 => 4,
            1 => 2,
            _ => 6,
        };
        int result = Node.CheckAccess(wanted);
        return result < 0 ? result : Node.Open(flags, path, out file);
    }
}
