using Faultline.Linux.Abi;
using Faultline.Linux.Abi.Files;
using Faultline.Linux.Fs.Tree;
using Faultline.Linux.Vfs;

namespace Faultline.Linux.Fs.Temporary;

/// <summary>The name of a socket in a <see cref="TemporaryFileSystem"/>: it can be connected to by its inode, not opened.</summary>
internal sealed class TemporarySocket(TreeFileSystem fileSystem, uint permissions) : TreeNode(fileSystem, ModeBits.S_IFSOCK | permissions)
{
    /// <inheritdoc/>
    public override int Open(int flags, string path, out OpenFile? file)
    {
        file = null;
        return -Errno.ENXIO;
    }
}
