using System.Buffers.Binary;

namespace Faultline.Explain.Code;

/// <summary>
/// Recognises kCFI and FineIBT sequences and their hashes (arch/x86/include/asm/cfi.h and arch/x86/kernel/alternative.c of Linux 6.2 to 6.16, and clang's
/// -fsanitize=kcfi). The kernel rehashes at every boot (cfi=norand turns that off), so hashes agree within one report, not with the image.
/// </summary>
internal static class CfiScanner
{
    /// <summary>Bytes from the start of the preamble to the function in kernels with call padding; FineIBT needs exactly these.</summary>
    public const int PreambleSize = 16;

    /// <summary>Bytes of a preamble that is the mov alone.</summary>
    public const int ShortPreambleSize = 5;

    /// <summary>The number of register arguments by register: clang orders them eax, ecx, edx, ebx, esp, ebp, esi, edi; edi stands for stack arguments.</summary>
    private const int ArityOnStack = 7;

    /// <summary>Offset of 0xea in the preamble's sub r10d, imm32: alone it is no instruction of 64-bit mode. Linux 6.15.</summary>
    private const int PreambleTrap = 6;

    /// <summary>Offset of 0xd6 in the nop at the function's start that the later preamble jumps to.</summary>
    private const int PoisonedEntryTrap = 0x13;

    /// <summary>Offset of 0xf0 in the paranoid caller's lea: as a prefix of the jne after it, LOCK raises #UD.</summary>
    private const int ParanoidTrap = 0xd;

    private static readonly byte[] _endbr64 = [0xf3, 0x0f, 0x1e, 0xfa];

    /// <summary>Every sequence in the window, in order.</summary>
    public static IReadOnlyList<CfiSequence> Scan(CodeWindow window)
    {
        List<CfiSequence> found = [];
        ReadOnlySpan<byte> bytes = window.Bytes;
        for (int i = 0; i < bytes.Length; i++)
        {
            if ((Caller(bytes, i) ?? FineIbtPreamble(bytes, i) ?? KcfiPreamble(window, i)) is { } sequence)
            {
                found.Add(sequence);
                i += Math.Max(0, sequence.Length - 1);
            }
        }
        return found;
    }

    /// <summary>A caller's check, with r10d (to Linux 6.16) or eax (later).</summary>
    private static CfiSequence? Caller(ReadOnlySpan<byte> bytes, int at)
    {
        ReadOnlySpan<byte> rest = bytes[at..];
        int immediate = rest switch
        {
            [0x41, 0xba, ..] => 2,
            [0xb8, ..] => 1,
            _ => 0,
        };
        if (immediate == 0 || rest.Length < immediate + 4 + 4)
            return null;
        uint value = BinaryPrimitives.ReadUInt32LittleEndian(rest[immediate..]);
        int next = immediate + 4;
        ReadOnlySpan<byte> then = rest[next..];
        bool isR10 = immediate == 2;
        uint negated = unchecked(0u - value);
        // add r10d, [r11-4] or, with call padding, [r11-15]; then je over ud2.
        if (isR10 && then is [0x45, 0x03, 0x53, 0xfc or 0xf1, 0x74, 0x02, 0x0f, 0x0b, ..])
            return new CfiSequence(CfiKind.KcfiCheck, at, next + 8, negated, $"kCFI check: the target's type hash must be 0x{negated:x8}");
        if (isR10 && then is [0x45, 0x03, 0x53, 0xfc or 0xf1, ..])
            return new CfiSequence(CfiKind.KcfiCheck, at, next + 4, negated, $"kCFI check: the target's type hash must be 0x{negated:x8}");
        if (then is [0x45, 0x3b, 0x53, 0xf7, 0x4d, 0x8d, 0x5b, 0xf0, ..] or [0x41, 0x3b, 0x43, 0xf5, 0x2e, 0x4d, 0x8d, 0x5b, 0xf0, ..])
        {
            return new CfiSequence(CfiKind.FineIbtParanoidCaller, at, 19, value, $"FineIBT call with paranoid check: type hash 0x{value:x8}")
            {
                TrapIndex = at + ParanoidTrap,
            };
        }
        // lea r11, [r11-16] or the older sub r11, 16; then a nop where the ud2 was.
        if (then is [0x4d, 0x8d, 0x5b, 0xf0, 0x0f, 0x1f, ..] or [0x49, 0x83, 0xeb, 0x10, 0x0f, 0x1f, ..])
            return new CfiSequence(CfiKind.FineIbtCaller, at, next + 8, value, $"FineIBT call: type hash 0x{value:x8}");
        return null;
    }

