using System.Reflection.Emit;
using Faultline.Cpu.Interpreter;

namespace Faultline.Cpu.Translator;

/// <summary>
/// The compiled code of a region. It depends on the bytes it was made from, their addresses and the processor model alone, so that every address space that has the same
/// bytes there can run it, on any thread. Never changed once it is compiled; it goes when no address space and no cache knows it any more.
/// </summary>
internal sealed class TranslatedCode
{
    /// <summary>Keeps the compiled code alive.</summary>
    private readonly DynamicMethod _method;

    /// <summary>Operations that the code refers to.</summary>
    private readonly OperationArena _operations;

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
        Weight = region.Weight;
        Leaders = region.Leaders;
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

    /// <summary>See <see cref="Region.Weight"/>.</summary>
    public int Weight { get; }

    /// <summary>See <see cref="Region.Leaders"/>.</summary>
    public IReadOnlyList<ulong> Leaders { get; }

    /// <summary>Name of the method.</summary>
    public override string ToString() => _method.Name;
}
