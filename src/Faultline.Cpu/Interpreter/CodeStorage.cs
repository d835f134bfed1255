using System.Runtime.InteropServices;

namespace Faultline.Cpu.Interpreter;

/// <summary>
/// The memory of a <see cref="CodeCache"/>. What an ended process leaves is used by the next: a short one would spend more time on fresh memory and growing dictionaries than
/// on its blocks.
/// </summary>
internal sealed unsafe class CodeStorage
{
    /// <summary>Operations that memory is taken for at once: 128 KiB.</summary>
    private const int ArenaChunk = 2048;

    /// <summary>How many are kept, and the blocks and bytes of operations that one may have for that.</summary>
    private const int MaxKept = 3;
    private const int MaxBlocks = 8192;
    private const long MaxBytes = 4 << 20;

    private static readonly CodeStorage?[] s_kept = new CodeStorage?[MaxKept];

    private CodeStorage()
    {
        Table = (BlockEntry*)NativeMemory.AllocZeroed(1 << BlockEntry.Bits, (nuint)sizeof(BlockEntry));
        Table->Rip = BlockEntry.None;
    }

    /// <summary>Where indirect branches look. Each entry that is in use is of a block in <see cref="Blocks"/>.</summary>
    public BlockEntry* Table { get; private set; }

    /// <summary>The operations.</summary>
    public OperationArena Arena { get; } = new(ArenaChunk);

    /// <summary>Blocks by their addresses.</summary>
    public Dictionary<ulong, CodeBlock> Blocks { get; } = [];

    /// <summary>The newest block on each page; others follow by <see cref="CodeBlock.NextOn"/>.</summary>
    public Dictionary<ulong, CodeBlock> ByPage { get; } = [];

    /// <summary>An empty one.</summary>
    public static CodeStorage Take()
    {
        foreach (ref CodeStorage? place in s_kept.AsSpan())
        {
            if (Interlocked.Exchange(ref place, null) is { } kept)
                return kept;
        }
        return new CodeStorage();
    }

    /// <summary>Empties it for the next; nothing refers to its operations any more.</summary>
    public void Return()
    {
        if (Blocks.Count > MaxBlocks || Arena.Size > MaxBytes)
        {
            Free();
            return;
        }
        foreach (ulong start in Blocks.Keys)
            Table[BlockEntry.Slot(start)].Rip = BlockEntry.None;
        Blocks.Clear();
        ByPage.Clear();
        Arena.Empty();
        foreach (ref CodeStorage? place in s_kept.AsSpan())
        {
            if (Interlocked.CompareExchange(ref place, this, null) is null)
                return;
        }
        Free();
    }

    /// <summary>Empties it, with the same owner.</summary>
    public void Clear()
    {
        Blocks.Clear();
        ByPage.Clear();
        Arena.Dispose();
        new Span<BlockEntry>(Table, 1 << BlockEntry.Bits).Clear();
        Table->Rip = BlockEntry.None;
    }

    private void Free()
    {
        Arena.Dispose();
        NativeMemory.Free(Table);
        Table = null;
    }
}
