using Faultline.Linux.Abi;
using Faultline.Linux.Abi.Files;
using Faultline.Linux.Fs.Event;
using Faultline.Linux.Fs.Pipe;

namespace Faultline.Linux.Tests.Fs;

public sealed class EpollTests
{
    private const uint In = (uint)PollEvents.POLLIN;
    private readonly EpollFile _epoll = new(0, 0);
    private readonly PipeFile _reader;
    private readonly PipeFile _writer;

    public EpollTests() => (_reader, _writer) = PipeFile.Create(0, 0, 0);

    [Fact]
    public void LevelTriggeredReportsAsLongAsItHolds()
    {
        Assert.Equal(0, _epoll.Add(_reader, 3, new EpollEvent { events = In, data = 42 }));
        Assert.Equal(0, Collect().Count);
        _ = _writer.Write([1]);
        Assert.Equal((1, In, 42UL), Collect());
        Assert.Equal((1, In, 42UL), Collect());
        _ = _reader.Read(new byte[1]);
        Assert.Equal(0, Collect().Count);
    }

    [Fact]
    public void EdgeTriggeredReportsEachArrivalOnce()
    {
        Assert.Equal(0, _epoll.Add(_reader, 3, new EpollEvent { events = In | EpollEvent.EPOLLET }));
        _ = _writer.Write([1]);
        Assert.Equal(1, Collect().Count);
        Assert.Equal(0, Collect().Count);
        _ = _writer.Write([2]);
        Assert.Equal(1, Collect().Count);
        // Drained and filled again between two looks: an arrival all the same.
        _ = _reader.Read(new byte[10]);
        _ = _writer.Write([3]);
        Assert.Equal(1, Collect().Count);
        Assert.Equal(0, Collect().Count);
    }

    [Fact]
    public void OneShotWaitsToBeArmedAgain()
    {
        EpollEvent wanted = new() { events = In | EpollEvent.EPOLLONESHOT, data = 7 };
        Assert.Equal(0, _epoll.Add(_reader, 3, wanted));
        _ = _writer.Write([1]);
        Assert.Equal(1, Collect().Count);
        Assert.Equal(0, Collect().Count);
        Assert.Equal(0, _epoll.Modify(_reader, 3, wanted));
        Assert.Equal(1, Collect().Count);
    }

    [Fact]
    public void AFileIsInOncePerDescriptor()
    {
        Assert.Equal(0, _epoll.Add(_reader, 3, default));
        Assert.Equal(-Errno.EEXIST, _epoll.Add(_reader, 3, default));
        Assert.Equal(0, _epoll.Add(_reader, 4, default));
        Assert.Equal(-Errno.ENOENT, _epoll.Modify(_reader, 5, default));
        Assert.Equal(0, _epoll.Delete(_reader, 4));
        Assert.Equal(-Errno.ENOENT, _epoll.Delete(_reader, 4));
    }

    [Fact]
    public void AClosedFileLeaves()
    {
        Assert.Equal(0, _epoll.Add(_reader, 3, new EpollEvent { events = In }));
        _writer.Release();
        Assert.Equal((1, (uint)PollEvents.POLLHUP, 0UL), Collect());
        _reader.Release();
        Assert.Equal(0, Collect().Count);
        Assert.Equal(-Errno.ENOENT, _epoll.Delete(_reader, 3));
    }

    [Fact]
    public void EpollsMayContainEachOtherButNotInACircle()
    {
        EpollFile outer = new(0, 0);
        Assert.Equal(0, outer.Add(_epoll, 5, new EpollEvent { events = In }));
        Assert.Equal(-Errno.ELOOP, _epoll.Add(outer, 6, new EpollEvent { events = In }));
        Assert.Equal(0, _epoll.Add(_reader, 3, new EpollEvent { events = In }));
        Assert.Equal(PollEvents.None, outer.Poll(null));
        _ = _writer.Write([1]);
        Assert.Equal(1, outer.Collect(new EpollEvent[4], null));
    }

    [Fact]
    public void NoFileIsPassedOverForEver()
    {
        List<PipeFile> writers = [];
        for (int i = 0; i < 8; i++)
        {
            (PipeFile reader, PipeFile writer) = PipeFile.Create(0, 0, 0);
            writers.Add(writer);
            _ = writer.Write([1]);
            Assert.Equal(0, _epoll.Add(reader, 10 + i, new EpollEvent { events = In, data = (ulong)i }));
        }
        HashSet<ulong> seen = [];
        EpollEvent[] one = new EpollEvent[1];
        for (int i = 0; i < 16; i++)
        {
            Assert.Equal(1, _epoll.Collect(one, null));
            seen.Add(one[0].data);
        }
        Assert.Equal(8, seen.Count);
    }

    private (int Count, uint Events, ulong Data) Collect()
    {
        EpollEvent[] events = new EpollEvent[4];
        int count = _epoll.Collect(events, null);
        return (count, events[0].events, events[0].data);
    }
}
