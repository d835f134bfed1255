using System.Globalization;
using System.Text;
using Iced.Intel;

namespace Faultline.Cpu.Tests.Differential;

/// <summary>Makes docs/instructions.md from the instruction table, the decoder's list of forms and the settings of the differential tests.</summary>
internal static class InstructionPage
{
    /// <summary>The page.</summary>
    public static string Build()
    {
        Code[] forms = [.. FormCatalog.Forms];
        IGrouping<string, Code>[] groups = [.. forms.GroupBy(FormCatalog.FeatureOf).OrderBy(group => group.Key, StringComparer.Ordinal)];
        IGrouping<string, Code>[] implemented = [.. groups.Where(group => group.Any(FormCatalog.HasRow))];
        StringBuilder page = new();
        Line(page, $"""
            # Instructions

            Made from the instruction table by `InstructionPage`; a test compares the two (`FAULTLINE_UPDATE_DOCS=1` writes it anew). Forms, opcodes and features are the
            decoder's, for 64-bit mode.

            A compared form runs {DifferentialSettings.DefaultCases} random cases in each `./test`, natively and in the interpreter, on an x86-64 Linux host that has the
            instruction; a form of which even one case cannot be encoded fails. Registers, flags, vectors, x87, MXCSR, memory and the fault are compared, but for what the last
            column names. What cannot be compared with a host names the test that covers it.

            | | forms | implemented | compared | tested by name |
            | --- | --- | --- | --- | --- |
            """);
        Total(page, "**all**", forms);
        Total(page, $"**{CpuModel.Default.Name}, the default processor**", [.. forms.Where(FormCatalog.IsDefault)]);
        foreach (IGrouping<string, Code> group in implemented)
            Total(page, group.Key, [.. group]);

        foreach (IGrouping<string, Code> group in implemented)
        {
            Line(page, $"\n## {group.Key}\n\n| instruction | opcode | proof | not compared |\n| --- | --- | --- | --- |");
            foreach (Code code in group.OrderBy(code => code.Mnemonic().ToString(), StringComparer.Ordinal).ThenBy(code => (int)code))
                Row(page, code);
        }

        Line(page, $"""

            ## Not implemented

            Invalid opcodes on every processor model; CPUID says that they are absent.

            | feature | forms |
            | --- | --- |
            """);
        foreach (IGrouping<string, Code> group in groups.Except(implemented))
            Line(page, $"| {group.Key} | {group.Count()} |");
        return page.ToString();
    }

    private static void Total(StringBuilder page, string name, Code[] forms)
    {
        int named = forms.Count(code => FormCatalog.HasRow(code) && ExcludedForms.IsGenerated(code) && !IsCompared(code));
        Line(page, $"| {name} | {forms.Length} | {forms.Count(FormCatalog.HasRow)} | {forms.Count(IsCompared)} | {named} |");
    }

    private static bool IsCompared(Code code) => FormCatalog.HasRow(code) && ExcludedForms.IsGenerated(code) && ExcludedForms.Uncompared(code) is null && CpuModel.Default.Effective(code) == code;

    private static void Row(StringBuilder page, Code code)
    {
        OpCodeInfo info = code.ToOpCode();
        string proof, rest = "";
        if (!FormCatalog.HasRow(code))
        {
            // These near branches are an operand-size prefix that Intel's processors ignore.
            (proof, rest) = ("not implemented", info.IntelDecoder64 ? "" : "AMD's; 66h is ignored here");
        }
        else if (CpuModel.Default.Effective(code) is Code other && other != code)
        {
            proof = $"executes as {other.Mnemonic().ToString().ToUpperInvariant()}";
        }
        else if (ExcludedForms.Uncompared(code) is (string reason, string test))
        {
            (proof, rest) = ($"`{test}`", reason);
        }
        else if (!ExcludedForms.IsGenerated(code))
        {
            proof = $"none: {info.Encoding} operands are not generated";
        }
        else
        {
            proof = DifferentialSettings.DefaultCases.ToString(CultureInfo.InvariantCulture);
            rest = NotCompared(code);
        }
        Line(page, $"| {info.ToInstructionString()} | {info.ToOpCodeString()} | {proof} | {rest} |");
    }

    /// <summary>Flags that the decoder's metadata calls undefined, and what <see cref="UndefinedResults"/> leaves out besides.</summary>
    private static string NotCompared(Code code)
    {
        Instruction instruction = new() { Code = code };
        string flags = instruction.RflagsUndefined == RflagsBits.None ? "" : instruction.RflagsUndefined.ToString();
        string note = UndefinedResults.Note(code.Mnemonic());
        return flags.Length > 0 && note.Length > 0 ? $"{flags}; {note}" : flags + note;
    }

    private static void Line(StringBuilder page, FormattableString text) => page.Append(text.ToString(CultureInfo.InvariantCulture)).Append('\n');
}
