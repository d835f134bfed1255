using System.Text;

namespace Faultline.Linux.Loader;

/// <summary>The first line of a <c>#!</c> script as load_script of Linux's fs/binfmt_script.c reads it.</summary>
internal static class ScriptLine
{
    /// <summary>BINPRM_BUF_SIZE: how much of a file exec looks at.</summary>
    public const int BufferSize = 256;

    /// <summary>Whether the buffer starts a script.</summary>
    public static bool IsScript(ReadOnlySpan<byte> buffer) => buffer is [(byte)'#', (byte)'!', ..];

    /// <summary>Splits the line.</summary>
    /// <param name="buffer">The first <see cref="BufferSize"/> bytes of the file, filled up with zeros.</param>
    /// <param name="interpreter">The interpreter's path.</param>
    /// <param name="argument">Everything after it, as one argument; null when there is nothing.</param>
    /// <returns>False when the line names no interpreter, or its name may be cut off (ENOEXEC).</returns>
    public static bool TryParse(ReadOnlySpan<byte> buffer, out string interpreter, out string? argument)
    {
        interpreter = "";
        argument = null;
        ReadOnlySpan<byte> line = buffer[2..(BufferSize - 1)];
        int end = line.IndexOf((byte)'\n');
        int terminator = line.IndexOf((byte)0);
        if (end < 0 || (terminator >= 0 && terminator < end))
        {
            // No end of line in sight: the name must at least end within the buffer, at a blank or at the end of a short file.
            int name = SkipBlanks(line, 0);
            if (name == line.Length || NextTerminator(line, name) < 0)
                return false;
            end = line.Length;
        }
        while (end > 0 && IsBlank(line[end - 1]))
            end--;
        line = line[..end];

        int start = SkipBlanks(line, 0);
        if (start == line.Length || line[start] == 0)
            return false;
        int stop = NextTerminator(line, start);
        interpreter = Encoding.Latin1.GetString(stop < 0 ? line[start..] : line[start..stop]);
        if (stop < 0 || line[stop] == 0)
            return true;
        int rest = SkipBlanks(line, stop);
        if (rest == line.Length)
            return true;
        ReadOnlySpan<byte> text = line[rest..];
        int nul = text.IndexOf((byte)0);
        argument = Encoding.Latin1.GetString(nul < 0 ? text : text[..nul]);
        if (argument.Length == 0)
            argument = null;
        return true;
    }

    private static bool IsBlank(byte c) => c is (byte)' ' or (byte)'\t';

    private static int SkipBlanks(ReadOnlySpan<byte> line, int start)
    {
        while (start < line.Length && IsBlank(line[start]))
            start++;
        return start;
    }

    private static int NextTerminator(ReadOnlySpan<byte> line, int start)
    {
        for (int i = start; i < line.Length; i++)
        {
            if (IsBlank(line[i]) || line[i] == 0)
                return i;
        }
        return -1;
    }
}
