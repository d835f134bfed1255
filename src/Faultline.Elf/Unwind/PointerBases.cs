namespace Faultline.Elf.Unwind;

/// <summary>What relative encodings are relative to; null where it is not known.</summary>
/// <param name="Text">For DW_EH_PE_textrel.</param>
/// <param name="Data">For DW_EH_PE_datarel.</param>
/// <param name="Function">For DW_EH_PE_funcrel.</param>
internal readonly record struct PointerBases(ulong? Text, ulong? Data, ulong? Function);
