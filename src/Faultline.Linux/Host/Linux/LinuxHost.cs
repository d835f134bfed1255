namespace Faultline.Linux.Host.Linux;

/// <summary>A Linux host of any architecture.</summary>
internal sealed class LinuxHost : IHost
{
    /// <inheritdoc/>
    public IHostFiles Files { get; } = new LinuxHostFiles();

    /// <inheritdoc/>
    public IHostTerminal Terminal { get; } = new LinuxHostTerminal();

    /// <inheritdoc/>
    public IHostClock Clock { get; } = new LinuxHostClock();

    /// <inheritdoc/>
    public IHostRandom Random { get; } = new LinuxHostRandom();

    /// <inheritdoc/>
    public IHostPoll Poll { get; } = new LinuxHostPoll();

    /// <inheritdoc/>
    public IHostSockets Sockets { get; } = new LinuxHostSockets();

    /// <inheritdoc/>
    public IHostIdentity Identity { get; } = new LinuxHostIdentity();
}
