using Faultline.Linux.Abi.Files;
using Faultline.Linux.Fs.Pipe;
using Faultline.Linux.Fs.Tree;
using Faultline.Linux.Vfs;

namespace Faultline.Linux.Fs.Temporary;

/// <summary>A FIFO of a <see cref="TemporaryFileSystem"/>: a pipe of this kernel that has a name.</summary>
internal sealed class TemporaryFifo(TreeFileSystem fileSystem, uint permissions) : TreeNode(fileSystem, ModeBits.S_IFIFO | permissions)
{
    private readonly Pipe.Pipe _pipe = new();

    /// <inheritdoc/>
    public override int Open(int flags, string path, out OpenFile? file)
    {
        file = new PipeFile(_pipe, flags, this, path);
        return 0;
    }
}
