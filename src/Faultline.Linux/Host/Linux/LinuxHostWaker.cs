using Faultline.Linux.Abi;

namespace Faultline.Linux.Host.Linux;

/// <summary>A waker made of an eventfd.</summary>
internal sealed unsafe class LinuxHostWaker : IHostWaker
{
    private const int EFD_NONBLOCK_CLOEXEC = 0x80800;
    private int _handle;

    public LinuxHostWaker()
    {
        _handle = Libc.eventfd(0, EFD_NONBLOCK_CLOEXEC);
        if (_handle < 0)
            throw new IOException("the host gives no event descriptor: " + Errno.Describe(-Libc.LastError()));
    }

    /// <inheritdoc/>
    public int Handle => _handle;

    /// <inheritdoc/>
    public void Wake()
    {
        ulong one = 1;
        _ = Libc.write(_handle, &one, sizeof(ulong));
    }

    /// <inheritdoc/>
    public void Reset()
    {
        ulong value;
        _ = Libc.read(_handle, &value, sizeof(ulong));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_handle >= 0)
            _ = Libc.close(_handle);
        _handle = -1;
    }
}
