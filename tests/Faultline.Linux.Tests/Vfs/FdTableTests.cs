using Faultline.Linux.Abi;
using Faultline.Linux.Vfs;

namespace Faultline.Linux.Tests.Vfs;

public sealed class FdTableTests
{
    [Fact]
    public void GivesTheLowestFreeNumber()
    {
        FdTable table = new();
        for (int i = 0; i < 100; i++)
            Assert.Equal(i, table.Add(new TestFile()));
        Assert.Equal(0, table.Close(70));
        Assert.Equal(0, table.Close(7));
        Assert.Equal(7, table.Add(new TestFile()));
        Assert.Equal(70, table.Add(new TestFile()));
        Assert.Equal(100, table.Add(new TestFile()));
        Assert.Equal(101, table.Count);
    }

    [Fact]
    public void DupFromAMinimumSkipsWhatIsTaken()
    {
        FdTable table = new();
        Assert.Equal(10, table.Add(new TestFile(), minimum: 10));
        Assert.Equal(11, table.Add(new TestFile(), minimum: 10));
        Assert.Equal(0, table.Add(new TestFile()));
        Assert.Equal(1, table.Add(new TestFile()));
        Assert.Equal(-Errno.EINVAL, table.Add(new TestFile(), minimum: 1024));
    }

    [Fact]
    public void StopsAtTheLimitAndReleasesTheFile()
    {
        FdTable table = new() { Limit = 2 };
        TestFile refused = new();
        Assert.Equal(0, table.Add(new TestFile()));
        Assert.Equal(1, table.Add(new TestFile()));
        Assert.Equal(-Errno.EMFILE, table.Add(refused));
        Assert.Equal(1, refused.Closed);
        Assert.Equal(-Errno.EBADF, table.Replace(2, new TestFile(), false));
    }

    [Fact]
    public void TheLastCloseClosesTheFile()
    {
        FdTable table = new();
        TestFile file = new();
        _ = table.Add(file);
        file.AddReference();
        Assert.Equal(5, table.Replace(5, file, closeOnExec: true));
        FdTable copy = table.Clone();
        Assert.True(copy.GetCloseOnExec(5));
        Assert.False(copy.GetCloseOnExec(0));
        _ = table.Close(0);
        table.CloseAll();
        Assert.Equal(0, file.Closed);
        copy.CloseOnExec();
        Assert.Equal([0], copy.Descriptors());
        Assert.Equal(0, file.Closed);
        copy.CloseAll();
        Assert.Equal(1, file.Closed);
        Assert.Equal(-Errno.EBADF, copy.Close(0));
    }

    [Fact]
    public void ReplacingClosesWhatWasThere()
    {
        FdTable table = new();
        TestFile old = new(), replacement = new();
        _ = table.Add(old);
        Assert.Equal(0, table.Replace(0, replacement, false));
        Assert.Equal(1, old.Closed);
        Assert.Same(replacement, table.Get(0));
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(int.MinValue)]
    [InlineData(int.MaxValue)]
    [InlineData(16)]
    public void NumbersOutsideAreNotOpen(int fd)
    {
        FdTable table = new();
        Assert.Null(table.Get(fd));
        Assert.Null(table.Acquire(fd));
        Assert.Equal(-Errno.EBADF, table.Close(fd));
        Assert.False(table.GetCloseOnExec(fd));
    }
}
