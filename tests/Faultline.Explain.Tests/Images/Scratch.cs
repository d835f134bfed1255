using Faultline.Elf.Tests.Support;
using Faultline.Explain.Images;

namespace Faultline.Explain.Tests.Images;

/// <summary>A folder for one test, removed when it ends.</summary>
internal sealed class Scratch : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("faultline-images-").FullName;

    /// <summary>A path in it.</summary>
    public string this[string name] => Path.Combine(_folder, name);

    /// <summary>A source that lies beside the tests.</summary>
    public static string Source(string name) => Path.Combine(AppContext.BaseDirectory, "Images", "Sources", name);

    /// <summary>Opens an image, which must be one.</summary>
    public static ImageFile Open(string path)
    {
        ImageFile? image = ImageOpener.OpenImage(path, out string problem);
        Assert.True(image is not null, problem);
        return image;
    }

    /// <summary>Links a purgatory from entry.S, the other assembly sources and verify.c.</summary>
    public string Purgatory(string compiler, string flags, params string[] assembly)
    {
        List<string> objects = [];
        foreach (string source in (string[])["entry.S", .. assembly])
        {
            string made = this[source + ".o"];
            HostTool.Run(compiler, "-c", Source(source), "-o", made);
            objects.Add(made);
        }
        string verify = this["verify.o"];
        string[] common = ["-O2", "-ffreestanding", "-fno-stack-protector", "-fno-asynchronous-unwind-tables"];
        HostTool.Run(compiler, [.. common, .. flags.Split(' '), "-c", Source("verify.c"), "-o", verify]);
        string output = this["purgatory.ro"];
        HostTool.Run("ld", ["-r", "-e", "purgatory_start", .. objects, verify, "-o", output]);
        return output;
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
