using Faultline.Linux.Abi.Files;
using Faultline.Linux.Fs.Event;
using Faultline.Linux.Vfs;

namespace Faultline.Linux.Syscalls.Files;

/// <summary>A request on its way.</summary>
/// <param name="File">Its file; while it waits there is a reference.</param>
/// <param name="Address">Guest address of the request.</param>
/// <param name="Data">Passed back in the event.</param>
/// <param name="Told">Counts the completion, with a reference; null for none.</param>
/// <param name="Events">What a poll waits for.</param>
internal sealed record AioPending(OpenFile File, ulong Address, ulong Data, EventFile? Told, PollEvents Events);
