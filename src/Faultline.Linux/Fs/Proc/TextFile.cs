using System.Text;
using Faultline.Linux.Abi;
using Faultline.Linux.Abi.Files;
using Faultline.Linux.Fs.Tree;
using Faultline.Linux.Host;

namespace Faultline.Linux.Fs.Proc;

/// <summary>An open file of /proc.</summary>
internal sealed class TextFile(TextNode node, int flags, string path) : TreeOpenFile(node, flags, path)
{
    /// <summary>The most a write may hold.</summary>
    private const int MaxWrite = 4096;

    private readonly Lock _lock = new();
    private byte[]? _contents;
    private long _position;

    /// <inheritdoc/>
    public override bool CanPoll => false;

    /// <inheritdoc/>
    public override long Read(Span<byte> buffer)
    {
        lock (_lock)
        {
            long n = ReadLocked(buffer, _position);
            _position += n;
            return n;
        }
    }

    /// <inheritdoc/>
    public override long ReadAt(Span<byte> buffer, long offset)
    {
        lock (_lock)
            return ReadLocked(buffer, offset);
    }

    /// <inheritdoc/>
    public override long Write(ReadOnlySpan<byte> buffer)
    {
        if (node.Writer is not { } write)
            return -Errno.EINVAL;
        if (buffer.Length > MaxWrite)
            return -Errno.EINVAL;
        int result = write(Encoding.Latin1.GetString(buffer));
        return result < 0 ? result : buffer.Length;
    }

    /// <inheritdoc/>
    public override long WriteAt(ReadOnlySpan<byte> buffer, long offset) => Write(buffer);

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
                _contents = null;
            return _position = target;
        }
    }

    private long ReadLocked(Span<byte> buffer, long offset)
    {
        _contents ??= KernelText.ToBytes(node.Make());
        if (offset >= _contents.Length)
            return 0;
        int n = (int)Math.Min(buffer.Length, _contents.Length - offset);
        _contents.AsSpan((int)offset, n).CopyTo(buffer);
        return n;
    }
}
