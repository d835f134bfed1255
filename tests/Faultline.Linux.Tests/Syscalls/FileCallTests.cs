using System.Text;
using Faultline.Linux.Abi;
using Faultline.Linux.Abi.Files;
using Faultline.Linux.Abi.Signals;
using Faultline.Linux.Tests.Vfs;

namespace Faultline.Linux.Tests.Syscalls;

/// <summary>Calls on files as a guest makes them: addresses, lengths and faults.</summary>
public sealed class FileCallTests : IDisposable
{
    private const ulong Buffer = IdleProcess.Buffer;
    private const ulong End = IdleProcess.Buffer + IdleProcess.BufferSize;
    private const ulong Cwd = unchecked((ulong)AtFlags.AT_FDCWD);
    private readonly IdleProcess _idle = new();

    public void Dispose() => _idle.Dispose();

    [Fact]
    public void ReadsStopAtTheFirstByteThatFaults()
    {
        ulong fd = Open("/file", OpenFlags.O_RDONLY);
        Assert.Equal(3, _idle.Call(Nr.read, fd, End - 3, 100));
        Assert.Equal("con", Encoding.ASCII.GetString(_idle.Bytes(End - 3, 3)));
        // What did not arrive is still to be read.
        Assert.Equal(3, _idle.Call(Nr.lseek, fd, 0, 1));
        Assert.Equal(-Errno.EFAULT, _idle.Call(Nr.read, fd, End, 1));
        Assert.Equal(3, _idle.Call(Nr.lseek, fd, 0, 1));
        Assert.Equal(5, _idle.Call(Nr.read, fd, Buffer + 4094, 100));
        Assert.Equal("tents", Encoding.ASCII.GetString(_idle.Bytes(Buffer + 4094, 5)));
        Assert.Equal(0, _idle.Call(Nr.read, fd, Buffer, 100));
    }

    [Theory]
    [InlineData(0x7FFFFFFFFFFFFFFFUL, -Errno.EFAULT)]
    [InlineData(0x8000000000000000UL, -Errno.EFAULT)]
    [InlineData(ulong.MaxValue, -Errno.EFAULT)]
    [InlineData(1UL << 46, 8)]
    [InlineData(0x80000000UL, 8)]
    public void AbsurdLengthsAreClampedOrRefused(ulong length, long expected)
    {
        ulong fd = Open("/file", OpenFlags.O_RDONLY);
        Assert.Equal(expected, _idle.Call(Nr.read, fd, Buffer, length));
    }

    [Fact]
    public void WritesGoAsFarAsMemoryDoes()
    {
        ulong fd = Open("/written", OpenFlags.O_CREAT | OpenFlags.O_RDWR);
        _ = _idle.Task.Memory.Write(End - 6, "abcdef"u8);
        Assert.Equal(6, _idle.Call(Nr.write, fd, End - 6, 1000));
        Assert.Equal(-Errno.EFAULT, _idle.Call(Nr.write, fd, End, 1));
        Assert.Equal("abcdef", File.ReadAllText(_idle.Tree.At("written")));
    }

    [Fact]
    public void VectorsAreCheckedBeforeAnythingMoves()
    {
        ulong fd = Open("/file", OpenFlags.O_RDONLY);
        Vector(0, Buffer + 100, 3);
        Vector(1, Buffer + 200, 100);
        Assert.Equal(8, _idle.Call(Nr.readv, fd, Buffer, 2));
        Assert.Equal("contents", Encoding.ASCII.GetString([.. _idle.Bytes(Buffer + 100, 3), .. _idle.Bytes(Buffer + 200, 5)]));
        Vector(1, Buffer + 200, ulong.MaxValue);
        Assert.Equal(-Errno.EINVAL, _idle.Call(Nr.preadv, fd, Buffer, 2, 0));
        Assert.Equal(-Errno.EINVAL, _idle.Call(Nr.readv, fd, Buffer, 1025));
        Assert.Equal(-Errno.EFAULT, _idle.Call(Nr.readv, fd, End - 8, 1));
        Assert.Equal(0, _idle.Call(Nr.readv, fd, Buffer, 0));
    }

