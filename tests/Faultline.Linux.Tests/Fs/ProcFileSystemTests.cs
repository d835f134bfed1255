using System.Globalization;
using System.Text;
using Faultline.Linux.Abi;
using Faultline.Linux.Abi.Files;
using Faultline.Linux.Kernel;
using Faultline.Linux.Tests.Vfs;
using Faultline.Linux.Vfs;

namespace Faultline.Linux.Tests.Fs;

/// <summary>/proc and /dev of a kernel whose root is a temporary folder, with a process that runs nothing.</summary>
public sealed class ProcFileSystemTests : IDisposable
{
    private readonly IdleProcess _idle = new();

    private TestTree _tree => _idle.Tree;

    private VirtualFileSystem _vfs => _idle.Kernel.Vfs;

    private Process _process => _idle.Process;

    private FsContext _context => _idle.Process.FileSystem;

    public void Dispose() => _idle.Dispose();

    [Fact]
    public void SelfIsTheProcess()
    {
        Assert.Equal($"{_process.Pid}", ReadLink("/proc/self"));
        Assert.Equal("/program", ReadLink("/proc/self/exe"));
        Assert.Equal("/", ReadLink("/proc/self/root"));
        Assert.Equal("/", ReadLink("/proc/self/cwd"));
        Assert.Equal($"{_process.Pid}/task/{_process.Main.Tid}", ReadLink("/proc/thread-self"));
        Assert.Equal("program\0argument\0", Text("/proc/self/cmdline"));
        Assert.Equal("NAME=value\0", Text("/proc/self/environ"));
        Assert.Equal("program\n", Text("/proc/self/comm"));
    }

    [Fact]
    public void ExeLeadsToTheGuestsProgramAndNotToThisOne()
    {
        byte[] buffer = new byte[4096];
        OpenFile file = Open("/proc/self/exe", OpenFlags.O_RDONLY);
        long n = file.Read(buffer);
        file.Release();
        Assert.Equal(File.ReadAllBytes(_tree.At("program"))[..(int)n], buffer[..(int)n]);
    }

    [Fact]
    public void DescriptorsLeadToFilesWithAPositionOfTheirOwn()
    {
        OpenFile opened = Open("/file", OpenFlags.O_RDONLY);
        _ = opened.Seek(4, 0);
        int fd = _process.Files.Add(opened);
        Assert.Equal("/file", ReadLink($"/proc/self/fd/{fd}"));
        Assert.Equal("contents", Text($"/proc/self/fd/{fd}"));
        Assert.Contains("pos:\t4\n", Text($"/proc/self/fdinfo/{fd}"), StringComparison.Ordinal);
        Assert.Equal("contents", Text($"/dev/fd/{fd}"));
        Assert.Equal(0, _vfs.Stat(_context, _context.Root, $"/proc/self/fd/{fd}", follow: true, out FileStatus status));
        Assert.Equal(8, status.Size);
        Assert.Equal(-Errno.ENOTDIR, _vfs.Stat(_context, _context.Root, $"/proc/self/fd/{fd}/x", follow: true, out _));
        _ = _process.Files.Close(fd);
        Assert.Equal(-Errno.ENOENT, _vfs.Stat(_context, _context.Root, $"/proc/self/fd/{fd}", follow: true, out _));
    }

    [Fact]
    public void ADescriptorOfADirectoryOutsideTheRootIsNoWayOut()
    {
        int directory = _process.Files.Add(Open("/dir", OpenFlags.O_DIRECTORY));
        Assert.Equal("contents", Text($"/proc/self/fd/{directory}/../../../file"));
        Assert.Equal("contents", Text("/proc/self/root/../file"));
        Assert.Equal("contents", Text("/proc/self/cwd/../../file"));
        Assert.Equal("inner", Text($"/proc/self/fd/{directory}/inner"));
    }

    [Fact]
    public void MapsNameTheProgram()
    {
        string maps = Text("/proc/self/maps");
        Assert.Contains("/program\n", maps, StringComparison.Ordinal);
        Assert.Contains("[stack]\n", maps, StringComparison.Ordinal);
        foreach (string line in maps.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            Assert.Matches("^[0-9a-f]{8,}-[0-9a-f]{8,} [r-][w-][x-][ps] [0-9a-f]{8} [0-9a-f]{2}:[0-9a-f]{2} [0-9]+ ( *[^ ].*)?$", line);
            Assert.True(line.IndexOf('/', StringComparison.Ordinal) is -1 or 73);
        }
    }

    [Fact]
    public void StatHasItsFields()
    {
        string[] fields = Text("/proc/self/stat").TrimEnd('\n').Split(' ');
        Assert.Equal(52, fields.Length);
        Assert.Equal($"{_process.Pid}", fields[0]);
        Assert.Equal("(program)", fields[1]);
        Assert.Equal(7, Text("/proc/self/statm").Split(' ').Length);
        Assert.Contains("Max open files", Text("/proc/self/limits"), StringComparison.Ordinal);
        Assert.Contains($"\nPid:\t{_process.Pid}\n", Text("/proc/self/status"), StringComparison.Ordinal);
    }

