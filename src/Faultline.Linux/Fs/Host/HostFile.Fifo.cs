using Faultline.Linux.Abi;
using Faultline.Linux.Abi.Files;
using Faultline.Linux.Host;
using Faultline.Linux.Vfs;
using static Faultline.Linux.Abi.Files.OpenFlags;

namespace Faultline.Linux.Fs.Host;

// FIFOs of the host: opened without waiting, so that a guest thread can be interrupted; the host's own pipe carries the bytes, to programs of the host too.
internal sealed partial class HostFile
{
    /// <inheritdoc/>
    public override bool IsPipe => _type == ModeBits.S_IFIFO;

    /// <inheritdoc/>
    public override int FinishOpen(IWaiter waiter)
    {
        if (_type != ModeBits.S_IFIFO || IsPath || IsNonBlocking || !_ownsHandle || (CanRead && CanWrite))
            return 0;
        int result = HostFifoPartner.Wait(Files, waiter, Handle, Flags & O_ACCMODE, out int opened);
        if (result < 0)
            return result;
        if (CanWrite)
        {
            // What stands in for it so far may be an O_PATH handle.
            _ = Files.Close(Handle);
            Handle = opened;
            return Files.SetFlags(opened, O_NONBLOCK | (Flags & O_APPEND));
        }
        if (opened >= 0)
            _ = Files.Close(opened);
        return 0;
    }

    /// <summary>After a FIFO could not be opened for writing because it has no reader: a handle of the place, from which the wait for one starts.</summary>
    /// <returns>The handle, or the errno to report.</returns>
    public static int PlaceOfFifo(IHostFiles files, int directory, string name, int flags)
    {
        if ((flags & O_NONBLOCK) != 0 || (flags & O_ACCMODE) != O_WRONLY)
            return -Errno.ENXIO;
        int handle = files.Open(directory, name, O_PATH, 0);
        if (handle < 0)
            return handle;
        if (files.Stat(handle, "", out FileStatus status) == 0 && status.Type == ModeBits.S_IFIFO)
            return handle;
        _ = files.Close(handle);
        return -Errno.ENXIO;
    }
}
