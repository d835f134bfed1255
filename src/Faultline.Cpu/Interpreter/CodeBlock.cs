using Faultline.Cpu.Table;
using Faultline.Memory;

namespace Faultline.Cpu.Interpreter;

/// <summary>A decoded stretch of straight-line code (conditional branches may leave it, nothing enters it but at the start).</summary>
internal sealed unsafe class CodeBlock
{
    /// <summary>Guest address of the first instruction.</summary>
    public required ulong Start { get; init; }

    /// <summary>Guest address after the last byte decoded.</summary>
    public required ulong End { get; init; }

    /// <summary>The operations; the last always leaves the block.</summary>
    public required Operation* First { get; init; }

    /// <summary>How many.</summary>
    public required int Count { get; init; }

    /// <summary>The same block for all processors; null when it is this one's alone.</summary>
    public DecodedBlock? Shared { get; init; }

    /// <summary>How hot <see cref="Shared"/> was when this was made of it.</summary>
    public long Inherited { get; init; }

    private CodeBlock? _nextOnFirst;
    private CodeBlock? _nextOnLast;

    /// <summary>The block that was decoded before this one on a page; a block is on one page or two.</summary>
    public CodeBlock? NextOn(ulong page) => page == Start >> GuestPage.Shift ? _nextOnFirst : _nextOnLast;

    /// <summary>Says which it is.</summary>
    public void SetNextOn(ulong page, CodeBlock? next)
    {
        if (page == Start >> GuestPage.Shift)
            _nextOnFirst = next;
        else
            _nextOnLast = next;
    }
}
