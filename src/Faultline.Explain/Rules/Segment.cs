namespace Faultline.Explain.Rules;

/// <summary>A PT_LOAD segment, by its addresses.</summary>
/// <param name="Start">First address.</param>
/// <param name="End">Just past the last one in memory.</param>
/// <param name="IsWritable">PF_W.</param>
/// <param name="IsExecutable">PF_X.</param>
/// <param name="Alignment">p_align.</param>
/// <param name="Line">The line of the input that gives it; 0 when it comes from a file.</param>
internal sealed record Segment(ulong Start, ulong End, bool IsWritable, bool IsExecutable, ulong Alignment, int Line)
{
    /// <summary>Such as "LOAD 0x60ed1a0-0x61a0000 RW, aligned to 0x4000".</summary>
    public string Describe() =>
        $"LOAD 0x{Start:x}-0x{End:x} R{(IsWritable ? "W" : "")}{(IsExecutable ? "E" : "")}, aligned to 0x{Alignment:x}";
}
