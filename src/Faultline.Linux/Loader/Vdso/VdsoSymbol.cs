namespace Faultline.Linux.Loader.Vdso;

/// <summary>A symbol of the vDSO.</summary>
/// <param name="Name">Its name.</param>
/// <param name="NameOffset">Where that is in .dynstr.</param>
/// <param name="Offset">Where the function starts in .text.</param>
/// <param name="Size">Bytes of it.</param>
/// <param name="IsFunction">Whether it is one, and not the version.</param>
/// <param name="IsWeak">Whether a program's own symbol of that name wins.</param>
internal sealed record VdsoSymbol(string Name, int NameOffset, int Offset, int Size, bool IsFunction, bool IsWeak);