    [Fact]
    public void EveryEntryCanBeReadOrFollowed()
    {
        List<string> failures = [];
        Visit("/proc", 0, failures);
        Assert.Empty(failures);
    }

    [Fact]
    public void NothingOfTheHostsProcShows()
    {
        Assert.Equal(-Errno.ENOENT, _vfs.Stat(_context, _context.Root, "/proc/1/environ", follow: true, out _));
        Assert.Equal(-Errno.ENOENT, _vfs.Stat(_context, _context.Root, "/proc/kcore", follow: true, out _));
        Assert.Equal(-Errno.ENOENT, _vfs.Stat(_context, _context.Root, "/dev/mem", follow: true, out _));
        Assert.Equal(-Errno.ENOENT, _vfs.Open(_context, _context.Root, "/proc/new", OpenFlags.O_CREAT | OpenFlags.O_WRONLY, 0x1B6, out _));
    }

    [Fact]
    public void DevicesBehave()
    {
        byte[] buffer = [1, 2, 3, 4];
        OpenFile zero = Open("/dev/zero", OpenFlags.O_RDWR);
        Assert.Equal(4, zero.Read(buffer));
        Assert.Equal(new byte[4], buffer);
        Assert.Equal(0, Open("/dev/null", OpenFlags.O_RDONLY).Read(buffer));
        Assert.Equal(4, Open("/dev/null", OpenFlags.O_WRONLY).Write(buffer));
        Assert.Equal(-Errno.ENOSPC, Open("/dev/full", OpenFlags.O_WRONLY).Write(buffer));
        byte[] random = new byte[64];
        Assert.Equal(64, Open("/dev/urandom", OpenFlags.O_RDONLY).Read(random));
        Assert.NotEqual(new byte[64], random);
        Assert.Equal(0, _vfs.Stat(_context, _context.Root, "/dev/null", follow: true, out FileStatus status));
        Assert.Equal((ModeBits.S_IFCHR, 1u, 3u), (status.Type, status.SpecialMajor, status.SpecialMinor));
        Assert.Equal(-Errno.EPERM, _vfs.Remove(_context, _context.Root, "/dev/null", isDirectory: false));
    }

    [Fact]
    public void UuidsDifferAndTheBootIdStays()
    {
        Assert.NotEqual(Text("/proc/sys/kernel/random/uuid"), Text("/proc/sys/kernel/random/uuid"));
        Assert.Equal(Text("/proc/sys/kernel/random/boot_id"), Text("/proc/sys/kernel/random/boot_id"));
        Assert.True(Guid.TryParse(Text("/proc/sys/kernel/random/uuid"), CultureInfo.InvariantCulture, out _));
    }

    private void Visit(string path, int depth, List<string> failures)
    {
        Assert.True(depth < 8);
        OpenFile directory = Open(path, OpenFlags.O_DIRECTORY);
        byte[] buffer = new byte[65536];
        int n = directory.ReadDirectory(buffer);
        directory.Release();
        for (int at = 0; at < n; at += BitConverter.ToUInt16(buffer, at + 16))
        {
            int end = Array.IndexOf(buffer, (byte)0, at + 19);
            string name = Encoding.Latin1.GetString(buffer, at + 19, end - at - 19);
            if (name is "." or "..")
                continue;
            Visit(path + "/" + name, buffer[at + 18], BitConverter.ToUInt64(buffer, at), depth, failures);
        }
    }

    private void Visit(string path, byte type, ulong inode, int depth, List<string> failures)
    {
        if (_vfs.Stat(_context, _context.Root, path, follow: false, out FileStatus status) < 0
            || status.Inode != inode || ModeBits.DirectoryEntryType(status.Mode) != type)
            failures.Add(path + ": status differs from the entry");
        if (status.IsDirectory)
            Visit(path, depth + 1, failures);
        else if (status.IsSymbolicLink)
            failures.AddRange(_vfs.ReadLink(_context, _context.Root, path, out _) < 0 ? [path + ": no target"] : []);
        else if (_vfs.Open(_context, _context.Root, path, OpenFlags.O_RDONLY, 0, out OpenFile? file) < 0 || file!.Read(new byte[10]) < 0)
            failures.Add(path + ": cannot be read");
    }

    private string Text(string path)
    {
        OpenFile file = Open(path, OpenFlags.O_RDONLY);
        byte[] buffer = new byte[65536];
        long n = file.Read(buffer);
        file.Release();
        Assert.True(n >= 0, path);
        return Encoding.Latin1.GetString(buffer, 0, (int)n);
    }

    private string ReadLink(string path)
    {
        Assert.Equal(0, _vfs.ReadLink(_context, _context.Root, path, out string target));
        return target;
    }

    private OpenFile Open(string path, int flags)
    {
        int result = _vfs.Open(_context, _context.Root, path, flags, 0, out OpenFile? file);
        Assert.True(result == 0, $"{path}: {result}");
        return file!;
    }
}
