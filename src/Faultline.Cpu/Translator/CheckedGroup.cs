namespace Faultline.Cpu.Translator;

/// <summary>A list of the groups whose check has passed on every way to a point of the code, so that their host addresses are known.</summary>
/// <param name="Group">One of them.</param>
/// <param name="Others">The others, or null.</param>
internal sealed record CheckedGroup(MemoryGroup Group, CheckedGroup? Others);
