using System.Text;
using Faultline.Linux.Host.Linux;

namespace Faultline.Linux.Tests.Vfs;

/// <summary>A temporary folder with every kind of entry, made anew for each use.</summary>
internal sealed class TestTree : IDisposable
{
    public TestTree()
    {
        Folder = Directory.CreateTempSubdirectory("faultline-vfs-").FullName;
        Directory.CreateDirectory(At("dir/sub"));
        Directory.CreateDirectory(At("empty"));
        File.WriteAllText(At("file"), "contents");
        File.WriteAllText(At("dir/inner"), "inner");
        Link("file", "to_file");
        Link("dir", "to_dir");
        Link("missing", "to_missing");
        Link("loop", "loop");
        Link("loop_b", "loop_a");
        Link("loop_a", "loop_b");
        Link(At("dir"), "absolute");
        Link("file/", "to_file_slash");
        Link("dir/", "to_dir_slash");
        Link("..", "dir/up");
        Link("../file", "dir/to_file");
        Link("c1", "c0");
        for (int i = 1; i < 40; i++)
            Link($"c{i + 1}", $"c{i}");
        Link("dir", "c40");
    }

    /// <summary>Path of the folder.</summary>
    public string Folder { get; }

    /// <summary>Path of something in it.</summary>
    public string At(string path) => Folder + "/" + path;

    /// <summary>Makes a symbolic link with exactly this text.</summary>
    public unsafe void Link(string target, string path)
    {
        byte[] text = Encoding.Latin1.GetBytes(target + "\0"), name = Encoding.Latin1.GetBytes(At(path) + "\0");
        fixed (byte* t = text, n = name)
            Assert.Equal(0, Libc.symlinkat(t, Libc.AT_FDCWD, n));
    }

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
