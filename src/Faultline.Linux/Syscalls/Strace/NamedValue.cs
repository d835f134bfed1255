namespace Faultline.Linux.Syscalls.Strace;

/// <summary>A number and its name in Linux's headers.</summary>
/// <param name="Value">The number, or the bits.</param>
/// <param name="Name">The name.</param>
internal readonly record struct NamedValue(ulong Value, string Name);
