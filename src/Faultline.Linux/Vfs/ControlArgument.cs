using Faultline.Linux.Abi;
using Faultline.Linux.Mm;

namespace Faultline.Linux.Vfs;

/// <summary>The third argument of ioctl(2): a number, or the address of a structure in guest memory.</summary>
internal readonly struct ControlArgument(GuestMemory memory, ulong value)
{
    /// <summary>The argument itself.</summary>
    public ulong Value { get; } = value;

    /// <summary>Copies a structure in; false is EFAULT.</summary>
    public bool TryRead(Span<byte> bytes) => memory.Read(Value, bytes) == bytes.Length;

    /// <summary>Copies a structure out; 0 or -EFAULT.</summary>
    public int Write(ReadOnlySpan<byte> bytes) => memory.Write(Value, bytes) == bytes.Length ? 0 : -Errno.EFAULT;

    /// <summary>Copies an <c>int</c> out; 0 or -EFAULT.</summary>
    public int WriteInt(int value) => memory.TryWrite(Value, value) ? 0 : -Errno.EFAULT;
}
