using Faultline.Linux.Abi;
using Faultline.Linux.Abi.Net;
using Faultline.Linux.Kernel;

namespace Faultline.Linux.Syscalls.Net;

/// <summary>Addresses in and out of guest memory (move_addr_to_kernel and move_addr_to_user of net/socket.c).</summary>
internal static class SocketAddresses
{
    /// <summary>Copies an address in.</summary>
    /// <param name="task">The caller.</param>
    /// <param name="pointer">Where it is.</param>
    /// <param name="length">Its length as the guest gave it.</param>
    /// <param name="buffer">Room for <see cref="Sockets.AddressMax"/> bytes.</param>
    /// <returns>The length, -EINVAL, -EFAULT.</returns>
    public static int Read(Task task, ulong pointer, int length, Span<byte> buffer)
    {
        if (length is < 0 or > Sockets.AddressMax)
            return -Errno.EINVAL;
        return task.Memory.Read(pointer, buffer[..length]) == length ? length : -Errno.EFAULT;
    }

    /// <summary>Copies an address out, as much as the guest has room for, and says how long it is.</summary>
    public static int Write(Task task, ReadOnlySpan<byte> address, ulong pointer, ulong lengthPointer)
    {
        if (!task.Memory.TryRead(lengthPointer, out int room))
            return -Errno.EFAULT;
        if (room < 0)
            return -Errno.EINVAL;
        int length = Math.Min(room, address.Length);
        if (task.Memory.Write(pointer, address[..length]) != length)
            return -Errno.EFAULT;
        return task.Memory.TryWrite(lengthPointer, address.Length) ? 0 : -Errno.EFAULT;
    }
}
