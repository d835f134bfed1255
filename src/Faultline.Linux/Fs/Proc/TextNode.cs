using Faultline.Linux.Abi.Files;
using Faultline.Linux.Fs.Tree;
using Faultline.Linux.Vfs;

namespace Faultline.Linux.Fs.Proc;

/// <summary>A file of /proc: its contents are made when it is first read after opening or rewinding (seq_file). Its size shows as 0.</summary>
/// <param name="fileSystem">Where.</param>
/// <param name="inode">Its inode number.</param>
/// <param name="permissions">Permission bits.</param>
/// <param name="make">Makes the contents, one char per byte.</param>
/// <param name="write">Takes what is written and returns 0 or a negative errno; null when nothing may be written.</param>
internal sealed class TextNode(TreeFileSystem fileSystem, ulong inode, uint permissions, Func<string> make, Func<string, int>? write = null)
    : TreeNode(fileSystem, ModeBits.S_IFREG | permissions, inode)
{
    /// <summary>The contents now.</summary>
    public string Make() => make();

    /// <summary>Writes; null when nothing may be written.</summary>
    public Func<string, int>? Writer => write;

    /// <inheritdoc/>
    public override int Truncate(long length) => 0;

    /// <inheritdoc/>
    public override int Open(int flags, string path, out OpenFile? file)
    {
        file = new TextFile(this, flags, path);
        return 0;
    }
}
