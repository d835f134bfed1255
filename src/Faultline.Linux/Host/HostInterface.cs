namespace Faultline.Linux.Host;

/// <summary>A network interface.</summary>
internal sealed class HostInterface
{
    /// <summary>Its number, from 1.</summary>
    public required int Index { get; init; }

    /// <summary>Its name, at most 15 bytes.</summary>
    public required string Name { get; init; }

    /// <summary>IFF_ flags.</summary>
    public required uint Flags { get; init; }

    /// <summary>Longest packet in bytes.</summary>
    public int Mtu { get; init; }

    /// <summary>ARPHRD_ number.</summary>
    public ushort HardwareType { get; init; }

    /// <summary>Hardware address.</summary>
    public byte[] HardwareAddress { get; init; } = [];

    /// <summary>Hardware broadcast address.</summary>
    public byte[] HardwareBroadcast { get; init; } = [];

    /// <summary>Internet addresses.</summary>
    public List<HostInterfaceAddress> Addresses { get; } = [];
}
