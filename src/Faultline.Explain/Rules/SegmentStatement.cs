namespace Faultline.Explain.Rules;

/// <summary>What a text says about one PT_LOAD segment, in a table of program headers or in a sentence; what it does not say is null.</summary>
internal sealed class SegmentStatement
{
    /// <summary>p_offset.</summary>
    public ulong? Offset { get; set; }

    /// <summary>The first address.</summary>
    public ulong? Start { get; set; }

    /// <summary>Just past the last address in memory.</summary>
    public ulong? End { get; set; }

    /// <summary>p_align.</summary>
    public ulong? Alignment { get; set; }

    /// <summary>PF_W.</summary>
    public bool? IsWritable { get; set; }

    /// <summary>PF_X.</summary>
    public bool? IsExecutable { get; set; }

    /// <summary>The line of the input where it begins.</summary>
    public required int Line { get; init; }

    /// <summary>Whether anything but rights is said.</summary>
    public bool HasFacts => Start is not null || End is not null || Alignment is not null;

    /// <summary>The segment, when it is said where it starts and ends.</summary>
    public Segment? Whole => Start is { } start && End is { } end && end >= start
        ? new Segment(start, end, IsWritable == true, IsExecutable == true, Alignment ?? 0, Line)
        : null;

    /// <summary>Such as "PT_LOAD (RX) up to 0x60ec1a0".</summary>
    public string Describe()
    {
        string rights = IsWritable is null && IsExecutable is null ? "" : $" (R{(IsWritable == true ? "W" : "")}{(IsExecutable == true ? "X" : "")})";
        string place = (Start, End) switch
        {
            ({ } start, { } end) => $" 0x{start:x}-0x{end:x}",
            ({ } start, null) => $" from 0x{start:x}",
            (null, { } end) => $" up to 0x{end:x}",
            _ => "",
        };
        return $"PT_LOAD{rights}{place}{(Alignment is { } alignment ? $", p_align 0x{alignment:x}" : "")}";
    }

    /// <summary>Whether two statements could be about segments with the same rights.</summary>
    public bool HasSameRights(SegmentStatement other) =>
        (IsWritable is null || other.IsWritable is null || IsWritable == other.IsWritable)
        && (IsExecutable is null || other.IsExecutable is null || IsExecutable == other.IsExecutable);
}
