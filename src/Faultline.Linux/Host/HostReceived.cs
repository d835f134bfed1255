namespace Faultline.Linux.Host;

/// <summary>What comes with received bytes.</summary>
internal struct HostReceived
{
    /// <summary>MSG_ flags: of the call before, of the result after.</summary>
    public int Flags;

    /// <summary>Length of the sender's address.</summary>
    public int AddressLength;

    /// <summary>Length of the ancillary data.</summary>
    public int ControlLength;
}
