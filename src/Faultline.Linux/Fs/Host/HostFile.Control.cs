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
