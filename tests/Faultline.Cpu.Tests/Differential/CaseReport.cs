using System.Runtime.InteropServices;
using System.Text;
using Iced.Intel;

namespace Faultline.Cpu.Tests.Differential;

/// <summary>Failing cases as text.</summary>
internal static class CaseReport
{
    /// <summary>A failing case, made as small as it goes: assembly, state before, differences, and how to run it alone.</summary>
    /// <param name="test">The case; changed.</param>
    /// <param name="differences">Runs a case and lists what is wrong with it.</param>
    public static string Describe(DiffCase test, Func<DiffCase, List<string>> differences)
    {
        List<string> found = differences(Shrinker.Shrink(test, t => differences(t).Count > 0));
        StringBuilder text = new();
        IntelFormatter formatter = new();
        StringOutput output = new();
        foreach (Instruction instruction in test.Instructions)
        {
            if (instruction.Mnemonic == Mnemonic.Nop && instruction.Length == 1)
                continue;
            formatter.Format(instruction, output);
            int at = (int)(instruction.IP - test.Rip);
            text.AppendLine($"  {instruction.IP:x}  {Convert.ToHexString(CollectionsMarshal.AsSpan(test.Bytes).Slice(at, instruction.Length))}  {output.ToStringAndReset()}");
        }
        text.Append(StatePrinter.Print(test));
        foreach (string difference in found)
            text.AppendLine(difference);
        text.AppendLine($"  {ReproductionPrefix}FAULTLINE_DIFF_REPRO={test.Name} ./test --no-scalar --filter Reproduce");
        return text.ToString();
    }

    /// <summary>Which forms a block is made of depends on the filter.</summary>
    private static string ReproductionPrefix => DifferentialSettings.Forms is { } filter ? $"FAULTLINE_DIFF_FORMS='{filter}' " : "";
}
