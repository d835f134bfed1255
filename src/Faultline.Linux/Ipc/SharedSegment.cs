using Faultline.Linux.Kernel;
using Faultline.Linux.Mm;
using Faultline.Memory;

namespace Faultline.Linux.Ipc;

/// <summary>
/// A System V shared memory segment (ipc/shm.c). It is the page source of the mappings that show it and counts them, parts of split mappings included, as
/// Linux counts shm_nattch. Removed, it stays until the last mapping is gone.
/// </summary>
internal sealed unsafe class SharedSegment : IpcObject, IPageSource
{
    private const uint SHM_DEST = 0x200;

    private readonly LinuxKernel _kernel;
    private readonly AnonymousShared _pages;
    private int _attached;

    /// <summary>Makes a segment.</summary>
    /// <param name="kernel">Where its memory is from.</param>
    /// <param name="size">Bytes as asked for.</param>
    /// <param name="creator">Who asked.</param>
    public SharedSegment(LinuxKernel kernel, ulong size, int creator)
    {
        (_kernel, Size, CreatorPid) = (kernel, size, creator);
        _pages = new AnonymousShared(kernel.Frames);
        _pages.AddReference();
    }

    /// <summary>Bytes.</summary>
    public ulong Size { get; }

    /// <summary>Who made it.</summary>
    public int CreatorPid { get; }

    /// <summary>Who attached or detached last.</summary>
    public int LastPid { get; private set; }

    /// <summary>When it was attached last, in seconds; 0 for never.</summary>
    public long AttachTime { get; private set; }

    /// <summary>When it was detached last.</summary>
    public long DetachTime { get; private set; }

    /// <summary>Mappings that show it.</summary>
    public int Attached => Volatile.Read(ref _attached);

    /// <inheritdoc/>
    public int Fill(ulong offset, Span<byte> destination) => _pages.Fill(offset, destination);

    /// <inheritdoc/>
    public byte* SharedPage(ulong offset, bool forWrite) => offset < GuestPage.Ceiling(Size) ? _pages.SharedPage(offset, forWrite) : null;

    /// <inheritdoc/>
    public void AddReference()
    {
        _ = Interlocked.Increment(ref _attached);
        AttachTime = Now;
        LastPid = Task.Current?.Process.Pid ?? LastPid;
    }

    /// <inheritdoc/>
    public void Release()
    {
        DetachTime = Now;
        LastPid = Task.Current?.Process.Pid ?? LastPid;
        if (Interlocked.Decrement(ref _attached) == 0)
            DropRemoved();
    }

    /// <summary>IPC_RMID: nobody finds it by its key any more, and with the last mapping it is gone.</summary>
    public void MarkRemoved()
    {
        Key = 0;
        Mode |= SHM_DEST;
        DropRemoved();
    }

    private long Now => _kernel.Host.Clock.Realtime / 1_000_000_000;

    private void DropRemoved()
    {
        IpcTable<SharedSegment> table = _kernel.Ipc.Segments;
        lock (table.Lock)
        {
            if ((Mode & SHM_DEST) == 0 || IsRemoved || Attached > 0)
                return;
            table.Remove(this);
        }
        _pages.Release();
    }
}
