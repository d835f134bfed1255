using System.Runtime.InteropServices;

namespace Faultline.Linux.Abi.Files;

/// <summary><c>struct iovec</c>: a piece of guest memory.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct IoVector
{
    /// <summary>Most pieces in one call (UIO_MAXIOV).</summary>
    public const int UIO_MAXIOV = 1024;

    /// <summary>Most bytes moved in one call: INT_MAX rounded down to a page.</summary>
    public const long MAX_RW_COUNT = 0x7FFFF000;

    public ulong iov_base;
    public ulong iov_len;
}
