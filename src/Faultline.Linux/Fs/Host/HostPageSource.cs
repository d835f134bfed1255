using Faultline.Linux.Host;
using Faultline.Linux.Vfs;
using Faultline.Memory;

namespace Faultline.Linux.Fs.Host;

/// <summary>
/// Pages of a host file. Private mappings read what they touch; shared ones see windows of a host mapping of the file, made as they are
/// touched, so that a page lies wherever the host put its window, whatever the host's page size.
/// </summary>
/// <remarks>Each mapping holds the open file, as on Linux: closing the descriptor leaves the mapping.</remarks>
internal sealed unsafe class HostPageSource(HostFile file) : IPageSource
{
    /// <summary>Bytes of one host mapping: a multiple of every host's page size, small enough to map for one page.</summary>
    private const long Window = 1 << 20;

    private readonly Lock _lock = new();
    private readonly Dictionary<long, nint> _windows = [];
    private int _references;

    /// <summary>Whether the file system knows of pages that were taken.</summary>
    private bool _isListed;

    /// <summary>What the file was when its first page was executed.</summary>
    private TextPages.Key? _key;
    private bool _isKeyed;

    /// <summary>Device and inode of the file.</summary>
    public (uint Major, uint Minor, ulong Inode) Identity => file.Identity;

    /// <inheritdoc/>
    object IPageSource.Identity => file.Identity;

    private IHostFiles Files => file.FileSystem.Files;

    /// <inheritdoc/>
    public int Fill(ulong offset, Span<byte> destination)
    {
        int done = 0;
        while (done < destination.Length && offset <= long.MaxValue)
        {
            long n = Files.ReadAt(file.Handle, destination[done..], (long)offset + done);
            if (n <= 0)
                break;
            done += (int)n;
        }
        // Who cuts the file takes its pages away, those that were changed privately too.
        if (done > 0 && file.CanWrite)
        {
            lock (_lock)
                List();
        }
        return (int)GuestPage.Ceiling((ulong)done);
    }

    /// <inheritdoc/>
    public byte* TakeFrame(ulong offset)
    {
        if (file.FileSystem.Text is not { } text)
            return null;
        lock (_lock)
        {
            if (!_isKeyed)
            {
                _isKeyed = true;
                if (Files.Stat(file.Handle, "", out FileStatus status) >= 0)
                    _key = text.KeyOf(status);
            }
        }
        return _key is { } key ? text.Take(key, this, offset) : null;
    }

    /// <inheritdoc/>
    public byte* SharedPage(ulong offset, bool forWrite)
    {
        lock (_lock)
        {
            if (Files.Stat(file.Handle, "", out FileStatus status) < 0 || offset >= GuestPage.Ceiling((ulong)status.Size))
                return null;
            long index = (long)offset / Window;
            if (!_windows.TryGetValue(index, out nint memory))
            {
                memory = (nint)Files.Map(file.Handle, index * Window, (nuint)Window, file.CanWrite, out _);
                if (memory == 0)
                    return null;
                List();
                _windows.Add(index, memory);
            }
            return (byte*)memory + ((long)offset % Window);
        }
    }

    /// <inheritdoc/>
    public void AddReference()
    {
        _ = Interlocked.Increment(ref _references);
        file.AddReference();
    }

    /// <inheritdoc/>
    public void Release()
    {
        if (Interlocked.Decrement(ref _references) == 0)
            Unmap();
        file.Release();
    }

    /// <summary>Pages were taken: whoever cuts the file must know.</summary>
    private void List()
    {
        if (_isListed)
            return;
        _isListed = true;
        file.FileSystem.Mappings.Add(this);
    }

    private void Unmap()
    {
        lock (_lock)
        {
            if (!_isListed)
                return;
            _isListed = false;
            file.FileSystem.Mappings.Remove(this);
            foreach (nint memory in _windows.Values)
                Files.Unmap((byte*)memory, (nuint)Window);
            _windows.Clear();
        }
    }
}
