using Faultline.Elf.Headers;
using Faultline.Elf.Tests.Support;
using Faultline.Tests.Parity;
using Faultline.Tests.Support;

namespace Faultline.Tests.BadInput;

/// <summary>Files that cannot be run: one clear line and the status of a shell, through the library and through the launcher.</summary>
public sealed class BadFileTests : IDisposable
{
    private const int EACCES = 13;
    private const int EIO = 5;
    private const int ENOENT = 2;
    private const int ENOEXEC = 8;
    private const int ELOOP = 40;
    private const int ELIBBAD = 80;
    private const int EEXIST = 17;
    private const int EINVAL = 22;

    private readonly TestFolder _folder = new();

    /// <summary>Name, errno, and a part of the message.</summary>
    public static TheoryData<string, int, string> Cases => new()
    {
        { "text", ENOEXEC, "ELF" },
        { "empty", ENOEXEC, "" },
        { "32-bit", ENOEXEC, "32" },
        { "aarch64", ENOEXEC, "AArch64" },
        { "relocatable", ENOEXEC, "" },
        { "interpreter-missing", ENOENT, "/nonexistent/ld.so" },
        { "interpreter-text", ELIBBAD, "interpreter" },
        { "interpreter-short", EIO, "interpreter" },
        { "interpreter-plain", EACCES, "interpreter" },
        { "interpreter-folder", EACCES, "interpreter" },
        { "interpreter-empty", EACCES, "interpreter" },
        { "interpreter-missing-and-bad-segment", ENOENT, "/nonexistent/ld.so" },
        { "interpreter-text-and-bad-segment", ELIBBAD, "interpreter" },
        { "interpreter-entry", EINVAL, "entry point of its program interpreter" },
        { "filesz-above-memsz", EINVAL, "program header 0" },
        { "memsz-near-2^64", EINVAL, "user address space" },
        { "vaddr-near-2^64", EINVAL, "user address space" },
        { "memsz-negative", EINVAL, "user address space" },
        { "offset-near-2^64", EINVAL, "" },
        { "phnum-0", ENOEXEC, "" },
        { "phnum-65535", ENOEXEC, "" },
        { "phoff-near-2^64", 0, "" },
        { "phentsize-1", ENOEXEC, "" },
        { "first-over-stack", EEXIST, "segments cannot be mapped" },
        { "script-interpreter-missing", ENOENT, "/nonexistent/shell" },
        { "script-without-interpreter", ENOEXEC, "#!" },
        { "script-recursion", ELOOP, "interpreters" },
        { "mode-0644", EACCES, "Permission denied" },
        { "folder", EACCES, "Permission denied" },
        { "nonexistent", ENOENT, "No such file" },
        { "text/below", 20, "Not a directory" },
    };

