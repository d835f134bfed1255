using System.Runtime.InteropServices;
using Faultline.Cpu.Table;

namespace Faultline.Cpu.Interpreter;

/// <summary>Memory for operations, given out in runs and freed all at once.</summary>
internal sealed unsafe class OperationArena : IDisposable
{
    private readonly List<nint> _chunks = [];
    private readonly int _chunk;
    private Operation* _current;
    private int _used;

    /// <summary>Chunks that have operations; others are for later.</summary>
    private int _taken;

    /// <summary>Makes an empty arena.</summary>
    /// <param name="chunkOperations">Operations that memory is taken for at once; no run may be longer.</param>
    public OperationArena(int chunkOperations)
    {
        _chunk = chunkOperations;
        _used = chunkOperations;
    }

    /// <summary>Bytes held.</summary>
    public long Size => (long)_chunks.Count * _chunk * sizeof(Operation);

    /// <summary>Copies operations into the arena.</summary>
    public Operation* Add(ReadOnlySpan<Operation> operations)
    {
        if (_used + operations.Length > _chunk)
        {
            if (_taken == _chunks.Count)
                _chunks.Add((nint)NativeMemory.AlignedAlloc((nuint)(_chunk * sizeof(Operation)), 64));
            _current = (Operation*)_chunks[_taken++];
            _used = 0;
        }
        Operation* first = _current + _used;
        operations.CopyTo(new Span<Operation>(first, operations.Length));
        _used += operations.Length;
        return first;
    }

    /// <summary>Forgets every operation and keeps the memory.</summary>
    public void Empty()
    {
        _taken = 0;
        _used = _chunk;
    }

    /// <summary>Frees every operation.</summary>
    public void Dispose()
    {
        foreach (nint chunk in _chunks)
            NativeMemory.AlignedFree((void*)chunk);
        _chunks.Clear();
        Empty();
    }
}
