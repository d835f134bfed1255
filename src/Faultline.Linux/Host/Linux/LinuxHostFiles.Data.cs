using Faultline.Linux.Abi.Files;

namespace Faultline.Linux.Host.Linux;

// Contents of files.
internal sealed unsafe partial class LinuxHostFiles
{
    private const int PROT_READ = 1;
    private const int PROT_WRITE = 2;
    private const int MAP_SHARED = 1;

    /// <inheritdoc/>
    public long Read(int handle, Span<byte> buffer)
    {
        fixed (byte* p = buffer)
            return Libc.Result(Libc.read(handle, p, (nuint)buffer.Length));
    }

    /// <inheritdoc/>
    public long Write(int handle, ReadOnlySpan<byte> buffer)
    {
        fixed (byte* p = buffer)
            return Libc.Result(Libc.write(handle, p, (nuint)buffer.Length));
    }

    /// <inheritdoc/>
    public long ReadAt(int handle, Span<byte> buffer, long offset)
    {
        fixed (byte* p = buffer)
            return Libc.Result(Libc.pread(handle, p, (nuint)buffer.Length, offset));
    }

    /// <inheritdoc/>
    public long WriteAt(int handle, ReadOnlySpan<byte> buffer, long offset)
    {
        fixed (byte* p = buffer)
            return Libc.Result(Libc.pwrite(handle, p, (nuint)buffer.Length, offset));
    }

    /// <inheritdoc/>
    public long Seek(int handle, long offset, int whence)
    {
        long result = Libc.lseek(handle, offset, whence);
        return result >= 0 ? result : Libc.LastError();
    }

    /// <inheritdoc/>
    public int Truncate(int handle, long length) => Libc.Result(Libc.ftruncate(handle, length));

    /// <inheritdoc/>
    public int Allocate(int handle, int mode, long offset, long length) => Libc.Result(Libc.fallocate(handle, mode, offset, length));

    /// <inheritdoc/>
    public int Sync(int handle, bool dataOnly) => Libc.Result(dataOnly ? Libc.fdatasync(handle) : Libc.fsync(handle));

    /// <inheritdoc/>
    public int Extents(int handle, Span<byte> map)
    {
        fixed (byte* p = map)
            return Libc.Result(Libc.ioctl(handle, IoctlRequests.FS_IOC_FIEMAP, p));
    }

    /// <inheritdoc/>
    public void SyncAll() => Libc.sync();

    /// <inheritdoc/>
    public byte* Map(int handle, long offset, nuint length, bool writable, out int error)
    {
        void* memory = Libc.mmap(null, length, writable ? PROT_READ | PROT_WRITE : PROT_READ, MAP_SHARED, handle, offset);
        error = memory == (void*)-1 ? -Libc.LastError() : 0;
        return error != 0 ? null : (byte*)memory;
    }

    /// <inheritdoc/>
    public void Unmap(byte* memory, nuint length) => _ = Libc.munmap(memory, length);
}
