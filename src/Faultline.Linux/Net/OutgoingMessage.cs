using Faultline.Linux.Abi.Net;
using Faultline.Linux.Vfs;

namespace Faultline.Linux.Net;

/// <summary>What one send call hands to a socket.</summary>
internal ref struct OutgoingMessage
{
    /// <summary>The bytes.</summary>
    public ReadOnlySpan<byte> Data;

    /// <summary>Where to; empty for the connected peer.</summary>
    public ReadOnlySpan<byte> Address;

    /// <summary>The program gave an address, though it may be 0 bytes long.</summary>
    public bool IsNamed;

    /// <summary>What is wrong with the bytes themselves (-EFAULT, -EMSGSIZE), or 0: an answer once all that Linux looks at earlier is right.</summary>
    public int Refusal;

    /// <summary>MSG_ flags.</summary>
    public int Flags;

    /// <summary>Ancillary data as the program wrote it, for families that read it themselves.</summary>
    public ReadOnlySpan<byte> Control;

    /// <summary>Open files to pass on (SCM_RIGHTS). The socket takes references of its own when the message is queued.</summary>
    public OpenFile[]? Files;

    /// <summary>The ids of SCM_CREDENTIALS, or null.</summary>
    public Ucred? Credentials;

    /// <summary>Set with -EAGAIN: another socket's queue that is to be waited for too.</summary>
    public WaitQueue? Full;
}