    [Fact]
    public void TheWrongDirectionIsABadDescriptor()
    {
        ulong fd = Open("/file", OpenFlags.O_RDONLY), path = Open("/file", OpenFlags.O_PATH), directory = Open("/dir", OpenFlags.O_RDONLY);
        Assert.Equal(-Errno.EBADF, _idle.Call(Nr.write, fd, Buffer, 1));
        Assert.Equal(-Errno.EBADF, _idle.Call(Nr.read, path, Buffer, 1));
        Assert.Equal(-Errno.EBADF, _idle.Call(Nr.read, 99, Buffer, 1));
        Assert.Equal(-Errno.EISDIR, _idle.Call(Nr.read, directory, Buffer, 1));
        Assert.Equal(-Errno.EINVAL, _idle.Call(Nr.pread64, fd, Buffer, 1, unchecked((ulong)-1)));
        Assert.Equal(-Errno.ENOTDIR, _idle.Call(Nr.getdents64, fd, Buffer, 100));
        Assert.Equal(-Errno.EINVAL, _idle.Call(Nr.lseek, fd, 0, 9));
        Assert.Equal(-Errno.ENOTTY, _idle.Call(Nr.ioctl, fd, IoctlRequests.TCGETS, Buffer));
    }

    [Fact]
    public void EntriesThatCannotBeDeliveredComeAgain()
    {
        ulong fd = Open("/dir", OpenFlags.O_RDONLY);
        Assert.Equal(-Errno.EFAULT, _idle.Call(Nr.getdents64, fd, End, 4096));
        long all = _idle.Call(Nr.getdents64, fd, Buffer, 4096);
        Assert.True(all > 0);
        Assert.Equal(0, _idle.Call(Nr.getdents64, fd, Buffer, 4096));
        Assert.Equal(0, _idle.Call(Nr.lseek, fd, 0, 0));
        Assert.Equal(all, _idle.Call(Nr.getdents, fd, Buffer, 4096));
        Assert.Equal(-Errno.EINVAL, _idle.Call(Nr.getdents64, Open("/dir", OpenFlags.O_RDONLY), Buffer, 8));
    }

    [Fact]
    public void PathsAreReadWithLinuxsErrors()
    {
        Assert.Equal(-Errno.EFAULT, _idle.Call(Nr.open, End, 0, 0));
        Assert.Equal(-Errno.ENOENT, _idle.Call(Nr.open, _idle.Text(""), 0, 0));
        Assert.Equal(-Errno.ENAMETOOLONG, _idle.Call(Nr.open, _idle.Text(new string('/', 4096)), 0, 0));
        Assert.Equal(-Errno.EBADF, _idle.Call(Nr.openat, 77, _idle.Text("file"), 0, 0));
        Assert.Equal(-Errno.ENOTDIR, _idle.Call(Nr.openat, Open("/file", 0), _idle.Text("x"), 0, 0));
        Assert.True(_idle.Call(Nr.openat, 77, _idle.Text("/file"), 0, 0) >= 0);
        Assert.Equal(-Errno.EINVAL, _idle.Call(Nr.newfstatat, Cwd, _idle.Text("/file"), Buffer + 512, 0x8));
        Assert.Equal(-Errno.EFAULT, _idle.Call(Nr.stat, _idle.Text("/file"), End));
        Assert.Equal(0, _idle.Call(Nr.newfstatat, Open("/file", 0), _idle.Text(""), Buffer + 512, AtFlags.AT_EMPTY_PATH));
        Assert.Equal(8, BitConverter.ToInt64(_idle.Bytes(Buffer + 512 + 48, 8)));
    }

    [Fact]
    public void AWriteWithoutReadersSendsASignal()
    {
        (ulong reader, ulong writer) = Pipe();
        Assert.Equal(0, _idle.Call(Nr.close, reader));
        Assert.Equal(-Errno.EPIPE, _idle.Call(Nr.write, writer, Buffer, 1));
        Assert.True((_idle.Task.Pending.Set & Sig.Bit(Sig.SIGPIPE)) != 0);
    }

