using Faultline.Linux.Abi;
using Faultline.Linux.Host;
using Faultline.Linux.Vfs;

namespace Faultline.Linux.Fs.Host;

/// <summary>Extended attributes of a host file: an entry of a directory handle, or a handle itself (empty name).</summary>
internal sealed class HostAttributes(IHostFiles files, int directory, string name, bool isReadOnly) : IAttributes
{
    /// <inheritdoc/>
    public int Get(string attribute, Span<byte> buffer) => files.GetAttribute(directory, name, attribute, buffer);

    /// <inheritdoc/>
    public int List(Span<byte> buffer) => files.ListAttributes(directory, name, buffer);

    /// <inheritdoc/>
    public int Set(string attribute, ReadOnlySpan<byte> value, int flags) => isReadOnly ? -Errno.EROFS : files.SetAttribute(directory, name, attribute, value, flags);

    /// <inheritdoc/>
    public int Remove(string attribute) => isReadOnly ? -Errno.EROFS : files.RemoveAttribute(directory, name, attribute);
}
