using System.Buffers.Binary;
using Faultline.Linux.Abi;
using Faultline.Linux.Abi.Files;
using Faultline.Linux.Host;
using Faultline.Linux.Vfs;

namespace Faultline.Linux.Fs.Tree;

/// <summary>An open directory of a <see cref="TreeFileSystem"/>. The entries are those at the first read after a rewind.</summary>
internal sealed class TreeDirectoryFile(TreeDirectory directory, int flags, string path) : TreeOpenFile(directory, flags, path)
{
    private readonly Lock _lock = new();
    private List<(string Name, TreeNode Node)>? _entries;
    private long _position;

    /// <inheritdoc/>
    public override DirectoryNode? Directory => directory.Node;

    /// <inheritdoc/>
    public override bool CanPoll => false;

    /// <inheritdoc/>
    public override long Read(Span<byte> buffer) => -Errno.EISDIR;

    /// <inheritdoc/>
    public override long ReadAt(Span<byte> buffer, long offset) => -Errno.EISDIR;

    /// <inheritdoc/>
    public override int Sync(bool dataOnly) => 0;

    /// <inheritdoc/>
    public override long Seek(long offset, int whence)
    {
        lock (_lock)
        {
            long target = whence switch
            {
                FcntlCommands.SEEK_SET => offset,
                FcntlCommands.SEEK_CUR => _position + offset,
                _ => -1,
            };
            if (target < 0)
                return -Errno.EINVAL;
            if (target == 0)
                _entries = null;
            return _position = target;
        }
    }

    /// <inheritdoc/>
    public override int ReadDirectory(Span<byte> buffer)
    {
        lock (_lock)
        {
            _entries ??= directory.List();
            int filled = 0;
            while (_position < _entries.Count + 2)
            {
                (string name, TreeNode node) = Entry((int)_position);
                int length = WriteRecord(buffer[filled..], name, node, _position + 1);
                if (length == 0)
                    return filled > 0 ? filled : -Errno.EINVAL;
                filled += length;
                _position++;
            }
            return filled;
        }
    }

    private (string Name, TreeNode Node) Entry(int index) => index switch
    {
        0 => (".", directory),
        1 => ("..", directory.ParentDirectory ?? directory),
        _ => _entries![index - 2],
    };

    /// <summary>Writes a linux_dirent64: d_ino, d_off, d_reclen, d_type, name; returns its length, 0 when it does not fit.</summary>
    private static int WriteRecord(Span<byte> buffer, string name, TreeNode node, long next)
    {
        const int nameOffset = 19;
        int length = (nameOffset + name.Length + 1 + 7) & ~7;
        if (length > buffer.Length)
            return 0;
        buffer[..length].Clear();
        BinaryPrimitives.WriteUInt64LittleEndian(buffer, node.Inode);
        BinaryPrimitives.WriteInt64LittleEndian(buffer[8..], next);
        BinaryPrimitives.WriteUInt16LittleEndian(buffer[16..], (ushort)length);
        buffer[18] = ModeBits.DirectoryEntryType(node.Mode);
        KernelText.Write(name, buffer[nameOffset..]);
        return length;
    }
}
