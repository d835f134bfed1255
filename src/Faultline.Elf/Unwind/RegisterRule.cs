namespace Faultline.Elf.Unwind;

/// <summary>One rule.</summary>
/// <param name="Kind">How to find the value.</param>
/// <param name="Value">Offset in bytes, register number or address of the expression.</param>
/// <param name="Length">Bytes in the expression.</param>
internal readonly record struct RegisterRule(RuleKind Kind, ulong Value, ulong Length);
