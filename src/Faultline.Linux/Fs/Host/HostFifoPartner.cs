using Faultline.Linux.Abi;
using Faultline.Linux.Abi.Files;
using Faultline.Linux.Host;
using Faultline.Linux.Vfs;
using static Faultline.Linux.Abi.Files.OpenFlags;

namespace Faultline.Linux.Fs.Host;

/// <summary>
/// Waits for the other end of a FIFO of the host, which may be a program of the host: opens the FIFO on a host thread of its own, in the way that blocks until
/// somebody comes, and gives up when the guest's thread has a signal to look at.
/// </summary>
internal sealed class HostFifoPartner
{
    private readonly IHostFiles _files;
    private readonly int _handle;
    private readonly WaitQueue _queue = new();
    private readonly Thread _thread;
    private int _result = int.MinValue;

    private HostFifoPartner(IHostFiles files, int handle, int access)
    {
        (_files, _handle) = (files, handle);
        _thread = new Thread(() => Open(access), 128 << 10) { IsBackground = true, Name = "fifo" };
        _thread.Start();
    }

    /// <summary>Waits for the partner of one end.</summary>
    /// <param name="files">The host's files.</param>
    /// <param name="waiter">Who waits.</param>
    /// <param name="handle">The FIFO, opened without waiting, or with O_PATH when that had no reader.</param>
    /// <param name="access">O_RDONLY or O_WRONLY.</param>
    /// <param name="opened">A handle of that end which the caller owns, or -1.</param>
    /// <returns>0, -ERESTARTSYS, or the host's errno.</returns>
    public static int Wait(IHostFiles files, IWaiter waiter, int handle, int access, out int opened)
    {
        HostFifoPartner partner = new(files, handle, access);
        using WaitSet set = new(waiter);
        int result = 0;
        while (true)
        {
            set.Clear();
            set.Add(partner._queue);
            if (Volatile.Read(ref partner._result) != int.MinValue)
                break;
            if (access == O_RDONLY)
            {
                // A writer that came before the thread got to open, and perhaps went again, shows as data or as a hang-up.
                HostPollItem item = new() { Handle = handle, Wanted = (short)PollEvents.POLLIN };
                if (waiter.Host.Poll.Wait(new Span<HostPollItem>(ref item), 0) > 0)
                    break;
                set.Add(handle, PollEvents.POLLIN);
            }
            if (set.Sleep(long.MaxValue) == -Errno.EINTR)
            {
                result = -Errno.ERESTARTSYS;
                break;
            }
        }
        opened = partner.Finish();
        if (result == 0 && opened < 0 && access == O_WRONLY)
            return opened;
        if (result == 0)
            return 0;
        if (opened >= 0)
            _ = files.Close(opened);
        opened = -1;
        return result;
    }

    /// <summary>Ends the thread, with both ends opened for a moment if it still waits, and returns what it opened.</summary>
    private int Finish()
    {
        while (Volatile.Read(ref _result) == int.MinValue)
        {
            int both = _files.Reopen(_handle, O_RDWR | O_NONBLOCK);
            bool ended = _thread.Join(both < 0 ? Timeout.Infinite : 1);
            if (both >= 0)
                _ = _files.Close(both);
            if (ended)
                break;
        }
        _thread.Join();
        return _result;
    }

    private void Open(int access)
    {
        Volatile.Write(ref _result, _files.Reopen(_handle, access));
        _queue.Wake();
    }
}
