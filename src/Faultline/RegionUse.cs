namespace Faultline;

/// <summary>A translated region of guest code, and how much it was used.</summary>
/// <param name="Address">Guest address of the block that was hot.</param>
/// <param name="Name">Symbol and offset, or file and offset; empty when the address is in no file.</param>
/// <param name="Instructions">Guest instructions in it.</param>
/// <param name="Entries">How often it was entered.</param>
/// <param name="Executed">Instructions executed in it.</param>
/// <param name="TimeShare">Part of the time in guest code, 0 to 1, that samples found it running.</param>
public sealed record RegionUse(ulong Address, string Name, int Instructions, long Entries, long Executed, double TimeShare);
