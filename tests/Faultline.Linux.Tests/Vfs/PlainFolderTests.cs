using System.Text;
using Faultline.Linux.Abi;
using Faultline.Linux.Fs.Temporary;
using Faultline.Linux.Host.Linux;
using Faultline.Linux.Vfs;

namespace Faultline.Linux.Tests.Vfs;

/// <summary>Where guests see all of the host, the status of a file is asked for by its whole path, and never past what the path may lead through.</summary>
public sealed class PlainFolderTests : IDisposable
{
    private readonly TestTree _host = new();
    private readonly VirtualFileSystem _vfs;
    private readonly FsContext _context;

    public PlainFolderTests()
    {
        Assert.Equal(0, VirtualFileSystem.Create(new LinuxHost(), "/", out VirtualFileSystem? vfs));
        _vfs = vfs!;
        _context = _vfs.CreateContext(0);
    }

    public void Dispose()
    {
        _context.Release();
        _vfs.HostFiles.Close();
        _host.Dispose();
    }

    [Fact]
    public void AFileInAFolderThatIsKnownIsNotWalkedTo()
    {
        Assert.False(Try("dir/inner", out _));
        Know("dir");
        Assert.True(Try("dir/inner", out long size));
        Assert.Equal("inner".Length, size);
    }

    [Theory]
    [InlineData("dir/missing"), InlineData("dir/sub"), InlineData("dir/inner")]
    public void WhatItSaysIsWhatTheWalkSays(string path)
    {
        Know("dir");
        Assert.True(Try(path, out long known));
        Assert.Equal(Walk(path), known);
    }

    /// <summary>A file, a folder, a link, devices, and what is not there.</summary>
    [Theory]
    [InlineData("dir/inner"), InlineData("dir"), InlineData("to_file"), InlineData("/dev/null"), InlineData("/dev/tty"), InlineData("/dev/pts"), InlineData("missing"), InlineData("file/below")]
    public void WhatStatAndStatxTellAgrees(string path)
    {
        byte[] whole = Encoding.Latin1.GetBytes((path[0] == '/' ? path : _host.At(path)) + "\0");
        LinuxHost host = new();
        int result = host.Files.StatPath(whole, extended: true, out FileStatus all);
        Assert.Equal(result, host.Files.StatPath(whole, extended: false, out FileStatus brief));
        Assert.Equal(Told(all), Told(brief));

        static object Told(FileStatus s) =>
            (s.DeviceMajor, s.DeviceMinor, s.Inode, s.Mode, s.Links, s.UserId, s.GroupId, (s.SpecialMajor, s.SpecialMinor, s.Size, s.BlockSize, s.Blocks, s.Modified, s.Changed));
    }

    [Theory]
    [InlineData(0, 0), InlineData(8, 1), InlineData(136, 0x12345), InlineData(0xFFF, 0xFF), InlineData(0x12345678, 0x9ABCDEF0)]
    public void DeviceNumbersKeepTheirParts(uint major, uint minor) => Assert.Equal((major, minor), FileStatus.DecodeDevice(FileStatus.EncodeDevice(major, minor)));

    [Fact]
    public void ANameThatIsTooLongIsSaidToBe()
    {
        // The whole path may be longer than what is looked at by the system calls; here it is not cut.
        Know("dir");
        Assert.True(Try("dir/" + new string('n', 256), out long result));
        Assert.Equal(-Errno.ENAMETOOLONG, result);
    }

    [Theory]
    [InlineData("dir/."), InlineData("dir/.."), InlineData("dir/sub/"), InlineData("dir//inner"), InlineData("dir/./inner"), InlineData("dir/sub/../inner"), InlineData("to_dir/inner")]
    public void WhatIsNoPlainPathIsWalked(string path)
    {
        Know("dir");
        Know("dir/sub");
        _ = Walk(path);
        _ = Walk(path);
        Assert.False(Try(path, out _));
    }

    [Fact]
    public void ALinkAtTheEndIsFollowedByTheWalkAlone()
    {
        Know("dir");
        Assert.False(Try("dir/to_file", out _));
        Assert.True(Try("dir/to_file", out long size, follow: false));
        Assert.Equal("../file".Length, size);
    }

