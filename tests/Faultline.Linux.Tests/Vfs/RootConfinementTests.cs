using System.Text;
using Faultline.Linux.Abi;
using Faultline.Linux.Abi.Files;
using Faultline.Linux.Host.Linux;
using Faultline.Linux.Vfs;

namespace Faultline.Linux.Tests.Vfs;

/// <summary>Under a root folder no path leads out of it.</summary>
public sealed class RootConfinementTests : IDisposable
{
    private readonly TestTree _outside = new();
    private readonly VirtualFileSystem _vfs;
    private readonly FsContext _context;

    public RootConfinementTests()
    {
        File.WriteAllText(_outside.At("secret"), "outside");
        Directory.CreateDirectory(_outside.At("root/a/b/c"));
        File.WriteAllText(_outside.At("root/secret"), "inside");
        _outside.Link("/secret", "root/absolute");
        _outside.Link("../../../secret", "root/a/upwards");
        _outside.Link(_outside.At("secret"), "root/host_path");
        _outside.Link("/", "root/a/slash");
        _outside.Link("../..", "root/a/parents");
        Assert.Equal(0, VirtualFileSystem.Create(new LinuxHost(), _outside.At("root"), out VirtualFileSystem? vfs));
        _vfs = vfs!;
        _context = _vfs.CreateContext(0);
    }

    public void Dispose()
    {
        _context.Release();
        _outside.Dispose();
    }

    [Theory]
    [InlineData("/secret")]
    [InlineData("/../secret")]
    [InlineData("/../../../../../../../../secret")]
    [InlineData("../secret")]
    [InlineData("/a/../../secret")]
    [InlineData("/a/b/../../../../secret")]
    [InlineData("/absolute")]
    [InlineData("/a/upwards")]
    [InlineData("/a/slash/secret")]
    [InlineData("/a/slash/../secret")]
    [InlineData("/a/parents/secret")]
    [InlineData("/a/parents/../../secret")]
    [InlineData("/a/slash/a/slash/../a/../absolute")]
    public void EveryWayUpEndsAtTheRoot(string path)
    {
        Assert.Equal("inside", Read(_context.Root, path));
    }

    [Fact]
    public void AHostPathIsNotTheGuests()
    {
        Assert.Equal(-Errno.ENOENT, _vfs.Stat(_context, _context.Root, "/host_path", follow: true, out _));
        Assert.Equal(-Errno.ENOENT, _vfs.Stat(_context, _context.Root, _outside.At("secret"), follow: true, out _));
    }

    [Fact]
    public void ADirectoryMovedUpwardsStillCannotLeave()
    {
        // The walk's own record of where the directory is ("/a/b/c") is out of date after the move: only identity stops "..".
        Assert.Equal(0, _vfs.FindDirectory(_context, _context.Root, "/a/b/c", out DirectoryNode? c));
        Assert.Equal(0, _vfs.Rename(_context, _context.Root, "/a/b/c", _context.Root, "/c", 0));
        Assert.Equal("inside", Read(c!, "../../../secret"));
        Assert.Equal("inside", Read(c!, "../secret"));
        c!.Release();
    }

    [Fact]
    public void AbsoluteLinksFollowAChangedRoot()
    {
        Assert.Equal(0, _vfs.FindDirectory(_context, _context.Root, "/a", out DirectoryNode? a));
        FsContext jailed = _context.Clone();
        a!.AddReference();
        jailed.SetRoot(a);
        File.WriteAllText(_outside.At("root/a/secret"), "jail");
        PathIs("jail", jailed, a, "/secret");
        PathIs("jail", jailed, a, "../../secret");
        PathIs("jail", jailed, a, "slash/../secret");
        a.Release();
        jailed.Release();
    }

    [Fact]
    public void PathsAreToldFromTheRoot()
    {
        Assert.Equal(0, _vfs.Open(_context, _context.Root, "/a/b", OpenFlags.O_DIRECTORY, 0, out OpenFile? file));
        Assert.Equal("/a/b", file!.Path);
        Assert.Equal("/a/b", _vfs.PathOf(_context, file.Directory!));
        file.Release();
        Assert.Equal("/", _vfs.PathOf(_context, _context.Root));
    }

    [Fact]
    public void ARemovedDirectoryHasNoPath()
    {
        Assert.Equal(0, _vfs.FindDirectory(_context, _context.Root, "/a/b/c", out DirectoryNode? c));
        Assert.Equal("/a/b/c", _vfs.PathOf(_context, c!));
        Assert.Equal(0, _vfs.Remove(_context, _context.Root, "/a/b/c", isDirectory: true));
        Assert.Null(_vfs.PathOf(_context, c!));
        c!.Release();
    }

    private string Read(DirectoryNode start, string path) => Text(_context, start, path);

    private void PathIs(string expected, FsContext context, DirectoryNode start, string path) => Assert.Equal(expected, Text(context, start, path));

    private string Text(FsContext context, DirectoryNode start, string path)
    {
        Assert.Equal(0, _vfs.Open(context, start, path, OpenFlags.O_RDONLY, 0, out OpenFile? file));
        Span<byte> buffer = stackalloc byte[64];
        long n = file!.Read(buffer);
        file.Release();
        return Encoding.Latin1.GetString(buffer[..(int)n]);
    }
}