    /// <inheritdoc/>
    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Cases))]
    public void IsRefusedInOneLine(string name, int errno, string part)
    {
        string path = Make(name);
        using Machine machine = new();
        ProgramLoadException e = Assert.Throws<ProgramLoadException>(() => machine.Run(path));
        Assert.True(errno == 0 || e.Errno == errno, $"errno {e.Errno}: {e.Message}");
        Assert.Equal(e.Errno is ENOENT or 20 ? 127 : 126, e.ExitStatus);
        Assert.StartsWith(path, e.Message, StringComparison.Ordinal);
        Assert.Contains(part, e.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', e.Message);
    }

    [Theory]
    [InlineData("text", 126)]
    [InlineData("empty", 126)]
    [InlineData("aarch64", 126)]
    [InlineData("memsz-near-2^64", 126)]
    [InlineData("interpreter-missing", 127)]
    [InlineData("script-recursion", 126)]
    [InlineData("mode-0644", 126)]
    [InlineData("folder", 126)]
    [InlineData("nonexistent", 127)]
    public void TheLauncherSaysSoToo(string name, int status)
    {
        CommandResult result = CommandLine.Launcher.Run("run", Make(name));
        Assert.Equal(status, result.Status);
        Assert.Empty(result.Output);
        Assert.StartsWith($"faultline: {_folder.Path}", result.Errors, StringComparison.Ordinal);
        Assert.Equal(1, result.Errors.Count(c => c == '\n'));
    }

    [Fact]
    public void TruncatedAnywhereItIsRefusedOrDies()
    {
        byte[] whole = TinyProgram.Build();
        int[] lengths =
        [
            1, 3, 4, 15, 16, 17, 19, 20, 24, 32, 40, 52, 54, 56, 58, 63, 64,
            65, 100, 119, 120, 121, 175, 176, 177, 0x300, 0xfff, 0x1000, 0x1001, 0x1010, 0x1fff, 0x2000, 0x27ff,
        ];
        foreach (int length in lengths)
        {
            string path = _folder.Write($"cut-{length}", whole.AsSpan(0, length));
            using Machine machine = new(new MachineOptions { StandardOutput = Stream.Null });
            try
            {
                RunResult result = machine.Run(path);
                // The headers are there: what is mapped past the end of the file gives SIGBUS, and what is there runs.
                Assert.True(length > 120 && (result.Signal != 0 || length > 0x1000), $"{length} bytes ended with {result.ExitStatus}");
            }
            catch (ProgramLoadException e)
            {
                Assert.Equal(126, e.ExitStatus);
                Assert.StartsWith(path, e.Message, StringComparison.Ordinal);
            }
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("no-such-command-here")]
    public void NoSuchCommand(string name)
    {
        using Machine machine = new();
        ProgramLoadException e = Assert.Throws<ProgramLoadException>(() => machine.Run(name));
        Assert.Equal(127, e.ExitStatus);
        Assert.Equal($"{(name.Length == 0 ? "\"\"" : name)}: command not found", e.Message);
    }

    [Fact]
    public void ALaterSegmentReplacesWhatIsThere()
    {
        // MAP_FIXED: the pages of the stack that it covers are not in use when the program starts.
        string path = _folder.Write("over-stack", TinyProgram.Builder().Segment(SegmentType.PT_LOAD, 6, 0x2000, 0x7fffffff0000, 0x800, 0x800).Build());
        using Machine machine = new(new MachineOptions { StandardOutput = Stream.Null });
        Assert.Equal(TinyProgram.Status, machine.Run(path).ExitStatus);
    }

    [Fact]
    public void OverlappingSegmentsRunAsOnLinux()
    {
        // The second covers the first one's code with the same bytes of the file, the third only its second half.
        string path = _folder.Write("overlap", TinyProgram.Builder()
            .Segment(SegmentType.PT_LOAD, 7, 0x1000, 0x401000, 0x1000, 0x1000)
            .Segment(SegmentType.PT_LOAD, 7, 0x1000, 0x401000, 0x800, 0x800)
            .Build());
        using MemoryStream output = new();
        using Machine machine = new(new MachineOptions { StandardOutput = output });
        Assert.Equal(TinyProgram.Status, machine.Run(path).ExitStatus);
        Assert.Equal("hello\n"u8.ToArray(), output.ToArray());
    }

    private string Make(string name)
    {
        // An interpreter that is shorter than an ELF header would be EIO.
        string text = _folder.Write("text", "just text\n                                                             "u8);
        if (name == "interpreter-short")
            text = _folder.Write("short", "just text\n"u8);
        if (name is "text/below" or "nonexistent")
            return $"{_folder.Path}/{name}";
        if (name is "folder" or "interpreter-folder")
            Directory.CreateDirectory($"{_folder.Path}/folder");
        if (name == "folder")
            return $"{_folder.Path}/folder";
        ElfBuilder bad = TinyProgram.WithInterpreter(name.Contains("missing", StringComparison.Ordinal) ? "/nonexistent/ld.so" : text)
            .Segment(SegmentType.PT_LOAD, 6, 0x2000, 0x402000, 0x800, 0x100);
        string self = $"{_folder.Path}/{name}";
        byte[] bytes = name switch
        {
            "text" => "just text\n"u8.ToArray(),
            "empty" => [],
            "32-bit" => Thirty2(),
            "aarch64" => With(b => b.Machine = 183),
            "relocatable" => With(b => b.Type = 1),
            "interpreter-missing" => TinyProgram.WithInterpreter("/nonexistent/ld.so").Build(),
            "interpreter-text" or "interpreter-short" => TinyProgram.WithInterpreter(text).Build(),
            "interpreter-plain" => TinyProgram.WithInterpreter(_folder.Write("plain", TinyProgram.Build(), 0x1A4)).Build(),
            "interpreter-folder" => TinyProgram.WithInterpreter($"{_folder.Path}/folder").Build(),
            "interpreter-empty" => TinyProgram.WithInterpreter("").Build(),
            "interpreter-missing-and-bad-segment" or "interpreter-text-and-bad-segment" => bad.Build(),
            "interpreter-entry" => TinyProgram.WithInterpreter(_folder.Write("entry", EntryOutside())).Build(),
            "filesz-above-memsz" => Load(0, 0x400000, 0x2000, 0x1000),
            "memsz-near-2^64" => Load(0, 0x400000, 0x2000, ulong.MaxValue - 0xfff),
            "vaddr-near-2^64" => Load(0, ulong.MaxValue - 0xfff, 0x1000, 0x1000),
            "memsz-negative" => Load(0, 0x400000, 0x1000, 0x8000000000000000),
            "offset-near-2^64" => Load(ulong.MaxValue - 0xfff, 0x400000, 0x1000, 0x1000),
            "phnum-0" => With(b => b.ProgramHeaderCount = 0),
            "phnum-65535" => With(b => b.ProgramHeaderCount = 65535),
            "phoff-near-2^64" => With(b => b.ProgramHeaderOffset = ulong.MaxValue - 8),
            "phentsize-1" => With(b => b.ProgramHeaderSize = 1),
            "first-over-stack" => Load(0, 0x7fffffff0000, 0x1000, 0x1000),
            "script-interpreter-missing" => "#!/nonexistent/shell -e\n"u8.ToArray(),
            "script-without-interpreter" => "#!   \n"u8.ToArray(),
            "script-recursion" => System.Text.Encoding.UTF8.GetBytes($"#!{self}\n"),
            "mode-0644" => TinyProgram.Build(),
            _ => throw new ArgumentOutOfRangeException(nameof(name), name),
        };
        return _folder.Write(name, bytes, name == "mode-0644" ? 0x1A4 : 0x1ED);
    }

    private static byte[] With(Action<ElfBuilder> change)
    {
        ElfBuilder builder = TinyProgram.Builder();
        change(builder);
        return builder.Build();
    }

    private static byte[] Load(ulong offset, ulong address, ulong fileSize, ulong memorySize) =>
        new ElfBuilder { MinimumLength = 0x3000, Entry = 0x401000 }.Segment(SegmentType.PT_LOAD, 5, offset, address, fileSize, memorySize).Build();

    private static byte[] EntryOutside() =>
        new ElfBuilder { MinimumLength = 0x3000, Type = 3, Entry = 0x7fffffffffff }.Segment(SegmentType.PT_LOAD, 5, 0, 0, 0x2000, 0x2000).Build();

    private static byte[] Thirty2()
    {
        byte[] file = With(b => b.Class = 1);
        file[18] = 3;
        return file;
    }
}
