using System.Collections.Concurrent;
using System.Reflection.Emit;
using Faultline.Cpu.Interpreter;

namespace Faultline.Cpu.Translator;

/// <summary>
/// The compiled code of a region. It depends on the bytes it was made from, their addresses and the processor model alone, so that every address space that has the same
/// bytes there can run it, on any thread. Its code is never changed once it is compiled; it goes when no address space and no cache knows it any more.
/// </summary>
internal sealed class TranslatedCode
{
    /// <summary>Keeps the compiled code alive.</summary>
    private readonly DynamicMethod _method;

    /// <summary>Operations that the code refers to.</summary>
    private readonly OperationArena _operations;

    private readonly ulong[] _asking;
    private ConcurrentDictionary<ulong, int>? _misses;

    /// <summary>Makes one of a region whose method is compiled.</summary>
    /// <param name="region">The region.</param>
    /// <param name="method">The method.</param>
    /// <param name="address">Where its code is.</param>
    public TranslatedCode(Region region, DynamicMethod method, nint address)
    {
        _method = method;
        _operations = region.Operations;
        Address = address;
        Entries = region.Entries;
        Text = region.Text;
        Pages = region.Pages;
        Assumes = region.Assumes;
        InstructionCount = region.InstructionCount;
        Leaders = region.Leaders;
        Computed = region.Computed;
        _asking = [.. region.Blocks.SelectMany(block => block.Instructions).Where(instruction => instruction.AsksBothPages).Select(instruction => instruction.Decoded.IP)];
    }

    /// <summary>Frees the operations.</summary>
    ~TranslatedCode() => _operations.Dispose();

    /// <summary>A delegate*&lt;CpuState*, Operation*, Operation*&gt;.</summary>
    public nint Address { get; }

    /// <summary>See <see cref="Region.Entries"/>.</summary>
    public IReadOnlyList<ulong> Entries { get; }

    /// <summary>See <see cref="Region.Text"/>.</summary>
    public IReadOnlyList<(ulong Address, byte[] Bytes)> Text { get; }

    /// <summary>See <see cref="Region.Pages"/>.</summary>
    public IReadOnlySet<ulong> Pages { get; }

    /// <summary>See <see cref="Region.Assumes"/>.</summary>
    public Assumptions Assumes { get; }

    /// <summary>See <see cref="Region.InstructionCount"/>.</summary>
    public int InstructionCount { get; }

    /// <summary>See <see cref="Region.Leaders"/>.</summary>
    public IReadOnlyDictionary<ulong, int> Leaders { get; }

    /// <summary>See <see cref="Region.Computed"/>.</summary>
    public IReadOnlyList<ulong> Computed { get; }

    /// <summary>Whether the instruction at an address is one with <see cref="RegionInstruction.AsksBothPages"/>.</summary>
    public bool AsksBothPages(ulong rip) => Array.IndexOf(_asking, rip) >= 0;

    /// <summary>Counts an access that was not made because of the next page, in any process that has this code.</summary>
    /// <param name="rip">The instruction.</param>
    /// <returns>How often that was so.</returns>
    public int CountMiss(ulong rip) => LazyInitializer.EnsureInitialized(ref _misses)!.AddOrUpdate(rip, 1, static (_, times) => times + 1);

    /// <summary>The instructions of which that was so at least so often, and those that ask.</summary>
    public IEnumerable<ulong> MissedOften(int times) => _misses is { } misses ? misses.Where(miss => miss.Value >= times).Select(miss => miss.Key).Concat(_asking) : _asking;

    /// <summary>Name of the method.</summary>
    public override string ToString() => _method.Name;
}
