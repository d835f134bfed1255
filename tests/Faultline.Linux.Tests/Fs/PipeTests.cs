using Faultline.Linux.Abi;
using Faultline.Linux.Abi.Files;
using Faultline.Linux.Fs.Pipe;

namespace Faultline.Linux.Tests.Fs;

public sealed class PipeTests
{
    private readonly PipeFile _reader;
    private readonly PipeFile _writer;

    public PipeTests() => (_reader, _writer) = PipeFile.Create(0, 0, 0);

    [Fact]
    public void HoldsSixtyFourKibibytes()
    {
        Assert.Equal(65536, _writer.Write(new byte[100_000]));
        Assert.Equal(-Errno.EAGAIN, _writer.Write(new byte[1]));
        Assert.Equal(65536, _reader.Read(new byte[100_000]));
        Assert.Equal(-Errno.EAGAIN, _reader.Read(new byte[1]));
    }

    [Fact]
    public void KeepsBytesInOrderAroundTheRing()
    {
        byte next = 0, expected = 0;
        Random random = new(1);
        for (int round = 0; round < 2000; round++)
        {
            byte[] data = new byte[random.Next(1, 5000)];
            for (int i = 0; i < data.Length; i++)
                data[i] = (byte)(next + i);
            long written = _writer.Write(data);
            next += (byte)Math.Max(written, 0);
            byte[] back = new byte[random.Next(1, 5000)];
            long read = _reader.Read(back);
            for (int i = 0; i < read; i++)
                Assert.Equal(expected++, back[i]);
        }
    }

    [Fact]
    public void ShortWritesAreAllOrNothing()
    {
        Assert.Equal(65536 - 100, _writer.Write(new byte[65536 - 100]));
        Assert.Equal(-Errno.EAGAIN, _writer.Write(new byte[Pipe.PIPE_BUF]));
        // What exceeds whole pages joins the last page; the whole page that is left has no room.
        Assert.Equal(1, _writer.Write(new byte[Pipe.PIPE_BUF + 1]));
    }

    [Fact]
    public void EndsAreSeen()
    {
        Assert.Equal(PollEvents.None, _reader.Poll(null));
        Assert.Equal(PollEvents.POLLOUT | PollEvents.POLLWRNORM, _writer.Poll(null));
        Assert.Equal(1, _writer.Write([1]));
        _writer.Release();
        Assert.Equal(PollEvents.POLLIN | PollEvents.POLLRDNORM | PollEvents.POLLHUP, _reader.Poll(null));
        Assert.Equal(1, _reader.Read(new byte[10]));
        Assert.Equal(0, _reader.Read(new byte[10]));
        Assert.Equal(PollEvents.POLLHUP, _reader.Poll(null));
    }

    [Fact]
    public void AWriteWithoutReadersBreaks()
    {
        _reader.Release();
        Assert.Equal(-Errno.EPIPE, _writer.Write([1]));
        Assert.True((_writer.Poll(null) & PollEvents.POLLERR) != 0);
    }

    [Theory]
    [InlineData(1u, 4096)]
    [InlineData(4097u, 8192)]
    [InlineData(1u << 20, 1 << 20)]
    [InlineData((1u << 20) + 1, -Errno.EPERM)]
    [InlineData(0xFFFFFFFFu, -Errno.EINVAL)]
    public void CapacityIsRoundedAndLimited(uint asked, int expected)
    {
        Assert.Equal(expected, _reader.FileControl(FcntlCommands.F_SETPIPE_SZ, asked));
        if (expected > 0)
            Assert.Equal(expected, _writer.Write(new byte[2 << 20]));
    }

    [Fact]
    public void ShrinkingBelowTheContentsIsRefused()
    {
        _ = _writer.Write(new byte[10_000]);
        Assert.Equal(-Errno.EBUSY, _reader.FileControl(FcntlCommands.F_SETPIPE_SZ, 8192));
        Assert.Equal(16384, _reader.FileControl(FcntlCommands.F_SETPIPE_SZ, 10_000));
        Assert.Equal(10_000, _reader.Read(new byte[20_000]));
    }
}
