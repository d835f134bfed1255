using System.Text;
using Faultline.Linux.Abi;
using Faultline.Linux.Abi.Files;
using Faultline.Linux.Fs.Host;
using Faultline.Linux.Host.Linux;
using Faultline.Linux.Vfs;

namespace Faultline.Linux.Tests.Vfs;

/// <summary>Streams that others hold too: inherited from the host, or given by an embedding program.</summary>
public sealed class StandardStreamTests : IDisposable
{
    private readonly TestTree _tree = new();
    private readonly LinuxHostFiles _files = new();
    private readonly HostFileSystem _host;
    private readonly int _root;

    public StandardStreamTests()
    {
        Assert.Equal(0, HostFileSystem.Create(new LinuxHost(), "/", out HostFileSystem? host));
        _host = host!;
        _root = _files.OpenRoot(_tree.Folder);
    }

    public void Dispose()
    {
        _ = _files.Close(_root);
        _tree.Dispose();
    }

    [Fact]
    public void ThePositionIsSharedAndTheHandleStaysOpen()
    {
        int handle = _files.Open(_root, "file", OpenFlags.O_RDWR, 0);
        Assert.Equal(2, _files.Seek(handle, 2, 0));
        HostFile inherited = HostFile.OfInherited(_host, handle)!;
        Assert.Equal(3, inherited.Write("XYZ"u8));
        Assert.Equal(5, _files.Seek(handle, 0, 1));
        inherited.Release();
        Assert.Equal(5, _files.Seek(handle, 0, 1));
        _ = _files.Close(handle);
        Assert.Equal("coXYZnts", File.ReadAllText(_tree.At("file")));
    }

    [Fact]
    public void AppendingIsTheHosts()
    {
        int handle = _files.Open(_root, "file", OpenFlags.O_WRONLY | OpenFlags.O_APPEND, 0);
        HostFile inherited = HostFile.OfInherited(_host, handle)!;
        Assert.Equal(OpenFlags.O_WRONLY | OpenFlags.O_APPEND, inherited.Flags & (OpenFlags.O_ACCMODE | OpenFlags.O_APPEND));
        File.AppendAllText(_tree.At("file"), "+other");
        Assert.Equal(5, inherited.Write("+mine"u8));
        _ = _files.Close(handle);
        Assert.Equal("contents+other+mine", File.ReadAllText(_tree.At("file")));
    }

    [Fact]
    public void NonBlockingIsNeverSetOnASharedHandle()
    {
        int handle = _files.Open(_root, "file", OpenFlags.O_RDONLY, 0);
        HostFile inherited = HostFile.OfInherited(_host, handle)!;
        Assert.Equal(0, inherited.SetFlags(OpenFlags.O_NONBLOCK));
        Assert.True(inherited.IsNonBlocking);
        Assert.Equal(0, _files.GetFlags(handle) & OpenFlags.O_NONBLOCK);
        _ = _files.Close(handle);
    }

    [Fact]
    public void AClosedHandleIsNoStream()
    {
        Assert.Null(HostFile.OfInherited(_host, 9999));
    }

    [Fact]
    public void AStreamOfAnEmbeddingProgramIsAPipe()
    {
        MemoryStream input = new("typed"u8.ToArray()), output = new();
        StreamFile reader = new(input, OpenFlags.O_RDONLY, 7, 1000, 1000), writer = new(output, OpenFlags.O_WRONLY, 8, 1000, 1000);
        byte[] buffer = new byte[10];
        Assert.Equal(5, reader.Read(buffer));
        Assert.Equal(0, reader.Read(buffer));
        Assert.Equal(5, writer.Write("shown"u8));
        Assert.Equal("shown", Encoding.ASCII.GetString(output.ToArray()));
        Assert.Equal(0, reader.Stat(out FileStatus status));
        Assert.Equal(ModeBits.S_IFIFO, status.Type);
        Assert.Equal(-Errno.ESPIPE, reader.Seek(0, 0));
        Assert.Equal("pipe:[7]", reader.Path);
        output.Dispose();
        Assert.Equal(-Errno.EPIPE, writer.Write("late"u8));
    }
}
