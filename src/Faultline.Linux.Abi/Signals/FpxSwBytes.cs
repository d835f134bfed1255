using System.Runtime.InteropServices;

namespace Faultline.Linux.Abi.Signals;

/// <summary>
/// <c>struct _fpx_sw_bytes</c> (<c>asm/sigcontext.h</c>): what Linux writes into the last 48 bytes of the FXSAVE image of a signal frame, at offset
/// 464, to say that an XSAVE area follows.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct FpxSwBytes
{
    /// <summary>Where the structure lies in the image.</summary>
    public const int Offset = 464;

    /// <summary>Value of <see cref="magic1"/>.</summary>
    public const uint FP_XSTATE_MAGIC1 = 0x4650_5853;

    /// <summary>Follows the XSAVE area.</summary>
    public const uint FP_XSTATE_MAGIC2 = 0x4650_5845;

    /// <summary>FP_XSTATE_MAGIC1 when the rest is valid.</summary>
    public uint magic1;

    /// <summary>Bytes from the start of the image, the trailing magic included.</summary>
    public uint extended_size;

    /// <summary>Components that XSAVE stores (XCR0).</summary>
    public ulong xfeatures;

    /// <summary>Bytes of the XSAVE area.</summary>
    public uint xstate_size;

    /// <summary>Zero.</summary>
    public fixed uint padding[7];
}
