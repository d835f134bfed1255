namespace Faultline.Elf.Dwarf;

/// <summary>What a line table says about an address.</summary>
/// <param name="File">Number of the file in the program's header.</param>
/// <param name="Line">Line, from 1; 0 where the instruction belongs to none.</param>
/// <param name="Column">Column, from 1; 0 for the line as a whole.</param>
internal readonly record struct LineRow(ulong File, int Line, int Column);
