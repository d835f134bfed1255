using Faultline.Explain.Images;

namespace Faultline.Explain.Tests.Rules;

/// <summary>An image of one function whose bytes and members the test gives.</summary>
internal sealed class StubImage(string function, ulong address, byte[] code) : ISymbolSource
{
    public IReadOnlyList<StructMember> Members { get; init; } = [];

    public ulong Extent { get; init; }

    public string Name => "stub";

    public string? ModuleName { get; init; }

    public bool IsRelocatable => false;

    private ImageSymbol Symbol => new() { Name = function, Address = address, Size = (ulong)code.Length, Extent = Extent, IsFunction = true };

    public ImageSymbol? FindAddress(ulong at) => at >= address && at < address + (ulong)code.Length ? Symbol : null;

    public IReadOnlyList<ImageSymbol> FindName(string name) => name == function ? [Symbol] : [];

    public IReadOnlyList<SourceFrame> FindSource(ulong at) => [];

    public StructMember? FindMember(string structure, ulong offset) => null;

    public IReadOnlyList<StructMember> FindMembers(ulong at, ulong offset) => [.. Members.Where(m => m.Offset == offset)];

    public int Read(ulong at, Span<byte> destination)
    {
        if (FindAddress(at) is null)
            return 0;
        ReadOnlySpan<byte> rest = code.AsSpan((int)(at - address));
        int length = Math.Min(rest.Length, destination.Length);
        rest[..length].CopyTo(destination);
        return length;
    }
}
