using System.Diagnostics;
using System.Runtime.Versioning;
using System.Text;
using Faultline.Elf.Headers;
using Faultline.Elf.Layout;
using Faultline.Elf.Sources;
using Faultline.Elf.Tests.Support;

namespace Faultline.Elf.Tests.Layout;

/// <summary>
/// The same bad files given to Linux and to us: an errno of execve must be our errno, and a fault that we call fatal must kill.
/// </summary>
[SupportedOSPlatform("linux")]
public sealed class NativeErrorTests
{
    private const int SIGSEGV = 11;
    private const int RandomFiles = 250;

    private static readonly ulong[] _extremes =
    [
        0, 1, 2, 3, 0x38, 0x40, 0x1000, 0x1001, 0xffff, 0x10000, 0x7fffffff, 0xffffffff, 0x7fffffffe000, 0x7ffffffff000, 0x800000000000,
        0x7fffffffffffffff, 0x8000000000000000, ulong.MaxValue - 0xfff, ulong.MaxValue,
    ];

    [NativeFact]
    public void AgreesWithLinuxOnPrograms() => CompareAll(file => (OurError(file), Theirs(file)));

    [NativeFact]
    public void AgreesWithLinuxOnInterpreters() => CompareAll(file =>
    {
        ElfError error = default;
        if (ElfFile.Open(new MemoryElfSource(file), ElfRole.Interpreter, out error) is ElfFile elf)
        {
            ElfImageLayout.Create(elf, ElfRole.Interpreter, out error);
        }

        string interpreter = NativeExec.Write(file);
        try
        {
            byte[] path = Encoding.UTF8.GetBytes(interpreter + "\0");
            byte[] program = new ElfBuilder { Entry = 0x701000, MinimumLength = 0x3000 }
                .Segment(SegmentType.PT_LOAD, 5, 0, 0x700000, 0x2000, 0x2000)
                .Segment(SegmentType.PT_INTERP, 4, 0x300, 0x700300, (ulong)path.Length, (ulong)path.Length)
                .Bytes(0x300, path)
                .Build();
            return (error, Theirs(program));
        }
        finally
        {
            File.Delete(interpreter);
        }
    });

    private static void CompareAll(Func<byte[], (ElfError Ours, string Theirs)> compare)
    {
        int refused = 0;
        int fatal = 0;
        int accepted = 0;
        for (int seed = 0; seed < RandomFiles; seed++)
        {
            (ElfError error, string theirs) = compare(Make(new Random(seed)));
            string ours = error.Code == ElfErrorCode.None ? "accepted" : error.IsFatal ? "killed" : $"refused with errno {error.Errno}";
            if (ours == "accepted")
            {
                // It was loaded; what it then did (also a SIGSEGV at a bad entry) is its own affair.
                Assert.True(theirs is "killed" or "ran", $"file {seed}: Linux {theirs}, we accept");
                accepted++;
            }
            else
            {
                Assert.True(ours == theirs, $"file {seed}: Linux {theirs}, we {ours} ({error})");
                refused += ours == "killed" ? 0 : 1;
                fatal += ours == "killed" ? 1 : 0;
            }
        }

        Assert.True(refused > 20 && fatal > 20 && accepted > 20, $"{refused} refused, {fatal} fatal, {accepted} accepted");
    }

    /// <summary>A program that exits with 42, with one or two header fields set to something extreme.</summary>
    private static byte[] Make(Random random)
    {
        ElfBuilder builder = new ElfBuilder { Type = (ushort)(2 + random.Next(2)), Entry = 0x401000, MinimumLength = 0x3000 };
        builder.Segment(SegmentType.PT_LOAD, 5, 0, 0x400000, 0x2000, 0x2000).Segment(SegmentType.PT_LOAD, 6, 0x2000, 0x402000, 0x800, 0x1800);
        if (random.Next(3) == 0)
        {
            byte[] path = Encoding.ASCII.GetBytes("/lib64/ld-linux-x86-64.so.2\0");
            builder.Segment(SegmentType.PT_INTERP, 4, 0x300, 0x400300, (ulong)path.Length, (ulong)path.Length).Bytes(0x300, path);
        }

        byte[] code = new byte[0x1000];
        code.AsSpan().Fill(0xcc);
        NativeExec.Exit42.CopyTo(code, 0);
        byte[] file = builder.Bytes(0x1000, code).Build();
        for (int count = 1 + random.Next(2); count > 0; count--)
        {
            int width = 8;
            int position = 64 + (8 * random.Next(7 * 3));
            if (random.Next(3) == 0)
            {
                (position, width) = random.Next(9) switch
                {
                    0 => (0, 2),
                    1 => (4, 1),
                    2 => (5, 1),
                    3 => (16, 2),
                    4 => (18, 2),
                    5 => (24, 8),
                    6 => (32, 8),
                    7 => (54, 2),
                    _ => (56, 2),
                };
            }

            ulong value = _extremes[random.Next(_extremes.Length)];
            BitConverter.GetBytes(value).AsSpan(0, width).CopyTo(file.AsSpan(position));
        }

        return random.Next(8) == 0 ? file[..random.Next(0x1100)] : file;
    }

    /// <summary>What a loader meets that keeps Linux's order: the interpreter is opened before the segments are looked at.</summary>
    private static ElfError OurError(byte[] bytes)
    {
        const int ENOENT = 2;
        const int EACCES = 13;
        if (ElfFile.Open(new MemoryElfSource(bytes), out ElfError error) is not ElfFile file || !file.TryGetInterpreter(out byte[]? path, out error))
        {
            return error;
        }

        string? name = path is null ? null : Encoding.Latin1.GetString(path);
        if (name is not null && !File.Exists(name))
        {
            return new ElfError(ElfErrorCode.ReadFailed, name.Length == 0 || Directory.Exists(name) ? EACCES : ENOENT, "no such interpreter");
        }

        ElfImageLayout.Create(file, ElfRole.Program, out error);
        return error;
    }

    private static string Theirs(byte[] bytes)
    {
        string path = NativeExec.Write(bytes);
        try
        {
            using Process? process = NativeExec.Start(path, out int errno);
            if (process is null)
            {
                return $"refused with errno {errno}";
            }

            if (!process.WaitForExit(5000))
            {
                process.Kill();
                return "ran";
            }

            return process.ExitCode == 128 + SIGSEGV ? "killed" : "ran";
        }
        finally
        {
            File.Delete(path);
        }
    }
}
