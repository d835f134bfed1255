using Faultline.Linux.Abi;
using Faultline.Linux.Kernel;

namespace Faultline.Linux.Syscalls.Poll;

/// <summary>The signal mask that ppoll, pselect6 and epoll_pwait put in place while they wait (set_user_sigmask).</summary>
internal static class TemporaryMask
{
    /// <summary>Bytes of the kernel's sigset_t.</summary>
    private const ulong SigsetSize = 8;

    /// <summary>Reads the mask and puts it in place; a null pointer leaves the mask as it is.</summary>
    public static int Set(Task task, ulong address, ulong size)
    {
        if (address == 0)
            return 0;
        if (size != SigsetSize)
            return -Errno.EINVAL;
        if (!task.Memory.TryRead(address, out ulong mask))
            return -Errno.EFAULT;
        task.SetTemporaryMask(mask);
        return 0;
    }

    /// <summary>
    /// Ends the call: after a signal the mask stays until the handler's frame is built, and the call is made again only when there is no handler.
    /// </summary>
    public static long End(Task task, long result)
    {
        if (result == -Errno.EINTR)
            return -Errno.ERESTARTNOHAND;
        task.RestoreMask();
        return result;
    }

    /// <summary>The same for calls that are never made again.</summary>
    public static long EndWithEintr(Task task, long result)
    {
        if (result != -Errno.EINTR)
            task.RestoreMask();
        return result;
    }
}
