using System.Runtime.InteropServices;

namespace Faultline.Linux.Abi.Net;

/// <summary><c>struct cmsghdr</c>: the head of one piece of ancillary data. The next begins at a multiple of 8.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct Cmsghdr
{
    /// <summary>Bytes of the head.</summary>
    public const int Size = 16;

    /// <summary>Bytes, the head included.</summary>
    public ulong cmsg_len;
    public int cmsg_level;
    public int cmsg_type;

    /// <summary>A length rounded up to where the next head begins (CMSG_ALIGN).</summary>
    public static ulong Align(ulong length) => (length + 7) & ~7UL;
}
