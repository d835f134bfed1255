using Faultline.Linux.Abi.Files;
using Faultline.Linux.Fs.Tree;
using Faultline.Linux.Vfs;

namespace Faultline.Linux.Fs.Dev;

/// <summary>A memory device (drivers/char/mem.c, random.c).</summary>
internal sealed class MemoryDevice(TreeFileSystem fileSystem, DeviceKind kind) : TreeNode(fileSystem, ModeBits.S_IFCHR | 0x1B6)
{
    private const uint MemoryMajor = 1;

    /// <inheritdoc/>
    public override (uint Major, uint Minor) Device => (MemoryMajor, (uint)kind);

    /// <inheritdoc/>
    public override int Open(int flags, string path, out OpenFile? file)
    {
        file = new DeviceFile(this, kind, flags, path);
        return 0;
    }
}
