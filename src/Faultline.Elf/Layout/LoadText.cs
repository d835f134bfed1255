namespace Faultline.Elf.Layout;

/// <summary>Says in words what steps of a plan do and what they left.</summary>
internal static class LoadText
{
    /// <summary>Rights as <c>r-x</c>.</summary>
    public static string Rights(LoadProtection protection) => string.Concat(
        (protection & LoadProtection.PROT_READ) != 0 ? 'r' : '-',
        (protection & LoadProtection.PROT_WRITE) != 0 ? 'w' : '-',
        (protection & LoadProtection.PROT_EXEC) != 0 ? 'x' : '-');

    /// <summary>Bytes as <c>f3 0f 1e</c>.</summary>
    public static string Bytes(ReadOnlySpan<byte> bytes) => bytes.IsEmpty ? "nothing" : Convert.ToHexStringLower(bytes.Length > 16 ? bytes[..16] : bytes) switch
    {
        var digits => string.Join(' ', Enumerable.Range(0, digits.Length / 2).Select(i => digits.Substring(i * 2, 2))),
    };

    /// <summary>A segment, such as "segment 3 (r-x, 0x24aa400-0x60ec1a0)".</summary>
    public static string Describe(in LoadSegment segment, ulong bias = 0) =>
        $"segment {segment.Index} ({Rights(segment.Protection)}, 0x{segment.Address + bias:x}-0x{segment.End + bias:x})";

    /// <summary>A step, such as "maps 0x60ec000-0x60ed000 rwx from offset 0x5eec000 for segment 4, widened down to a page of the host".</summary>
    public static string Describe(in LoadStep step, ulong bias = 0)
    {
        string range = $"0x{step.Address + bias:x}-0x{step.End + bias:x}";
        string what = step.Kind switch
        {
            LoadStepKind.MapFile => $"maps {range} {Rights(step.Protection)} from offset 0x{step.FileOffset:x}",
            LoadStepKind.MapZero => $"maps zeros {range} {Rights(step.Protection)}",
            _ => $"clears {range}",
        };
        return $"{what} for segment {step.SegmentIndex}{(step.IsWidening ? ", widened down to a page of the host" : "")}";
    }

    /// <summary>Everything about one address, a line each.</summary>
    /// <param name="history">The address.</param>
    /// <param name="policy">How it was loaded.</param>
    /// <param name="bias">What was added to link-time addresses.</param>
    /// <param name="disassemble">Gives the first instruction of some bytes at an address; null shows bytes alone.</param>
    public static IEnumerable<string> Describe(AddressHistory history, LoadPolicy policy, ulong bias, Func<byte[], ulong, string>? disassemble)
    {
        ulong address = history.Address + bias;
        string section = history.Section.Length == 0 ? "" : $", {history.Section}";
        string Text(byte[] bytes) => bytes.Length == 0 || disassemble is null || history.Segment is not { } s || (s.Protection & LoadProtection.PROT_EXEC) == 0
            ? Bytes(bytes)
            : $"{Bytes(bytes)}  {disassemble(bytes, address)}";
        yield return history.Segment is { } segment
            ? $"0x{address:x} belongs to {Describe(segment, bias)}{section}, {(history.FileOffset is { } offset ? $"offset 0x{offset:x} of the file" : "in the part that is zero-filled")}"
            : $"0x{address:x} belongs to no segment";
        if (history.Segment is not null)
        {
            yield return $"the segment has:  {Text(history.Expected)}";
        }

        yield return history.Loaded.Length == 0 ? $"loaded ({policy}): nothing is mapped there" : $"loaded ({policy}):  {Text(history.Loaded)}";
        foreach ((LoadStep step, byte[] left) in history.Writers)
        {
            yield return $"  {Describe(step, bias)}: leaves {Bytes(left)}";
        }

        if (history.IsDestroyed && history.Writers is [.., var last])
        {
            yield return $"the last of these destroyed the bytes before the first instruction ran{(last.Step.IsWidening ? ": the loader, not the program, is at fault" : "")}";
        }
    }
}
