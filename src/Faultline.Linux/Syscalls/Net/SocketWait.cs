using Faultline.Linux.Abi;
using Faultline.Linux.Abi.Files;
using Faultline.Linux.Kernel;
using Faultline.Linux.Net;
using Faultline.Linux.Vfs;

namespace Faultline.Linux.Syscalls.Net;

/// <summary>
/// Waiting of one call on a socket: the caller tries, and when it would have to wait asks <see cref="Next"/>, tries again, and so on. The first
/// <see cref="Next"/> only joins the queues, so that what happens between a try and the sleep is not missed.
/// </summary>
internal sealed class SocketWait(Task task, Socket socket, PollEvents interest, long timeout) : IDisposable
{
    private WaitSet? _set;
    private long _deadline;

    /// <summary>Another queue to wait for as well.</summary>
    public WaitQueue? Also { get; set; }

    /// <summary>Sleeps until another try may succeed.</summary>
    /// <returns>0, -EAGAIN after the timeout, -ERESTARTSYS for a signal, or -EINTR when there is a timeout that cannot start anew (sock_intr_errno).</returns>
    public int Next()
    {
        if (_set is null)
        {
            _set = new WaitSet(task) { Interest = interest };
            _deadline = timeout >= SocketSettings.Never - task.Host.Clock.Monotonic ? SocketSettings.Never : task.Host.Clock.Monotonic + timeout;
        }
        else
        {
            int result = _set.Sleep(_deadline);
            if (result == -Errno.ETIMEDOUT)
                return -Errno.EAGAIN;
            if (result < 0)
                return timeout == SocketSettings.Never ? -Errno.ERESTARTSYS : -Errno.EINTR;
        }
        _set.Clear();
        _ = socket.Poll(_set);
        if (Also is not null)
            _set.Add(Also);
        return 0;
    }

    /// <summary>Leaves the queues.</summary>
    public void Dispose() => _set?.Dispose();
}
