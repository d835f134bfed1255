using Faultline.Linux.Abi;
using Faultline.Linux.Abi.Files;
using Faultline.Linux.Fs.Tree;
using Faultline.Linux.Vfs;
using Faultline.Memory;

namespace Faultline.Linux.Fs.Dev;

/// <summary>An open memory device.</summary>
internal sealed class DeviceFile(MemoryDevice device, DeviceKind kind, int flags, string path) : TreeOpenFile(device, flags, path)
{
    private const uint RNDGETENTCNT = 0x80045200;

    /// <summary>Bits of entropy Linux reports since 5.18: the pool is full.</summary>
    private const int PoolBits = 256;

    /// <inheritdoc/>
    public override long Read(Span<byte> buffer)
    {
        switch (kind)
        {
            case DeviceKind.Null:
                return 0;
            case DeviceKind.Zero or DeviceKind.Full:
                buffer.Clear();
                return buffer.Length;
            default:
                Node.FileSystem.Host.Random.Fill(buffer);
                return buffer.Length;
        }
    }

    /// <inheritdoc/>
    public override long Write(ReadOnlySpan<byte> buffer) => kind == DeviceKind.Full ? -Errno.ENOSPC : buffer.Length;

    /// <summary>The devices that throw bytes away do not look at them.</summary>
    public override long WriteUnreadable(long length) => kind switch
    {
        DeviceKind.Null or DeviceKind.Zero => length,
        DeviceKind.Full => -Errno.ENOSPC,
        _ => -Errno.EFAULT,
    };

    /// <inheritdoc/>
    public override long ReadAt(Span<byte> buffer, long offset) => Read(buffer);

    /// <inheritdoc/>
    public override long WriteAt(ReadOnlySpan<byte> buffer, long offset) => Write(buffer);

    /// <summary>null_lseek and noop_llseek: the position is always 0.</summary>
    public override long Seek(long offset, int whence) => 0;

    /// <inheritdoc/>
    public override int Truncate(long length) => -Errno.EINVAL;

    /// <inheritdoc/>
    public override long Control(uint request, in ControlArgument argument) =>
        request == RNDGETENTCNT && kind is DeviceKind.Random or DeviceKind.Urandom ? argument.WriteInt(PoolBits) : -Errno.ENOTTY;

    /// <summary>epoll refuses the devices that have no poll operation.</summary>
    public override bool CanPoll => kind is DeviceKind.Random or DeviceKind.Urandom;

    /// <summary>A mapping of /dev/zero is anonymous memory; mmap makes the object that a shared one needs (shmem_zero_setup).</summary>
    public override IPageSource? PageSource(bool shared, out int error)
    {
        error = kind == DeviceKind.Zero ? 0 : Errno.ENODEV;
        return error == 0 ? ZeroPages.Instance : null;
    }

    /// <inheritdoc/>
    public override PollEvents Poll(WaitSet? wait) => PollEvents.AlwaysReady;
}
