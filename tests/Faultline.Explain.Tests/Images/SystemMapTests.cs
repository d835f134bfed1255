using System.IO.Compression;
using System.IO.Pipes;
using System.Text;
using Faultline.Explain.Images;

namespace Faultline.Explain.Tests.Images;

/// <summary>Lists of symbols as nm prints them.</summary>
public sealed class SystemMapTests
{
    private const string List =
        """
        0000000000000000 D __per_cpu_start
        ffffffff81000000 T _text
        ffffffff81000000 T startup_64
        ffffffff81000040 t helper.isra.0
        ffffffff81000050 t helper.llvm.123
        ffffffff81000050 t helper
        ffffffff81000090 t helper
        ffffffff810000a0 D table
        ffffffffc0000000 t in_module	[module]

        """;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void AddressesAndNamesAreFound(bool isPacked)
    {
        using Scratch scratch = new();
        string path = Write(scratch, Encoding.ASCII.GetBytes(List), isPacked);
        SystemMap map = Assert.IsType<SystemMap>(ImageOpener.Open(path, out _));
        Assert.Equal(8, map.Count);
        Assert.Equal(("_text", 0x40UL), map.FindAddress(0xffffffff8100003f) is { } first ? (first.Name, first.Extent) : default);
        Assert.Equal("helper.isra.0", map.FindAddress(0xffffffff81000040)?.Name);
        Assert.Equal("helper.llvm.123", map.FindAddress(0xffffffff81000060)?.Name);
        Assert.Equal([0xffffffff81000050, 0xffffffff81000090], map.FindName("helper").Select(symbol => symbol.Address));
        Assert.False(map.FindName("table")[0].IsFunction);
        Assert.Null(map.FindAddress(0xffffffff810000a1));
        Assert.Empty(map.FindName("in_module"));
    }

    [Fact]
    public async Task APipeIsReadWhole()
    {
        using AnonymousPipeServerStream pipe = new(PipeDirection.Out);
        string path = $"/proc/self/fd/{pipe.GetClientHandleAsString()}";
        pipe.Write(Encoding.ASCII.GetBytes(List));
        // The end of the text is the end of the last writer.
        Task<ISymbolSource?> opening = Task.Run(() => ImageOpener.Open(path, out _));
        pipe.SafePipeHandle.Dispose();
        Assert.Equal(8, Assert.IsType<SystemMap>(await opening).Count);
    }

    [Theory]
    [InlineData("")]
    [InlineData("ffffffff81000000 T ")]
    [InlineData("this is a text and not a list of symbols\nwith a second line\n")]
    public void OtherFilesAreRefused(string text)
    {
        using Scratch scratch = new();
        Assert.Null(ImageOpener.Open(Write(scratch, Encoding.ASCII.GetBytes(text), isPacked: false), out string problem));
        Assert.NotEmpty(problem);
    }

    [Fact]
    public void DamagedListsGiveASentence()
    {
        using Scratch scratch = new();
        byte[] good = File.ReadAllBytes(Write(scratch, Encoding.ASCII.GetBytes(List), isPacked: true));
        Random random = new(5);
        for (int i = 0; i < 3000; i++)
        {
            byte[] damaged = [.. good];
            for (int j = random.Next(1, 4); j > 0; j--)
                damaged[random.Next(2, damaged.Length)] = (byte)random.Next(256);
            ISymbolSource? source = SystemMap.Open("list", new Elf.Sources.MemoryElfSource(damaged), out string problem);
            Assert.True(source is not null || problem.StartsWith("list: ", StringComparison.Ordinal));
        }
    }

    private static string Write(Scratch scratch, byte[] text, bool isPacked)
    {
        string path = scratch["System.map"];
        using Stream file = File.Create(path);
        using Stream stream = isPacked ? new GZipStream(file, CompressionLevel.Fastest) : file;
        stream.Write(text);
        return path;
    }
}