    [Fact]
    public void ASignalEndsABlockingReadAndPoll()
    {
        (ulong reader, _) = Pipe();
        _idle.Process.Send(new Siginfo { si_signo = Sig.SIGUSR1 }, _idle.Task);
        Assert.Equal(-Errno.ERESTARTSYS, _idle.Call(Nr.read, reader, Buffer, 1));
        PollEntry(0, (int)reader, PollEvents.POLLIN);
        Assert.Equal(-Errno.ERESTART_RESTARTBLOCK, _idle.Call(Nr.poll, Buffer, 1, unchecked((ulong)-1)));
    }

    [Fact]
    public void PollAndSelectAgree()
    {
        (ulong reader, ulong writer) = Pipe();
        PollEntry(0, (int)reader, PollEvents.POLLIN);
        PollEntry(1, (int)writer, PollEvents.POLLOUT);
        PollEntry(2, 55, PollEvents.POLLIN);
        PollEntry(3, -1, PollEvents.POLLIN);
        Assert.Equal(2, _idle.Call(Nr.poll, Buffer, 4, 0));
        Assert.Equal([0, (short)PollEvents.POLLOUT, (short)PollEvents.POLLNVAL, 0], Returned(4));
        Assert.Equal(1, _idle.Call(Nr.write, writer, Buffer, 1));
        Assert.Equal(3, _idle.Call(Nr.poll, Buffer, 4, unchecked((ulong)-1)));

        ulong bits = (1UL << (int)reader) | (1UL << (int)writer);
        _ = _idle.Task.Memory.TryWrite(Buffer, bits);
        _ = _idle.Task.Memory.TryWrite(Buffer + 128, bits);
        Assert.Equal(2, _idle.Call(Nr.select, 64, Buffer, Buffer + 128, 0, 0));
        Assert.Equal(1UL << (int)reader, BitConverter.ToUInt64(_idle.Bytes(Buffer, 8)));
        Assert.Equal(1UL << (int)writer, BitConverter.ToUInt64(_idle.Bytes(Buffer + 128, 8)));
        _ = _idle.Task.Memory.TryWrite(Buffer, 1UL << 60);
        Assert.Equal(-Errno.EBADF, _idle.Call(Nr.select, 64, Buffer, 0, 0, 0));
    }

    [Fact]
    public void CuttingAFileTakesItsSharedPagesAway()
    {
        File.WriteAllBytes(_idle.Tree.At("big"), new byte[3 * 4096]);
        ulong fd = Open("/big", OpenFlags.O_RDWR);
        const ulong readWrite = 3, shared = 1;
        long at = _idle.Call(Nr.mmap, 0, 3 * 4096, readWrite, shared, fd, 0);
        Assert.True(at > 0);
        Assert.True(_idle.Task.Memory.TryWrite((ulong)at + 8192, 5L));
        Assert.Equal(5, File.ReadAllBytes(_idle.Tree.At("big"))[8192]);
        Assert.Equal(0, _idle.Call(Nr.ftruncate, fd, 4097));
        Assert.True(_idle.Task.Memory.TryRead((ulong)at + 4096, out long _));
        Assert.False(_idle.Task.Memory.TryRead((ulong)at + 8192, out long _));
        Assert.Equal(0, _idle.Call(Nr.truncate, _idle.Text("/big"), 0));
        Assert.False(_idle.Task.Memory.TryRead((ulong)at, out long _));
        _ = Open("/big", OpenFlags.O_RDWR | OpenFlags.O_TRUNC);
        Assert.Equal(0, _idle.Call(Nr.ftruncate, fd, 3 * 4096));
        Assert.True(_idle.Task.Memory.TryRead((ulong)at + 8192, out long again));
        Assert.Equal(0, again);
    }

