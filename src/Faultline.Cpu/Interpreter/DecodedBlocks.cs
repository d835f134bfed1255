using System.Collections.Concurrent;
using Faultline.Cpu.Table;

namespace Faultline.Cpu.Interpreter;

/// <summary>
/// Decoded code of files, for every guest process of the host process that maps the same bytes at the same address: a short process runs most of its code once, and decoding
/// is dearer than that. Whoever takes a block from here compares the bytes first. Thread-safe.
/// </summary>
internal sealed class DecodedBlocks
{
    /// <summary>Operations kept at most, some 40 MiB; then all are forgotten.</summary>
    private const int MaxOperations = 500_000;

    /// <summary>Different code kept for one address: programs that are position-independent begin at the same place.</summary>
    private const int MaxVersions = 16;

    private static readonly ConcurrentDictionary<(CpuModel Model, bool WithHead), DecodedBlocks> s_all = new();
    private static int s_processors;

    private readonly ConcurrentDictionary<ulong, DecodedBlock> _blocks = new();
    private int _operations;

    private DecodedBlocks()
    {
    }

    /// <summary>The blocks that a new processor shares with others; null for the first processor of the host process, which may stay the only one.</summary>
    /// <param name="model">What executes.</param>
    /// <param name="withHead">Whether blocks begin with a head.</param>
    public static DecodedBlocks? ForNext(CpuModel model, bool withHead) =>
        Interlocked.Increment(ref s_processors) == 1 ? null : s_all.GetOrAdd((model, withHead), _ => new DecodedBlocks());

    /// <summary>One of the processors that were counted has run no program.</summary>
    public static void ForgetOne() => Interlocked.Decrement(ref s_processors);

    /// <summary>The newest block of an address, or null.</summary>
    public DecodedBlock? Find(ulong rip) => _blocks.GetValueOrDefault(rip);

    /// <summary>Keeps a block and returns it.</summary>
    public DecodedBlock Add(ulong rip, byte[] text, ReadOnlySpan<Operation> operations)
    {
        if (Interlocked.Add(ref _operations, operations.Length) > MaxOperations)
        {
            _blocks.Clear();
            Interlocked.Exchange(ref _operations, 0);
        }
        DecodedBlock? older = _blocks.GetValueOrDefault(rip);
        if (older?.Versions == MaxVersions)
            older = null;
        DecodedBlock added = new() { Text = text, Operations = operations.ToArray(), Older = older, Versions = (older?.Versions ?? 0) + 1 };
        _blocks[rip] = added;
        return added;
    }
}
