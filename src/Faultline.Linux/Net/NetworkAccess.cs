namespace Faultline.Linux.Net;

/// <summary>What of the network guests reach.</summary>
internal enum NetworkAccess
{
    /// <summary>Nothing: local sockets, and internet sockets as in a network namespace whose loopback is down.</summary>
    None,

    /// <summary>What the host reaches, through its sockets.</summary>
    Host,
}
