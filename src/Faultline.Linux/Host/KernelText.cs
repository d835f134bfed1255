namespace Faultline.Linux.Host;

/// <summary>The kernel's strings, which have one char per byte.</summary>
internal static class KernelText
{
    /// <summary>
    /// Writes the bytes of a string. What Latin-1 would do; of its encoder the runtime compiles five methods at every start, because their vectors depend on the processor.
    /// </summary>
    /// <param name="text">The string; no char is above 255.</param>
    /// <param name="bytes">At least as long.</param>
    /// <returns>How many.</returns>
    public static int Write(ReadOnlySpan<char> text, Span<byte> bytes)
    {
        for (int i = 0; i < text.Length; i++)
            bytes[i] = (byte)text[i];
        return text.Length;
    }

    /// <summary>The bytes of a string.</summary>
    public static byte[] ToBytes(string text)
    {
        byte[] bytes = new byte[text.Length];
        Write(text, bytes);
        return bytes;
    }
}
