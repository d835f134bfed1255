using System.Runtime.InteropServices;
using Faultline.Cpu.Table;

namespace Faultline.Cpu.Interpreter;

/// <summary>Memory for operations, given out in runs and freed all at once.</summary>
internal sealed unsafe class OperationArena : IDisposable
{
    /// <summary>Operations in a chunk: 128 KiB.</summary>
    private const int ChunkOperations = 2048;

    private readonly List<nint> _chunks = [];
    private Operation* _current;
    private int _used = ChunkOperations;

    /// <summary>Bytes held.</summary>
    public long Size => (long)_chunks.Count * ChunkOperations * sizeof(Operation);

    /// <summary>Copies operations into the arena.</summary>
    public Operation* Add(ReadOnlySpan<Operation> operations)
    {
        if (_used + operations.Length > ChunkOperations)
        {
            _current = (Operation*)NativeMemory.AlignedAlloc((nuint)(ChunkOperations * sizeof(Operation)), 64);
            _chunks.Add((nint)_current);
            _used = 0;
        }
        Operation* first = _current + _used;
        operations.CopyTo(new Span<Operation>(first, operations.Length));
        _used += operations.Length;
        return first;
    }

    /// <summary>Frees every operation.</summary>
    public void Dispose()
    {
        foreach (nint chunk in _chunks)
            NativeMemory.AlignedFree((void*)chunk);
        _chunks.Clear();
        _used = ChunkOperations;
    }
}
