using Faultline.Memory;

namespace Faultline.Linux.Fs.Dev;

/// <summary>Pages of /dev/zero, for private mappings.</summary>
internal sealed unsafe class ZeroPages : IPageSource
{
    /// <summary>The only one: it has no state.</summary>
    public static ZeroPages Instance { get; } = new();

    /// <inheritdoc/>
    public int Fill(ulong offset, Span<byte> destination) => destination.Length;

    /// <inheritdoc/>
    public byte* SharedPage(ulong offset, bool forWrite) => null;

    /// <inheritdoc/>
    public void AddReference()
    {
    }

    /// <inheritdoc/>
    public void Release()
    {
    }
}
