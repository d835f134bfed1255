namespace Faultline.Explain.Code;

/// <summary>One instruction of a listing.</summary>
/// <param name="Offset">Bytes from the marked byte; negative before it.</param>
/// <param name="Bytes">Its bytes.</param>
/// <param name="Text">Its disassembly.</param>
/// <param name="IsMarked">Whether the marked byte is one of its own: its first, unless <paramref name="Comment"/> says otherwise.</param>
/// <param name="Comment">What to print beside it; null for nothing.</param>
internal sealed record CodeInstruction(int Offset, ReadOnlyMemory<byte> Bytes, string Text, bool IsMarked, string? Comment = null);
