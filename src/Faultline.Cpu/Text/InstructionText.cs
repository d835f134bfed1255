using System.Text;
using Iced.Intel;

namespace Faultline.Cpu.Text;

/// <summary>Instructions in Intel syntax, as gdb and objdump -M intel print them. One spelling for every report.</summary>
internal static class InstructionText
{
    private static readonly FormatterOptions _options = new()
    {
        HexPrefix = "0x",
        HexSuffix = null,
        UppercaseHex = false,
        SpaceAfterOperandSeparator = true,
        RipRelativeAddresses = true,
        MemorySizeOptions = MemorySizeOptions.Always,
    };

    /// <summary>Formats an instruction.</summary>
    /// <param name="instruction">A decoded instruction.</param>
    /// <param name="symbols">Names for addresses, or null for plain numbers.</param>
    public static string Of(in Instruction instruction, ISymbolResolver? symbols = null)
    {
        Output output = new();
        new IntelFormatter(_options, symbols).Format(instruction, output);
        return output.ToString();
    }

    private sealed class Output : FormatterOutput
    {
        private readonly StringBuilder _text = new();

        public override void Write(string text, FormatterTextKind kind) => _text.Append(text);

        public override string ToString() => _text.ToString();
    }
}
