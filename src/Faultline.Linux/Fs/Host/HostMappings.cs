using Faultline.Linux.Vfs;
using Faultline.Memory;

namespace Faultline.Linux.Fs.Host;

/// <summary>
/// The host files that guests have mapped shared, or privately from descriptors that they may write to, by device and inode. Whoever shortens a file
/// asks first, so that no guest page leads to host memory behind which there is no file any more: touching it would be a SIGBUS for this process.
/// Pages of the other private mappings stay as they were read.
/// </summary>
internal sealed class HostMappings
{
    private readonly Lock _lock = new();
    private readonly Dictionary<(uint Major, uint Minor, ulong Inode), List<HostPageSource>> _sources = [];
    private int _count;

    /// <summary>
    /// Called with a source and the file's new length before the file is cut: drops every guest page of the source at or beyond it
    /// (<see cref="AddressSpace.Discard"/>) in every address space. Set once by the kernel.
    /// </summary>
    public Action<IPageSource, long>? Discard { get; set; }

    /// <summary>Whether no file is mapped so.</summary>
    public bool IsEmpty => Volatile.Read(ref _count) == 0;

    /// <summary>A file has its first page mapped.</summary>
    public void Add(HostPageSource source)
    {
        lock (_lock)
        {
            if (!_sources.TryGetValue(source.Identity, out List<HostPageSource>? list))
                _sources.Add(source.Identity, list = []);
            list.Add(source);
            _count++;
        }
    }

    /// <summary>A file has no such mapping any more.</summary>
    public void Remove(HostPageSource source)
    {
        lock (_lock)
        {
            if (_sources.TryGetValue(source.Identity, out List<HostPageSource>? list) && list.Remove(source))
                _count--;
        }
    }

    /// <summary>A file is about to get a length.</summary>
    public void Truncate(in FileStatus status, long length) => Truncate((status.DeviceMajor, status.DeviceMinor, status.Inode), length);

    /// <inheritdoc cref="Truncate(in FileStatus, long)"/>
    public void Truncate((uint Major, uint Minor, ulong Inode) identity, long length)
    {
        if (IsEmpty)
            return;
        HostPageSource[] affected;
        lock (_lock)
        {
            if (!_sources.TryGetValue(identity, out List<HostPageSource>? list))
                return;
            affected = [.. list];
        }
        foreach (HostPageSource source in affected)
            Discard?.Invoke(source, length);
    }
}
