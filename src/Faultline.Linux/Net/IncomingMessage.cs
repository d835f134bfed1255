using Faultline.Linux.Abi.Net;
using Faultline.Linux.Vfs;

namespace Faultline.Linux.Net;

/// <summary>What one receive call gets from a socket.</summary>
internal ref struct IncomingMessage
{
    /// <summary>Room for the bytes.</summary>
    public Span<byte> Data;

    /// <summary>MSG_ flags of the call.</summary>
    public int Flags;

    /// <summary>Room for the sender's address; empty when nobody asks.</summary>
    public Span<byte> Address;

    /// <summary>The length of the sender's address, which may be more than there was room for.</summary>
    public int AddressLength;

    /// <summary>MSG_TRUNC, MSG_CTRUNC, MSG_EOR, ... of the result.</summary>
    public int ResultFlags;

    /// <summary>Room for ancillary data of families that write it themselves.</summary>
    public Span<byte> Control;

    /// <summary>How much of <see cref="Control"/> was written.</summary>
    public int ControlLength;

    /// <summary>Open files that came along, one reference each for the caller.</summary>
    public OpenFile[]? Files;

    /// <summary>The sender's ids, when the receiver wants them (SO_PASSCRED).</summary>
    public Ucred? Credentials;

    /// <summary>Something came along with the bytes that ends the call even when there is room for more.</summary>
    public bool EndsHere;
}