    [Fact]
    public void DirectoriesOfTheProcessMove()
    {
        Assert.Equal(0, _idle.Call(Nr.chdir, _idle.Text("/to_dir/sub/..")));
        Assert.Equal(5, _idle.Call(Nr.getcwd, Buffer, 100));
        Assert.Equal("/dir\0", Encoding.ASCII.GetString(_idle.Bytes(Buffer, 5)));
        Assert.Equal(-Errno.ERANGE, _idle.Call(Nr.getcwd, Buffer, 4));
        Assert.Equal(-Errno.ENOTDIR, _idle.Call(Nr.chdir, _idle.Text("inner")));
        Assert.Equal(-Errno.ENOTDIR, _idle.Call(Nr.fchdir, Open("/file", 0)));
        Assert.Equal(0, _idle.Call(Nr.mkdir, _idle.Text("gone"), 0x1FF));
        Assert.Equal(0, _idle.Call(Nr.chdir, _idle.Text("gone")));
        Assert.Equal(0, _idle.Call(Nr.rmdir, _idle.Text("/dir/gone")));
        Assert.Equal(-Errno.ENOENT, _idle.Call(Nr.getcwd, Buffer, 100));
        Assert.Equal(-Errno.ENOENT, _idle.Call(Nr.open, _idle.Text("x"), OpenFlags.O_CREAT | OpenFlags.O_WRONLY, 0x1FF));
    }

    [Fact]
    public void FilesAreCopiedWithinTheKernel()
    {
        ulong from = Open("/file", OpenFlags.O_RDONLY), to = Open("/copy", OpenFlags.O_CREAT | OpenFlags.O_RDWR);
        Assert.Equal(8, _idle.Call(Nr.sendfile, to, from, 0, 1UL << 40));
        Assert.Equal(0, _idle.Call(Nr.copy_file_range, from, 0, to, 0, 100, 0));
        _ = _idle.Task.Memory.TryWrite(Buffer, 3L);
        Assert.Equal(5, _idle.Call(Nr.copy_file_range, from, Buffer, to, 0, 100, 0));
        Assert.Equal(8L, BitConverter.ToInt64(_idle.Bytes(Buffer, 8)));
        Assert.Equal("contentstents", File.ReadAllText(_idle.Tree.At("copy")));
        (ulong reader, ulong writer) = Pipe();
        Assert.Equal(0, _idle.Call(Nr.lseek, from, 0, 0));
        Assert.Equal(8, _idle.Call(Nr.splice, from, 0, writer, 0, 100, 0));
        Assert.Equal(8, _idle.Call(Nr.read, reader, Buffer, 100));
        Assert.Equal(-Errno.EINVAL, _idle.Call(Nr.splice, from, 0, to, 0, 100, 0));
    }

    private ulong Open(string path, int flags)
    {
        long fd = _idle.Call(Nr.open, _idle.Text(path, 3000), (ulong)flags, 0x1A4);
        Assert.True(fd >= 0, path);
        return (ulong)fd;
    }

    private (ulong Reader, ulong Writer) Pipe()
    {
        Assert.Equal(0, _idle.Call(Nr.pipe2, Buffer + 2048, 0));
        byte[] pair = _idle.Bytes(Buffer + 2048, 8);
        return (BitConverter.ToUInt32(pair, 0), BitConverter.ToUInt32(pair, 4));
    }

    private void Vector(int index, ulong address, ulong length)
    {
        _ = _idle.Task.Memory.TryWrite(Buffer + ((ulong)index * 16), address);
        _ = _idle.Task.Memory.TryWrite(Buffer + ((ulong)index * 16) + 8, length);
    }

    private void PollEntry(int index, int fd, PollEvents events) =>
        _ = _idle.Task.Memory.TryWrite(Buffer + ((ulong)index * 8), new PollFd { fd = fd, events = (short)events });

    private short[] Returned(int count)
    {
        byte[] bytes = _idle.Bytes(Buffer, count * 8);
        return [.. Enumerable.Range(0, count).Select(i => BitConverter.ToInt16(bytes, (i * 8) + 6))];
    }
}
