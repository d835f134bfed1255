using Faultline.Elf.Headers;
using Faultline.Elf.Tests.Support;

namespace Faultline.Tests.Support;

/// <summary>A static program made byte by byte, so that no compiler is needed: counts to 1000, prints "hello", exits with 42.</summary>
internal static class TinyProgram
{
    /// <summary>What it exits with.</summary>
    public const int Status = 42;

    /// <summary>Where its code lies in the file.</summary>
    public const int CodeOffset = 0x1000;

    /// <summary>The code.</summary>
    public static byte[] Code =>
    [
        0xb9, 0xe8, 0x03, 0x00, 0x00, // mov ecx, 1000
        0xff, 0xc9, 0x75, 0xfc, // dec ecx; jnz
        0xb8, 0x01, 0x00, 0x00, 0x00, 0xbf, 0x01, 0x00, 0x00, 0x00, // mov eax, 1 (write); mov edi, 1
        0x48, 0x8d, 0x35, 0x13, 0x00, 0x00, 0x00, 0xba, 0x06, 0x00, 0x00, 0x00, 0x0f, 0x05, // lea rsi, text; mov edx, 6; syscall
        0xbf, Status, 0x00, 0x00, 0x00, 0xb8, 0xe7, 0x00, 0x00, 0x00, 0x0f, 0x05, // mov edi, 42; mov eax, 231 (exit_group); syscall
        (byte)'h', (byte)'e', (byte)'l', (byte)'l', (byte)'o', (byte)'\n',
    ];

    /// <summary>A builder with the code and its segment at 400000h.</summary>
    public static ElfBuilder Builder() => new ElfBuilder { MinimumLength = 0x3000 }
        .Segment(SegmentType.PT_LOAD, 5, 0, 0x400000, 0x2000, 0x2000)
        .Bytes(CodeOffset, Code);

    /// <summary>The program with a data segment.</summary>
    public static byte[] Build() => Builder().Segment(SegmentType.PT_LOAD, 6, 0x2000, 0x402000, 0x800, 0x1800).Build();

    /// <summary>The program with an interpreter.</summary>
    public static ElfBuilder WithInterpreter(string path)
    {
        byte[] bytes = [.. System.Text.Encoding.UTF8.GetBytes(path), 0];
        ulong length = (ulong)Math.Max(bytes.Length, 2);
        return Builder().Segment(SegmentType.PT_INTERP, 4, 0x300, 0x400300, length, length).Bytes(0x300, bytes);
    }
}
