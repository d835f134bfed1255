using System.Runtime.InteropServices;

namespace Faultline.Linux.Syscalls.Files;

/// <summary><c>struct iocb</c> (linux/aio_abi.h), 64 bytes.</summary>
[StructLayout(LayoutKind.Explicit, Size = 64)]
internal struct AioRequest
{
    /// <summary>Where aio_key is, which the kernel sets.</summary>
    public const ulong KeyOffset = 8;

    /// <summary>Passed back in the event.</summary>
    [FieldOffset(0)]
    public ulong Data;

    /// <summary>IOCB_CMD_.</summary>
    [FieldOffset(16)]
    public ushort Operation;

    /// <summary>aio_fildes.</summary>
    [FieldOffset(20)]
    public uint Descriptor;

    /// <summary>A buffer, an array of iovec, or the events of a poll.</summary>
    [FieldOffset(24)]
    public ulong Buffer;

    /// <summary>Bytes, or elements of the array.</summary>
    [FieldOffset(32)]
    public ulong Length;

    /// <summary>Place in the file.</summary>
    [FieldOffset(40)]
    public long Offset;

    /// <summary>Must be 0.</summary>
    [FieldOffset(48)]
    public ulong Reserved;

    /// <summary>IOCB_FLAG_.</summary>
    [FieldOffset(56)]
    public uint Flags;

    /// <summary>The eventfd to tell with IOCB_FLAG_RESFD.</summary>
    [FieldOffset(60)]
    public uint ResultDescriptor;
}
