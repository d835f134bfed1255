using Faultline.Explain.Reports;
using Iced.Intel;

namespace Faultline.Explain.Code;

/// <summary>Disassembles <c>Code:</c> bytes.</summary>
internal static class CodeDisassembler
{
    /// <summary>Disassembles the bytes of a frame from the marked one on, where the start of an instruction is certain.</summary>
    /// <param name="frame">The frame with its code.</param>
    /// <param name="context">The report, for its architecture and images.</param>
    /// <returns>The listing; empty for other processors' code and where the kernel could not read any.</returns>
    public static CodeListing Disassemble(RegisterFrame frame, ExplainContext context)
    {
        if (context.Report.Architecture != ReportArchitecture.X64 || frame.Code is not { Bytes.Length: > 0, MarkedIndex: >= 0 } code)
            return CodeListing.Empty;
        byte[] bytes = code.Bytes[code.MarkedIndex..].ToArray();
        Decoder decoder = Decoder.Create(64, bytes);
        NasmFormatter formatter = new();
        StringOutput output = new();
        List<CodeInstruction> instructions = [];
        while (decoder.IP < (ulong)bytes.Length)
        {
            int start = (int)decoder.IP;
            decoder.Decode(out Instruction instruction);
            if (instruction.IsInvalid)
                break;
            formatter.Format(instruction, output);
            instructions.Add(new(start, bytes.AsMemory(start, instruction.Length), output.ToStringAndReset(), start == 0));
        }
        return new(instructions, []);
    }
}
