using Faultline.Linux.Mm;
using Faultline.Linux.Vfs;

namespace Faultline.Linux.Loader;

/// <summary>A program that is ready to run: whoever takes it over owns the memory and a reference to the file.</summary>
/// <param name="Memory">Its memory.</param>
/// <param name="Executable">Its file.</param>
/// <param name="EntryPoint">First RIP.</param>
/// <param name="StackPointer">First RSP.</param>
internal sealed record LoadedProgram(ProcessMemory Memory, OpenFile Executable, ulong EntryPoint, ulong StackPointer);
