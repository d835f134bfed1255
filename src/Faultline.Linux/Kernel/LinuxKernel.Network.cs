using Faultline.Linux.Net;

namespace Faultline.Linux.Kernel;

// Sockets.
internal sealed partial class LinuxKernel
{
    private Network? _network;

    /// <summary>What sockets share; made when the first program asks for a socket.</summary>
    public Network Network => Volatile.Read(ref _network) ?? MakeNetwork();

    private Network MakeNetwork()
    {
        Network made = new(Host, Options.Network);
        return Interlocked.CompareExchange(ref _network, made, null) ?? made;
    }
}
