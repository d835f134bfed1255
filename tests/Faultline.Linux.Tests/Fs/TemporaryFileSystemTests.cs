using System.Text;
using Faultline.Linux.Abi;
using Faultline.Linux.Abi.Files;
using Faultline.Linux.Fs.Temporary;
using Faultline.Linux.Host.Linux;
using Faultline.Linux.Tests.Vfs;
using Faultline.Linux.Vfs;

namespace Faultline.Linux.Tests.Fs;

/// <summary>A file system in memory, mounted on a temporary folder.</summary>
public sealed class TemporaryFileSystemTests : IDisposable
{
    private readonly TestTree _tree = new();
    private readonly VirtualFileSystem _vfs;
    private readonly FsContext _context;

    public TemporaryFileSystemTests()
    {
        Assert.Equal(0, VirtualFileSystem.Create(new LinuxHost(), _tree.Folder, out VirtualFileSystem? vfs));
        _vfs = vfs!;
        _vfs.Mount("shm", () => new TemporaryFileSystem(_vfs.HostFiles, 50));
        _context = _vfs.CreateContext(0);
    }

    public void Dispose()
    {
        _context.Release();
        _tree.Dispose();
    }

    [Fact]
    public void FilesAreMadeReadAndRemoved()
    {
        OpenFile file = Open("/shm/a", OpenFlags.O_CREAT | OpenFlags.O_RDWR);
        Assert.Equal(5, file.Write("hello"u8));
        Assert.Equal(0, _vfs.Stat(_context, _context.Root, "/shm/a", true, out FileStatus status));
        Assert.Equal((5L, 1u), (status.Size, status.Links));
        Assert.Equal("/shm/a", file.Path);
        Assert.Equal(0, _vfs.Remove(_context, _context.Root, "/shm/a", false));
        Assert.Equal("/shm/a (deleted)", file.Path);
        Assert.Equal(-Errno.ENOENT, _vfs.Stat(_context, _context.Root, "/shm/a", true, out _));
        byte[] buffer = new byte[10];
        Assert.Equal(5, file.ReadAt(buffer, 0));
        Assert.Equal("hello", Encoding.ASCII.GetString(buffer, 0, 5));
        file.Release();
        Assert.False(File.Exists(_tree.At("shm")));
    }

    [Fact]
    public void TreesAreWalkedAndRenamed()
    {
        Assert.Equal(0, _vfs.MakeDirectory(_context, _context.Root, "/shm/d", 0x1FF));
        Assert.Equal(0, _vfs.MakeDirectory(_context, _context.Root, "/shm/d/e", 0x1FF));
        Open("/shm/d/e/f", OpenFlags.O_CREAT | OpenFlags.O_WRONLY).Release();
        Assert.Equal(0, _vfs.MakeSymbolicLink(_context, _context.Root, "/shm/link", "d/e/../e/f"));
        Assert.Equal(0, _vfs.Stat(_context, _context.Root, "/shm/link", true, out FileStatus status));
        Assert.True(status.IsRegular);
        Assert.Equal(-Errno.ENOTEMPTY, _vfs.Remove(_context, _context.Root, "/shm/d", true));
        Assert.Equal(-Errno.EINVAL, _vfs.Rename(_context, _context.Root, "/shm/d", _context.Root, "/shm/d/e/x", 0));
        Assert.Equal(0, _vfs.Rename(_context, _context.Root, "/shm/d/e", _context.Root, "/shm/g", 0));
        Assert.Equal(0, _vfs.Stat(_context, _context.Root, "/shm/g/../g/f", true, out _));
        Assert.Equal(-Errno.EXDEV, _vfs.Rename(_context, _context.Root, "/shm/g/f", _context.Root, "/file2", 0));
        Assert.Equal(-Errno.EXDEV, _vfs.Link(_context, _context.Root, "/file", _context.Root, "/shm/hard", false));
        Assert.Equal(-Errno.EBUSY, _vfs.Remove(_context, _context.Root, "/shm", true));
        Assert.Equal(0, _vfs.FindDirectory(_context, _context.Root, "/shm/g", out DirectoryNode? g));
        Assert.Equal("/shm/g", _vfs.PathOf(_context, g!));
        Assert.Equal(0, _vfs.Stat(_context, g!, "../../file", true, out _));
    }

    [Fact]
    public unsafe void SharedMappingsSeeWrites()
    {
        OpenFile file = Open("/shm/m", OpenFlags.O_CREAT | OpenFlags.O_RDWR);
        Assert.Equal(0, file.Truncate(8192));
        Memory.IPageSource source = file.PageSource(shared: true, out int error)!;
        Assert.Equal(0, error);
        source.AddReference();
        byte* page = source.SharedPage(4096, forWrite: true);
        page[1] = 77;
        byte[] buffer = new byte[2];
        Assert.Equal(2, file.ReadAt(buffer, 4096));
        Assert.Equal(77, buffer[1]);
        Assert.True(source.SharedPage(8192, forWrite: false) is null);
        source.Release();
        file.Release();
    }

    [Fact]
    public void DirectoriesListTheirEntries()
    {
        for (int i = 0; i < 100; i++)
            Assert.Equal(0, _vfs.MakeDirectory(_context, _context.Root, $"/shm/entry{i}", 0x1FF));
        OpenFile file = Open("/shm", OpenFlags.O_DIRECTORY);
        HashSet<string> names = [];
        byte[] buffer = new byte[256];
        int n;
        while ((n = file.ReadDirectory(buffer)) > 0)
        {
            for (int at = 0; at < n; at += BitConverter.ToUInt16(buffer, at + 16))
            {
                int end = Array.IndexOf(buffer, (byte)0, at + 19);
                Assert.True(names.Add(Encoding.Latin1.GetString(buffer, at + 19, end - at - 19)));
            }
        }
        Assert.Equal(102, names.Count);
        Assert.Equal(0, file.Seek(0, 0));
        Assert.Equal(-Errno.EINVAL, file.ReadDirectory(buffer.AsSpan(0, 10)));
        file.Release();
    }

    private OpenFile Open(string path, int flags)
    {
        Assert.Equal(0, _vfs.Open(_context, _context.Root, path, flags, 0x1B6, out OpenFile? file));
        return file!;
    }
}
