using Faultline.Explain.Reports;

namespace Faultline.Explain.Code;

/// <summary>The bytes of a <c>Code:</c> line of x86-64: what lies around the instruction pointer.</summary>
/// <param name="Bytes">The bytes in order.</param>
/// <param name="Marker">Index of the byte in angle brackets: the one at RIP.</param>
internal sealed record CodeWindow(byte[] Bytes, int Marker)
{
    /// <summary>Stands for the function's address when the report gives none, so that relative targets print as function and offset.</summary>
    private const ulong NominalFunction = 0xffff_ffff_9000_0000;

    /// <summary>RIP, when the report printed it as a number.</summary>
    public ulong? Rip { get; init; }

    /// <summary>The function's name, when the report names it.</summary>
    public string? Function { get; init; }

    /// <summary>How far RIP is into its function.</summary>
    public ulong? FunctionOffset { get; init; }

    /// <summary>The distance from the function's symbol to the next one.</summary>
    public ulong? FunctionSize { get; init; }

    /// <summary>Indexes where an instruction is known to start from an image.</summary>
    public IReadOnlyList<int> KnownStarts { get; init; } = [];

    /// <summary>The address that <see cref="Marker"/> decodes at: RIP, or one made up from the function's offset.</summary>
    public ulong Base => Rip ?? unchecked(NominalFunction + (FunctionOffset ?? 0));

    /// <summary>Index of the function's first byte when it is among the bytes.</summary>
    public int? FunctionStart => FunctionOffset is { } offset && offset <= (ulong)Marker ? Marker - (int)offset : null;

    /// <summary>Index of the next symbol's first byte when it is among the bytes.</summary>
    public int? NextSymbol =>
        FunctionOffset is { } offset && FunctionSize is { } size && size > offset && size - offset < (ulong)(Bytes.Length - Marker)
            ? Marker + (int)(size - offset)
            : null;

    /// <summary>The address that a byte decodes at.</summary>
    public ulong AddressOf(int index) => unchecked(Base + (ulong)(long)(index - Marker));

    /// <summary>The index of an address; outside the bytes when it is elsewhere.</summary>
    public long IndexOf(ulong address) => unchecked((long)(address - Base)) + Marker;

    /// <summary>A byte as a person names it: by the function when there is one, else relative to RIP.</summary>
    public string Place(int index)
    {
        if (FunctionOffset is { } offset && Function is { } name)
        {
            long at = (long)offset + index - Marker;
            return at < 0 ? $"{name}-0x{-at:x}" : $"{name}+0x{at:x}";
        }
        if (Rip is not null)
            return $"0x{AddressOf(index):x}";
        return index == Marker ? "RIP" : $"RIP{(index < Marker ? "-" : "+")}0x{Math.Abs(index - Marker):x}";
    }

    /// <summary>A name without the suffix ".llvm.NUMBER" that ThinLTO gives to local functions it makes global: twenty digits that say nothing.</summary>
    private static string WithoutLinkerSuffix(string name) => name.IndexOf(".llvm.", StringComparison.Ordinal) is > 0 and var at ? name[..at] : name;

    /// <summary>The window of a frame; null when it has no bytes, none is marked, or they are another processor's words.</summary>
    /// <param name="frame">The frame.</param>
    public static CodeWindow? Of(RegisterFrame frame)
    {
        if (frame.Code is not { UnitSize: 1, Bytes.Length: > 0 } code || code.MarkedIndex < 0 || code.MarkedIndex >= code.Bytes.Length)
            return null;
        return new CodeWindow(code.Bytes.ToArray(), code.MarkedIndex)
        {
            Rip = frame.InstructionPointer,
            Function = frame.Symbol is { } symbol ? WithoutLinkerSuffix(symbol.Name) : null,
            FunctionOffset = frame.Symbol?.Offset,
            FunctionSize = frame.Symbol is { Size: > 0 } sized ? sized.Size : null,
        };
    }
}
