using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using Faultline.Linux.Abi;
using Faultline.Memory;

namespace Faultline.Linux.Mm;

/// <summary>
/// The kernel's way to user memory (Linux's copy_from_user and copy_to_user): typed and bulk copies that stop at the first byte that faults.
/// </summary>
internal readonly struct GuestMemory(AddressSpace space)
{
    /// <summary>The address space behind it.</summary>
    public AddressSpace Space { get; } = space;

    /// <summary>Copies a value in; false when any byte of it faults (EFAULT).</summary>
    public bool TryRead<T>(ulong address, out T value)
        where T : unmanaged
    {
        Unsafe.SkipInit(out value);
        Span<byte> bytes = MemoryMarshal.AsBytes(new Span<T>(ref value));
        if (Space.Read(address, bytes, out _) == bytes.Length)
            return true;
        value = default;
        return false;
    }

    /// <summary>Copies a value out; false when any byte of it faults. Bytes before the fault have been written, as on Linux.</summary>
    public bool TryWrite<T>(ulong address, in T value)
        where T : unmanaged
    {
        ReadOnlySpan<byte> bytes = MemoryMarshal.AsBytes(new ReadOnlySpan<T>(in value));
        return Space.Write(address, bytes, out _) == bytes.Length;
    }

    /// <summary>Copies bytes in; returns how many came before the first that faults.</summary>
    public int Read(ulong address, Span<byte> destination) => Space.Read(address, destination, out _);

    /// <summary>Copies bytes out; returns how many went before the first that faults.</summary>
    public int Write(ulong address, ReadOnlySpan<byte> source) => Space.Write(address, source, out _);

    /// <summary>
    /// Copies a terminated string in, one char per byte (Latin-1).
    /// </summary>
    /// <param name="address">Where it starts.</param>
    /// <param name="max">How many bytes it may have, the terminator included (PATH_MAX for paths).</param>
    /// <param name="text">The string without the terminator.</param>
    /// <returns>0, -EFAULT, or -ENAMETOOLONG when there is no terminator within <paramref name="max"/> bytes.</returns>
    public int ReadString(ulong address, int max, out string text)
    {
        text = "";
        StringBuilder? parts = null;
        int seen = 0;
        while (seen < max)
        {
            if (!Space.TryGetSpan(address + (ulong)seen, Math.Min(max - seen, GuestPage.Size), MemoryAccess.Read, out Span<byte> span, out _))
                return -Errno.EFAULT;
            int end = span.IndexOf((byte)0);
            string part = Encoding.Latin1.GetString(end < 0 ? span : span[..end]);
            if (end >= 0)
            {
                text = parts is null ? part : parts.Append(part).ToString();
                return 0;
            }
            (parts ??= new StringBuilder()).Append(part);
            seen += span.Length;
        }
        return -Errno.ENAMETOOLONG;
    }

    /// <summary>Copies a terminated string in that ends within a buffer's size and its page.</summary>
    /// <returns>Its length with the terminator; 0 when it is longer, or cannot be read.</returns>
    public int ReadShortString(ulong address, Span<byte> buffer)
    {
        int most = Math.Min(buffer.Length, GuestPage.Size - (int)(address & GuestPage.Mask));
        if (!Space.TryGetSpan(address, most, MemoryAccess.Read, out Span<byte> span, out _))
            return 0;
        // Looked through after it was copied: another thread may change it meanwhile.
        span.CopyTo(buffer);
        return buffer[..span.Length].IndexOf((byte)0) + 1;
    }
}
