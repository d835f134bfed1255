using Faultline.Explain.Reports;

namespace Faultline.Explain.Output;

/// <summary>Rows of a memory dump for a person.</summary>
internal static class DumpText
{
    private const int RowLength = 16;

    private const int MaxRows = 64;

    /// <summary>Offset, bytes and characters of each row; past a limit the rest is counted.</summary>
    public static IEnumerable<string> Rows(MemoryDump dump)
    {
        int end = Math.Min(dump.Bytes.Length, RowLength * MaxRows);
        for (int i = 0; i < end; i += RowLength)
        {
            ReadOnlyMemory<byte> row = dump.Bytes.Slice(i, Math.Min(RowLength, dump.Bytes.Length - i));
            string text = string.Concat(row.ToArray().Select(b => b is >= 0x20 and < 0x7F ? (char)b : '.'));
            yield return $"{i:x4}  {FindingText.Hex(row),-47}  {text}";
        }
        if (end < dump.Bytes.Length)
            yield return $"and {dump.Bytes.Length - end} more bytes";
    }
}
