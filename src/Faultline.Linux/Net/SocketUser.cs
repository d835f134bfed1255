using Faultline.Linux.Abi.Net;
using Faultline.Linux.Vfs;

namespace Faultline.Linux.Net;

/// <summary>Who makes a call on a socket: what a name in the tree is looked up with, and what the other end may learn.</summary>
internal readonly struct SocketUser
{
    /// <summary>Process id and effective ids.</summary>
    public required Ucred Ids { get; init; }

    /// <summary>Supplementary groups (SO_PEERGROUPS).</summary>
    public required uint[] Groups { get; init; }

    /// <summary>Has CAP_NET_RAW.</summary>
    public required bool MayUseRawSockets { get; init; }

    /// <summary>Root, current directory and umask.</summary>
    public required FsContext FileSystem { get; init; }
}
