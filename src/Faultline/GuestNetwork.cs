namespace Faultline;

/// <summary>What of the network a program reaches.</summary>
public enum GuestNetwork
{
    /// <summary>
    /// Nothing outside: sockets between the programs of the machine work, and internet sockets behave as on a Linux whose only interface, the loopback, is down.
    /// </summary>
    None,

    /// <summary>What this process reaches: the program's TCP and UDP sockets are sockets of this process.</summary>
    Host,
}
