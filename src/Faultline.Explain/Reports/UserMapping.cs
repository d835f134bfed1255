namespace Faultline.Explain.Reports;

/// <summary>The <c>in NAME[START+SIZE]</c> of a user fault's line.</summary>
/// <param name="Name">The file's name without its folder.</param>
/// <param name="Offset">The instruction pointer's offset in the file (printed since 6.9); null where the kernel prints none.</param>
/// <param name="Start">The mapping's first address.</param>
/// <param name="Size">Its size in bytes.</param>
internal sealed record UserMapping(string Name, ulong? Offset, ulong Start, ulong Size);