    private static CfiSequence? FineIbtPreamble(ReadOnlySpan<byte> bytes, int at)
    {
        ReadOnlySpan<byte> rest = bytes[at..];
        if (!rest.StartsWith(_endbr64))
            return null;
        ReadOnlySpan<byte> check = rest[4..];
        int immediate = check switch
        {
            [0x41, 0x81, 0xea, _, _, _, _, 0x74, 0x03, 0x0f, 0x0b, ..] => 3,
            [0x41, 0x81, 0xea, _, _, _, _, 0x75, 0xf9, 0x0f, 0x1f, 0x00, ..] => 3,
            // With cfi=bhi the last five bytes are a call of the thunk that clears speculated arguments, or do it themselves.
            [0x41, 0x81, 0xea, _, _, _, _, 0x75 or 0xe8 or 0x49 or 0x2e, ..] => 3,
            [0x2d, _, _, _, _, 0x2e, 0x0f, 0x85 or 0x45, ..] => 1,
            [0x2d, _, _, _, _, 0x2e, 0x49, 0x0f, 0x45, ..] => 1,
            _ => 0,
        };
        if (immediate == 0)
            return null;
        uint hash = BinaryPrimitives.ReadUInt32LittleEndian(check[immediate..]);
        return new CfiSequence(CfiKind.FineIbtPreamble, at, Math.Min(PreambleSize, rest.Length), hash,
            $"FineIBT preamble of the function 16 bytes on: type hash 0x{hash:x8}", at + PreambleSize)
        {
            TrapIndex = (immediate, check[7]) switch
            {
                (3, 0x75) => at + PreambleTrap,
                (1, _) => at + PoisonedEntryTrap,
                _ => null,
            },
        };
    }

    /// <summary>
    /// A mov of a 32-bit constant is an ordinary instruction too. It counts as a preamble where a function or its padding begins: where the next symbol
    /// starts, or after padding, and with the function 16 (or 5) bytes on as far as the window shows.
    /// </summary>
    private static CfiSequence? KcfiPreamble(CodeWindow window, int at)
    {
        byte[] bytes = window.Bytes;
        if (bytes[at] is < 0xb8 or > 0xbf)
            return null;
        bool isSymbol = window.NextSymbol == at || window.FunctionStart is { } start && (start - at == PreambleSize || start - at == ShortPreambleSize);
        bool isAfterPadding = at > 0 && (bytes[at - 1] == 0xcc || IsPadded(bytes, at));
        int padding = Padding(bytes, at + 5);
        bool isCut = at + 5 + padding >= bytes.Length;
        bool isPadded = padding == PreambleSize - ShortPreambleSize;
        if (!isSymbol && !(isAfterPadding && (isPadded || isCut && padding > 0)))
            return null;

        int have = Math.Min(4, bytes.Length - at - 1);
        Span<byte> hash = stackalloc byte[4];
        bytes.AsSpan(at + 1, have).CopyTo(hash);
        uint value = BinaryPrimitives.ReadUInt32LittleEndian(hash);
        int register = bytes[at] - 0xb8;
        string known = have == 4 ? $"0x{value:x8}" : have == 0 ? "cut off" : $"ends in {Convert.ToHexStringLower(bytes, at + 1, have)} (little-endian), the rest is cut off";
        string arity = register switch
        {
            0 => "",
            ArityOnStack => "; its register says that it takes arguments on the stack",
            _ => $"; its register says that it takes {register} arguments",
        };
        int? entry = isPadded || isCut ? at + PreambleSize : padding == 0 && isSymbol && !isCut ? at + ShortPreambleSize : null;
        return new CfiSequence(CfiKind.KcfiPreamble, at, Math.Min(5, bytes.Length - at), value, $"kCFI preamble of the next function: type hash {known}{arity}", entry)
        {
            Arity = register == 0 ? null : register,
            IsHashCut = have < 4,
        };
    }

    /// <summary>Whether at least two single-byte nops end before an index.</summary>
    private static bool IsPadded(byte[] bytes, int at) => at > 1 && bytes[at - 1] == 0x90 && bytes[at - 2] == 0x90;

    /// <summary>Single-byte nops from an index on, at most those of a preamble.</summary>
    private static int Padding(byte[] bytes, int at)
    {
        int count = 0;
        while (count < PreambleSize - ShortPreambleSize && at + count < bytes.Length && bytes[at + count] == 0x90)
            count++;
        return count;
    }
}
