namespace Faultline.Linux.Host;

/// <summary>The host's source of randomness.</summary>
internal interface IHostRandom
{
    /// <summary>Fills a buffer with random bytes fit for keys.</summary>
    void Fill(Span<byte> buffer);
}
