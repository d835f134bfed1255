using Faultline.Explain.Images;
using Faultline.Explain.Reports;
using Iced.Intel;

namespace Faultline.Explain.Code;

/// <summary>
/// Takes from an image where the instructions of a window start. Boot-time patching changes instructions in place, so only those count whose bytes are the same
/// in the window: what was patched tells nothing.
/// </summary>
internal static class ImageStarts
{
    /// <summary>Functions longer than this are not decoded up to the window, in bytes.</summary>
    private const ulong LongestFunction = 1 << 16;

    /// <summary>The window with the starts that an image of the report's kernel or module gives; unchanged without one.</summary>
    public static CodeWindow Add(CodeWindow window, RegisterFrame frame, ExplainContext context)
    {
        if (frame.Symbol is not { } symbol || symbol.Offset > LongestFunction || context.Find(symbol.Name, symbol.Module) is not { Symbols.Count: 1 } found)
            return window;
        ImageSymbol function = found.Symbols[0];
        // A size that differs is another build's.
        if (symbol.Size != 0 && function.Extent != 0 && symbol.Size != function.Extent && symbol.Size != function.Size)
            return window;
        byte[] bytes = new byte[symbol.Offset + (ulong)(window.Bytes.Length - window.Marker)];
        int read = found.Source.Read(function.Address, bytes);
        if (read <= 0)
            return window;
        return window with { KnownStarts = Common(window, bytes.AsSpan(0, read), (int)symbol.Offset) };
    }

    /// <summary>Indexes into the window of instructions that the image has with the same bytes.</summary>
    private static List<int> Common(CodeWindow window, ReadOnlySpan<byte> image, int offset)
    {
        List<int> starts = [];
        byte[] bytes = image.ToArray();
        Decoder decoder = Decoder.Create(64, bytes);
        while (decoder.IP < (ulong)bytes.Length)
        {
            int at = (int)decoder.IP;
            decoder.Decode(out Instruction instruction);
            if (instruction.IsInvalid)
                break;
            int index = at - offset + window.Marker;
            if (index >= 0 && index + instruction.Length <= window.Bytes.Length
                && window.Bytes.AsSpan(index, instruction.Length).SequenceEqual(bytes.AsSpan(at, instruction.Length)))
            {
                starts.Add(index);
            }
        }
        return starts;
    }
}
