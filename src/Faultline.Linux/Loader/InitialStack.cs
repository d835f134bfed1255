using System.Runtime.InteropServices;
using Faultline.Linux.Host;
using Faultline.Linux.Mm;
using Faultline.Memory;

namespace Faultline.Linux.Loader;

/// <summary>
/// Lays out the stack that a program starts with (psABI 3.4.1; copy_strings, setup_arg_pages and create_elf_tables in Linux). From the top:
/// eight zero bytes, the path, the environment's strings, the arguments' strings, padding to 16, "x86_64", 16 random bytes, padding, the
/// auxiliary vector, envp, argv, argc.
/// </summary>
internal sealed class InitialStack
{
    /// <summary>The name of the stack in /proc/self/maps.</summary>
    public const string MappingName = "[stack]";

    /// <summary>How much Linux maps below the strings at once.</summary>
    private const ulong Expansion = 128 << 10;

    private readonly GuestMemory _memory;
    private ulong _top;

    /// <summary>Starts a stack in a mapping that <see cref="Map"/> made.</summary>
    public InitialStack(GuestMemory memory)
    {
        _memory = memory;
        _top = MemoryLayout.StackTop - sizeof(ulong);
    }

    /// <summary>Where the next string goes below; after everything, the stack pointer.</summary>
    public ulong Top => _top;

    /// <summary>Maps a stack for strings of a size.</summary>
    public static void Map(ProcessMemory memory, ulong stringBytes, bool isExecutable)
    {
        ulong size = GuestPage.Ceiling(stringBytes + sizeof(ulong) + 1) + Expansion;
        ulong limit = Math.Max(memory.Space.StackLimit & ~GuestPage.Mask, GuestPage.Size);
        memory.Space.Map(new Mapping
        {
            Start = MemoryLayout.StackTop - Math.Min(size, Math.Max(limit, GuestPage.Ceiling(stringBytes + sizeof(ulong) + 1))),
            End = MemoryLayout.StackTop,
            Protection = PageProtection.Read | PageProtection.Write | (isExecutable ? PageProtection.Execute : 0),
            GrowsDown = true,
            Name = MappingName,
        });
    }

    /// <summary>Pushes a string with its NUL and returns its address.</summary>
    public ulong Push(string text)
    {
        byte[] bytes = new byte[text.Length + 1];
        KernelText.Write(text, bytes);
        return Push(bytes);
    }

    /// <summary>Pushes bytes and returns their address.</summary>
    public ulong Push(ReadOnlySpan<byte> bytes)
    {
        _top -= (ulong)bytes.Length;
        return _memory.Write(_top, bytes) == bytes.Length ? _top : 0;
    }

    /// <summary>Pushes strings so that the first lies lowest; returns the address of the first.</summary>
    public ulong Push(List<string> strings)
    {
        for (int i = strings.Count - 1; i >= 0; i--)
            Push(strings[i]);
        return _top;
    }

    /// <summary>Rounds the stack pointer down to 16 bytes.</summary>
    public void Align() => _top &= ~15UL;

    /// <summary>Pushes argc, argv, envp and the auxiliary vector; the result is aligned to 16 and becomes RSP.</summary>
    /// <param name="arguments">argv.</param>
    /// <param name="argumentsAt">Address of the first string.</param>
    /// <param name="environment">envp.</param>
    /// <param name="environmentAt">Address of its first string.</param>
    /// <param name="auxiliary">Pairs of type and value, AT_NULL included.</param>
    public bool PushTables(List<string> arguments, ulong argumentsAt, List<string> environment, ulong environmentAt, ReadOnlySpan<ulong> auxiliary)
    {
        // Linux puts up to 8 KiB here (arch_align_stack). One page keeps the frames of main out of the last page, where an access might end where nothing is.
        _top = Math.Min(_top, MemoryLayout.StackTop - GuestPage.Size);
        int count = 1 + arguments.Count + 1 + environment.Count + 1 + auxiliary.Length;
        ulong[] words = new ulong[count];
        int at = 0;
        words[at++] = (ulong)arguments.Count;
        Fill(words, ref at, arguments, argumentsAt);
        Fill(words, ref at, environment, environmentAt);
        auxiliary.CopyTo(words.AsSpan(at));
        _top = (_top - (ulong)count * sizeof(ulong)) & ~15UL;
        ReadOnlySpan<byte> bytes = MemoryMarshal.AsBytes(words.AsSpan());
        return _memory.Write(_top, bytes) == bytes.Length;
    }

    private static void Fill(ulong[] words, ref int at, List<string> strings, ulong address)
    {
        foreach (string text in strings)
        {
            words[at++] = address;
            address += (ulong)text.Length + 1;
        }
        words[at++] = 0;
    }
}