    [Fact]
    public void AFolderThatAGuestMovesIsNotKnownAnyMore()
    {
        Know("dir");
        Assert.Equal(0, _vfs.Rename(_context, _context.Root, _host.At("dir"), _context.Root, _host.At("moved"), 0));
        Assert.False(Try("dir/inner", out _));
        _host.Link("/proc/self", "dir");
        Assert.False(Try("dir/status", out _));
    }

    [Fact]
    public void AFolderThatAGuestRemovesIsNotKnownAnyMore()
    {
        Know("empty");
        Assert.Equal(0, _vfs.Remove(_context, _context.Root, _host.At("empty"), isDirectory: true));
        Assert.False(Try("empty/x", out _));
    }

    [Fact]
    public void AFolderThatTheHostMovesIsMissedAtOnce()
    {
        Know("dir");
        Directory.Move(_host.At("dir"), _host.At("moved"));
        if (Try("dir/inner", out long result))
            Assert.Equal(-Errno.ENOENT, result);
    }

    [Fact]
    public void ALinkInAFoldersPlaceLeadsWhereItSays()
    {
        Directory.CreateDirectory(_host.At("other"));
        File.WriteAllText(_host.At("other/inner"), "another");
        Know("dir");
        Directory.Move(_host.At("dir"), _host.At("moved"));
        _host.Link("other", "dir");
        if (Try("dir/inner", out long size))
            Assert.Equal("another".Length, size);
    }

    [Fact]
    public void ALinkToTheHostsProcInAFoldersPlaceIsNotFollowed()
    {
        Know("dir");
        Directory.Move(_host.At("dir"), _host.At("moved"));
        _host.Link("/proc/self", "dir");
        Assert.False(Try("dir/status", out _));
    }

    [Fact]
    public void AFolderIsKnownForAMoment()
    {
        Know("dir");
        Thread.Sleep(120);
        Assert.False(Try("dir/inner", out _));
    }

    [Fact]
    public void NothingIsKnownOfAFolderThatSomethingIsMountedIn()
    {
        Assert.Equal(0, _vfs.FindDirectory(_context, _context.Root, _host.At("dir"), out DirectoryNode? parent));
        _vfs.HostFiles.Mount(parent!, "sub", () => new TemporaryFileSystem(_vfs.HostFiles, deviceMinor: 9));
        _ = Walk("dir/inner");
        _ = Walk("dir/inner");
        Assert.False(Try("dir/sub", out _));
        Assert.False(Try("dir/inner", out _));
        _ = Walk("dir/sub/x");
        _ = Walk("dir/sub/x");
        Assert.False(Try("dir/sub/x", out _));
    }

    [Fact]
    public void AChangedRootHasNoPathsOfTheHost()
    {
        Know("dir");
        Assert.Equal(0, _vfs.FindDirectory(_context, _context.Root, _host.Folder, out DirectoryNode? root));
        _context.SetRoot(root!);
        Assert.False(Try("dir/inner", out _));
    }

    [Fact]
    public void UnderAFolderOfTheHostAllIsWalked()
    {
        Directory.CreateDirectory(_host.At("dir/sub/deeper"));
        Assert.Equal(0, VirtualFileSystem.Create(new LinuxHost(), _host.At("dir"), out VirtualFileSystem? confined));
        FsContext context = confined!.CreateContext(0);
        for (int i = 0; i < 3; i++)
            Assert.Equal(0, confined.Stat(context, context.Root, "/sub/deeper", follow: true, out _));
        Assert.False(confined.TryStat(context, "/sub/deeper\0"u8, follow: true, extended: true, out _, out _));
        Assert.False(confined.TryStat(context, "/usr/bin\0"u8, follow: true, extended: true, out _, out _));
        context.Release();
        confined.HostFiles.Close();
    }

    /// <summary>Walks into a folder until it is known.</summary>
    private void Know(string folder)
    {
        for (int i = 0; i < 3; i++)
            _ = Walk(folder + "/x");
    }

    /// <summary>The size of a file, or a negative errno.</summary>
    private long Walk(string path)
    {
        int result = _vfs.Stat(_context, _context.Root, _host.At(path), follow: true, out FileStatus status);
        return result < 0 ? result : status.Size;
    }

    private bool Try(string path, out long result, bool follow = true)
    {
        bool isKnown = _vfs.TryStat(_context, Encoding.Latin1.GetBytes(_host.At(path) + "\0"), follow, extended: false, out FileStatus status, out int error);
        result = error < 0 ? error : status.Size;
        return isKnown;
    }
}
