namespace Faultline.Cpu.Translator;

/// <summary>An access of an instruction to memory as a member of a group.</summary>
/// <param name="Group">The group; null for an access on its own.</param>
/// <param name="Start">Where its first byte is, as <see cref="MemoryGroup.Start"/> says it.</param>
internal readonly record struct GroupedAccess(MemoryGroup? Group, long Start);
