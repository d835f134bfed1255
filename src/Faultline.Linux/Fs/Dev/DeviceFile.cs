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

    /// <summary>A private mapping of /dev/zero is anonymous memory; a shared one would need an object of its own.</summary>
    public override IPageSource? PageSource(bool shared, out int error)
    {
        bool isZero = kind == DeviceKind.Zero && !shared;
        error = isZero ? 0 : Errno.ENODEV;
        return isZero ? ZeroPages.Instance : null;
    }

    /// <inheritdoc/>
    public override PollEvents Poll(WaitSet? wait) => PollEvents.AlwaysReady;
}
