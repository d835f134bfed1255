using System.Buffers.Binary;
using Faultline.Linux.Abi;
using Faultline.Linux.Abi.Files;
using Faultline.Linux.Host;
using Faultline.Linux.Vfs;

namespace Faultline.Linux.Fs.Host;

// ioctl on host files: terminals.
internal sealed partial class HostFile
{
    /// <summary>Longest structure of the requests below (struct termios).</summary>
    private const int LongestStructure = 64;

    /// <summary>F_SEAL_SEAL: no more seals.</summary>
    public const int F_SEAL_SEAL = 1;

    /// <inheritdoc/>
    public override long Control(uint request, in ControlArgument argument)
    {
        if (request == IoctlRequests.FIONREAD && _type is ModeBits.S_IFREG)
            return RegularBytesLeft(argument);
        if (request == IoctlRequests.FS_IOC_FIEMAP && _type is ModeBits.S_IFREG)
            return Extents(argument);
        if (TryJobControl(request, argument, out long answered))
            return answered;
        if (_type is not (ModeBits.S_IFCHR or ModeBits.S_IFIFO or ModeBits.S_IFSOCK))
            return -Errno.ENOTTY;
        IHostTerminal terminal = _fileSystem.Host.Terminal;
        int size = IoctlRequests.TerminalStructureSize(request, out bool reads, out bool writes);
        if (size == 0)
        {
            return request is IoctlRequests.TCSBRK or IoctlRequests.TCXONC or IoctlRequests.TCFLSH or IoctlRequests.TCSBRKP
                ? terminal.Control(Handle, request, (long)(int)argument.Value)
                : -Errno.ENOTTY;
        }
        Span<byte> data = stackalloc byte[LongestStructure];
        data.Clear();
        if (reads && !argument.TryRead(data[..size]))
            return terminal.IsTerminal(Handle) ? -Errno.EFAULT : -Errno.ENOTTY;
        int result = terminal.Control(Handle, request, data);
        return result < 0 || !writes ? result : argument.Write(data[..size]);
    }

    /// <summary>Seals of memory files.</summary>
    public override long FileControl(int command, ulong argument) => command switch
    {
        FcntlCommands.F_ADD_SEALS when _type == ModeBits.S_IFREG => CanWrite ? Files.AddSeals(Handle, (int)argument) : -Errno.EPERM,
        FcntlCommands.F_GET_SEALS when _type == ModeBits.S_IFREG => Files.GetSeals(Handle),
        _ => base.FileControl(command, argument),
    };

    /// <summary>
    /// Where the contents are on the medium (ioctl_fiemap): a header of 32 bytes, whose numbers at 20 and 24 count the extents found and those there is
    /// room for, then 56 bytes for each. Less may be found than there is room for; who asks goes on until the last is marked.
    /// </summary>
    private long Extents(in ControlArgument argument)
    {
        const int headerSize = 32, foundOffset = 20, roomOffset = 24, extentSize = 56, mostAtOnce = 1024;
        Span<byte> header = stackalloc byte[headerSize];
        if (!argument.TryRead(header))
            return -Errno.EFAULT;
        uint room = BinaryPrimitives.ReadUInt32LittleEndian(header[roomOffset..]);
        if (room > (uint.MaxValue - headerSize) / extentSize)
            return -Errno.EINVAL;
        uint asked = Math.Min(room, mostAtOnce);
        byte[] map = new byte[headerSize + (asked * extentSize)];
        header.CopyTo(map);
        BinaryPrimitives.WriteUInt32LittleEndian(map.AsSpan(roomOffset), asked);
        int result = Files.Extents(Handle, map);
        BinaryPrimitives.WriteUInt32LittleEndian(map.AsSpan(roomOffset), room);
        uint found = Math.Min(BinaryPrimitives.ReadUInt32LittleEndian(map.AsSpan(foundOffset)), asked);
        // The header is written whatever came of it.
        return argument.Write(map.AsSpan(0, headerSize + (int)(result < 0 ? 0 : found * extentSize))) is < 0 and var fault ? fault : result;
    }

    private long RegularBytesLeft(in ControlArgument argument)
    {
        if (Stat(out FileStatus status) is < 0 and int error)
            return error;
        long left = status.Size - Seek(0, 1);
        Span<byte> value = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(value, (int)left);
        return argument.Write(value);
    }
}
