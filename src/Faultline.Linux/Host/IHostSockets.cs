namespace Faultline.Linux.Host;

/// <summary>
/// Internet sockets of the host. Handles never block: what would have to wait is -EAGAIN or -EINPROGRESS. Addresses, options and ancillary data have
/// the layouts of 64-bit Linux; the caller passes only families and options that it knows.
/// </summary>
internal interface IHostSockets
{
    /// <summary>Makes a socket (AF_INET or AF_INET6) and returns its handle.</summary>
    int Create(int family, int type, int protocol);

    /// <summary>Closes a handle.</summary>
    void Close(int handle);

    /// <summary>Gives a socket an address.</summary>
    int Bind(int handle, ReadOnlySpan<byte> address);

    /// <summary>Begins to connect, or says how that went.</summary>
    int Connect(int handle, ReadOnlySpan<byte> address);

    /// <summary>Lets others connect.</summary>
    int Listen(int handle, int backlog);

    /// <summary>Takes a connection and returns its handle.</summary>
    int Accept(int handle);

    /// <summary>Ends one or both directions (SHUT_ number).</summary>
    int Shutdown(int handle, int how);

    /// <summary>Writes this end's or the peer's address and returns its length.</summary>
    int GetName(int handle, Span<byte> address, bool peer);

    /// <summary>Sends (MSG_ flags); address and ancillary data may be empty.</summary>
    long Send(int handle, ReadOnlySpan<byte> data, int flags, ReadOnlySpan<byte> address, ReadOnlySpan<byte> control);

    /// <summary>Receives (MSG_ flags).</summary>
    long Receive(int handle, Span<byte> data, Span<byte> address, Span<byte> control, ref HostReceived received);

    /// <summary>Sets an option.</summary>
    int SetOption(int handle, int level, int name, ReadOnlySpan<byte> value);

    /// <summary>Reads an option and returns its length.</summary>
    int GetOption(int handle, int level, int name, Span<byte> value);

    /// <summary>Carries out a control whose argument is a structure (SIOCINQ, SIOCOUTQ, SIOCATMARK).</summary>
    int Control(int handle, uint request, Span<byte> argument);

    /// <summary>The network interfaces of the machine, by index.</summary>
    HostInterface[] Interfaces();

    /// <summary>
    /// Calls back, on a thread of the host's, whenever something happens at a handle that may make it readable, writable, or broken anew.
    /// </summary>
    /// <returns>Ends that when disposed of, before the handle is closed.</returns>
    IDisposable Watch(int handle, Action changed);
}
