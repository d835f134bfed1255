using Faultline.Linux.Abi;
using Faultline.Linux.Fs.Host;
using Faultline.Linux.Host.Linux;
using Faultline.Linux.Vfs;

namespace Faultline.Linux.Tests.Vfs;

/// <summary>Folders that paths have led to are remembered, and never beyond what someone else on the host does to them.</summary>
public sealed class KnownPlacesTests : IDisposable
{
    private const string Path = "/a/b/name";

    private readonly TestTree _outside = new();
    private readonly VirtualFileSystem _vfs;
    private readonly FsContext _context;

    public KnownPlacesTests()
    {
        Make("root", 1);
        File.WriteAllText(_outside.At("root/name"), "");
        Directory.CreateDirectory(_outside.At("other/b"));
        File.WriteAllText(_outside.At("other/b/name"), "a name outside");
        Assert.Equal(0, VirtualFileSystem.Create(new LinuxHost(), _outside.At("root"), out VirtualFileSystem? vfs));
        _vfs = vfs!;
        _context = _vfs.CreateContext(0);
        for (int i = 0; i < HostPlaces.WorthWatching; i++)
            Assert.Equal(1, Size());
        // That one was only walked to: a path is kept when it comes the second time.
        Assert.False(_vfs.HostFiles.IsWatching);
        for (int i = 0; i < 4; i++)
            Assert.Equal(1, Size());
        Assert.True(_vfs.HostFiles.IsWatching);
    }

    public void Dispose()
    {
        _context.Release();
        _vfs.HostFiles.Close();
        _outside.Dispose();
    }

    [Theory, InlineData("root/a"), InlineData("root/a/b")]
    public void AFolderThatIsMovedIsNotFoundAnyMore(string folder)
    {
        Directory.Move(_outside.At(folder), _outside.At("moved"));
        Assert.Equal(-Errno.ENOENT, Size());
        Make("root", 5);
        Assert.Equal(5, Size());
    }

    [Theory, InlineData("root/a"), InlineData("root/a/b")]
    public void AFolderThatBecomesALinkLeadsWhereThatSays(string folder)
    {
        Directory.Move(_outside.At(folder), _outside.At("moved"));
        _outside.Link(_outside.At(folder == "root/a" ? "other" : "other/b"), folder);
        // Inside the root there is no such path.
        Assert.Equal(-Errno.ENOENT, Size());
        File.Delete(_outside.At(folder));
        _outside.Link("/", folder);
        Assert.Equal(folder == "root/a" ? -Errno.ENOENT : 0, Size());
    }

    [Fact]
    public void AFolderThatIsDeletedIsNotFoundAnyMore()
    {
        Directory.Delete(_outside.At("root/a"), recursive: true);
        Assert.Equal(-Errno.ENOENT, Size());
    }

    /// <summary>The folder that was held is not told to have ended, and is not where anything can be made any more.</summary>
    [Theory, InlineData("root/a", false), InlineData("root/a/b", false), InlineData("root/a", true), InlineData("root/a/b", true)]
    public void AFolderThatIsMadeAgainIsTheNewOne(string folder, bool byGuest)
    {
        for (int i = 0; i < 40; i++)
        {
            if (i % 10 == 9)
                Thread.Sleep(60);
            for (int k = 0; k < 3; k++)
                Assert.Equal(i == 0 ? 1 : i - 1, Size());
            File.Delete(_outside.At("root" + Path));
            Remove("root/a/b", byGuest);
            if (folder == "root/a")
                Remove(folder, byGuest);
            Make("root", i);
            Assert.Equal(i, Size());
        }
    }

    [Fact]
    public void WhatBecomesOfFilesDoesNotMatter()
    {
        for (int i = 0; i < 1000; i++)
        {
            File.WriteAllText(_outside.At("root/a/b/" + new string('n', i % 250) + "m"), "");
            File.Delete(_outside.At("root/a/b/" + new string('n', i % 250) + "m"));
            if (i % 100 == 0)
                Assert.Equal(1, Size());
        }
        Assert.Equal(1, Size());
    }

    [Fact]
    public void ARightThatIsTakenAwayIsMissed()
    {
        if (OperatingSystem.IsWindows())
            return;
        File.SetUnixFileMode(_outside.At("root/a"), UnixFileMode.None);
        long size = Size();
        File.SetUnixFileMode(_outside.At("root/a"), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        Assert.Equal(Environment.IsPrivilegedProcess ? 1 : -Errno.EACCES, size);
        Assert.Equal(1, Size());
    }

    [Fact]
    public void ManyChangesInTurnAreAllSeen()
    {
        for (int i = 0; i < 200; i++)
        {
            Directory.Move(_outside.At("root/a"), _outside.At("root/old"));
            Make("root", i);
            for (int k = 0; k < 3; k++)
                Assert.Equal(i, Size());
            Directory.Delete(_outside.At("root/old"), recursive: true);
            if (i % 50 == 0)
                Thread.Sleep(60);
        }
    }

    private void Remove(string folder, bool byGuest)
    {
        if (byGuest)
            Assert.Equal(0, _vfs.Remove(_context, _context.Root, folder["root".Length..], isDirectory: true));
        else
            Directory.Delete(_outside.At(folder));
    }

    private void Make(string root, int size)
    {
        Directory.CreateDirectory(_outside.At(root + "/a/b"));
        File.WriteAllText(_outside.At(root + Path), new string('x', size));
    }

    /// <summary>The size of the file, or a negative errno.</summary>
    private long Size()
    {
        int result = _vfs.Stat(_context, _context.Root, Path, follow: true, out FileStatus status);
        return result < 0 ? result : status.Size;
    }
}
