namespace Faultline.Linux.Syscalls.Machine;

/// <summary>A thread's memory policy (set_mempolicy).</summary>
/// <param name="Mode">MPOL_ mode with its flags.</param>
/// <param name="Nodes">Mask of nodes.</param>
internal sealed record NodePolicy(int Mode, ulong Nodes);
