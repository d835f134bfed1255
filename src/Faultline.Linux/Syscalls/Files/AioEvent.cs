using System.Runtime.InteropServices;

namespace Faultline.Linux.Syscalls.Files;

/// <summary><c>struct io_event</c> (linux/aio_abi.h): something asynchronous is done.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct AioEvent
{
    /// <summary>Bytes.</summary>
    public const ulong Size = 32;

    /// <summary>The request's data.</summary>
    public ulong Data;

    /// <summary>Guest address of the request.</summary>
    public ulong Request;

    /// <summary>Its result.</summary>
    public long Result;

    /// <summary>Always 0.</summary>
    public long Result2;
}
