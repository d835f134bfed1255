using Faultline.Elf;
using Faultline.Elf.Sources;

namespace Faultline.Explain.Images;

/// <summary>Opens what a user names as an image or as a list of symbols.</summary>
internal static class ImageOpener
{
    private const int Sample = 1024;

    /// <summary>Opens an ELF file or a System.map (plain or gzip).</summary>
    /// <param name="path">The file.</param>
    /// <param name="problem">One sentence with the file's name when it cannot be used; empty otherwise.</param>
    /// <returns>The source, which is <see cref="IDisposable"/> if it keeps the file open; null with <paramref name="problem"/> set.</returns>
    public static ISymbolSource? Open(string path, out string problem)
    {
        IElfSource? source = HostFileElfSource.Open(path, out problem);
        if (source is null)
        {
            problem = $"{path}: {problem}";
            return null;
        }
        byte[] start = new byte[Sample];
        int length = Math.Max(0, source.Read(0, start));
        if (!LooksLikeSymbolList(start.AsSpan(0, length)))
            return ImageFile.Open(path, source, out problem);
        using (source as IDisposable)
            return SystemMap.Open(path, source, out problem);
    }

    /// <summary>Opens an ELF file.</summary>
    public static ImageFile? OpenImage(string path, out string problem)
    {
        if (HostFileElfSource.Open(path, out problem) is { } source)
            return ImageFile.Open(path, source, out problem);
        problem = $"{path}: {problem}";
        return null;
    }

    /// <summary>Says what a file is that is no ELF file, as far as its first bytes tell.</summary>
    public static string Explain(IElfSource source, in ElfError error)
    {
        Span<byte> start = stackalloc byte[Sample];
        start.Clear();
        int length = Math.Max(0, source.Read(0, start));
        ReadOnlySpan<byte> bytes = start[..length];
        string? packed = bytes switch
        {
            [0x1f, 0x8b, ..] => "gzip (unpack it with gunzip)",
            [0xfd, (byte)'7', (byte)'z', (byte)'X', (byte)'Z', ..] => "xz (unpack it with unxz)",
            [0x28, 0xb5, 0x2f, 0xfd, ..] => "zstd (unpack it with unzstd)",
            _ => null,
        };
        if (packed is not null)
            return $"it is compressed with {packed}";
        // Linux's Documentation/arch/x86/boot.rst: the setup header's magic at 0x202.
        return length > 0x206 && bytes.Slice(0x202, 4).SequenceEqual("HdrS"u8)
            ? "it is a compressed kernel (bzImage), which has neither symbols nor debug information; the vmlinux it was made from is needed"
            : error.Message;
    }

    private static bool LooksLikeSymbolList(ReadOnlySpan<byte> start)
    {
        // "ffffffff81000000 T _text", or gzip of a text: an image is never compressed as a whole.
        if (start is [0x1f, 0x8b, ..])
            return true;
        int digits = 0;
        while (digits < start.Length && char.IsAsciiHexDigit((char)start[digits]))
            digits++;
        return digits is >= 8 and <= 16 && digits + 3 < start.Length && start[digits] == ' ' && char.IsAsciiLetter((char)start[digits + 1])
            && start[digits + 2] == ' ';
    }
}
