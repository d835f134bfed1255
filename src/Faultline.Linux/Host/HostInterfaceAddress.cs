namespace Faultline.Linux.Host;

/// <summary>An address of an interface: 4 bytes for AF_INET, 16 for AF_INET6, in network order.</summary>
/// <param name="Address">The address.</param>
/// <param name="PrefixLength">Bits that the network has in common.</param>
/// <param name="Broadcast">Broadcast or, of a point-to-point link, the other end's address; empty for none.</param>
internal sealed record HostInterfaceAddress(byte[] Address, int PrefixLength, byte[] Broadcast);
