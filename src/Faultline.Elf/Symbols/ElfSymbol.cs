namespace Faultline.Elf.Symbols;

/// <summary>A symbol.</summary>
/// <param name="Name">Its name, as in the file (mangled).</param>
/// <param name="Address">st_value: link-time address.</param>
/// <param name="Size">st_size in bytes, 0 when the file does not say.</param>
/// <param name="Type">Its type.</param>
/// <param name="Binding">Its binding.</param>
internal readonly record struct ElfSymbol(string Name, ulong Address, ulong Size, SymbolType Type, SymbolBinding Binding);
