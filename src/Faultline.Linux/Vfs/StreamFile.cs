using Faultline.Linux.Abi;
using Faultline.Linux.Abi.Files;

namespace Faultline.Linux.Vfs;

/// <summary>
/// A .NET stream as a guest's file, for an embedding program that redirects the standard streams. To the guest it is a pipe. A read of a
/// stream that waits blocks the guest thread, and a signal does not interrupt it.
/// </summary>
/// <param name="stream">The stream; left open when the guest closes the file.</param>
/// <param name="flags">Access mode.</param>
/// <param name="inode">A number that tells streams of one machine apart.</param>
/// <param name="userId">Owner to show.</param>
/// <param name="groupId">Group to show.</param>
internal sealed class StreamFile(Stream stream, int flags, ulong inode, uint userId, uint groupId) : OpenFile(flags)
{
    private readonly Lock _lock = new();

    /// <inheritdoc/>
    public override string Path => $"pipe:[{inode}]";

    /// <inheritdoc/>
    public override bool IsStream => true;

    /// <inheritdoc/>
    public override long Read(Span<byte> buffer)
    {
        try
        {
            lock (_lock)
                return stream.Read(buffer);
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or NotSupportedException)
        {
            return -Errno.EIO;
        }
    }

    /// <inheritdoc/>
    public override long Write(ReadOnlySpan<byte> buffer)
    {
        try
        {
            lock (_lock)
            {
                stream.Write(buffer);
                stream.Flush();
                return buffer.Length;
            }
        }
        catch (ObjectDisposedException)
        {
            return -Errno.EPIPE;
        }
        catch (Exception e) when (e is IOException or NotSupportedException)
        {
            return -Errno.EIO;
        }
    }

    /// <inheritdoc/>
    public override int Stat(out FileStatus status)
    {
        status = new FileStatus
        {
            DeviceMinor = AnonymousFile.PipeDevice,
            Inode = inode,
            Mode = ModeBits.S_IFIFO | 0x180,
            Links = 1,
            UserId = userId,
            GroupId = groupId,
            BlockSize = 4096,
        };
        return 0;
    }

    /// <inheritdoc/>
    public override int StatFileSystem(out FileSystemStatus status)
    {
        status = AnonymousFile.FileSystemOf(AnonymousFile.PIPEFS_MAGIC);
        return 0;
    }
}
