using Faultline.Linux.Abi;
using Faultline.Linux.Abi.Files;
using Faultline.Linux.Fs.Event;

namespace Faultline.Linux.Tests.Fs;

public sealed class EventFileTests
{
    [Fact]
    public void CountsAndIsEmptied()
    {
        EventFile file = new(3, isSemaphore: false, 0, 0, 0);
        byte[] value = new byte[8];
        Assert.Equal(8, file.Write(BitConverter.GetBytes(4UL)));
        Assert.Equal(8, file.Read(value));
        Assert.Equal(7UL, BitConverter.ToUInt64(value));
        Assert.Equal(-Errno.EAGAIN, file.Read(value));
        Assert.Equal(PollEvents.POLLOUT | PollEvents.POLLWRNORM, file.Poll(null));
    }

    [Fact]
    public void ASemaphoreGivesOneAtATime()
    {
        EventFile file = new(2, isSemaphore: true, 0, 0, 0);
        byte[] value = new byte[8];
        Assert.Equal(8, file.Read(value));
        Assert.Equal(1UL, BitConverter.ToUInt64(value));
        Assert.Equal(8, file.Read(value));
        Assert.Equal(-Errno.EAGAIN, file.Read(value));
    }

    [Fact]
    public void RefusesWhatDoesNotFit()
    {
        EventFile file = new(1, isSemaphore: false, 0, 0, 0);
        Assert.Equal(-Errno.EINVAL, file.Write(BitConverter.GetBytes(ulong.MaxValue)));
        Assert.Equal(-Errno.EAGAIN, file.Write(BitConverter.GetBytes(ulong.MaxValue - 1)));
        Assert.Equal(-Errno.EINVAL, file.Write(new byte[7]));
        Assert.Equal(-Errno.EINVAL, file.Read(new byte[7]));
    }
}
