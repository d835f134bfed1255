using Faultline.Explain.Findings;
using Faultline.Explain.Reports;
using Faultline.Explain.Values;

namespace Faultline.Explain.Rules;

/// <summary>Two values agree in their lower halves, and the upper half of one is all ones: it passed through a signed 32-bit integer.</summary>
internal sealed class SignExtensionRule : IRule
{
    private static readonly FindingDescription _pair = new("sign-extension", "The upper half of a value was lost to sign extension",
        "A value of the report is all ones above a lower half whose bit 31 is set, and another value has the same lower half under a different upper half that makes it an "
        + "address. Kernel addresses alone have all ones above them by right and are no evidence; an upper half of zeros counts only beside the faulting address.");

    private static readonly FindingDescription _fields = new("sign-extended-descriptor", "A descriptor's base was put together with sign extension",
        "The input names the base fields of a 16-byte descriptor (base0 to base3), and bit 7 of base2 is set: shifting it by 24 as an int makes a negative number. "
        + "Certain when the wrong result is among the values too.");

    /// <inheritdoc/>
    public string Id => "sign-extension";

    /// <inheritdoc/>
    public IReadOnlyList<FindingDescription> Descriptions => [_pair, _fields];

    /// <inheritdoc/>
    public IEnumerable<Finding> Evaluate(ExplainContext context)
    {
        List<RegisterValue> values = Values(context.Report);
        if (Fields(context.Report, values) is { } fields)
        {
            yield return fields;
            yield break;
        }
        HashSet<ulong> seen = [];
        foreach (RegisterValue bad in values)
        {
            if (!SignExtension.HasPlausibleHalf(bad.Value) || !seen.Add(bad.Value) || Good(context, bad, values) is not { } good)
                continue;
            yield return _pair.Make(
                Confidence.Likely,
                $"{bad.Name} is 0x{bad.Value:x} and {good.Name} is 0x{good.Value:x}: the lower halves are equal, and bit 31 of them is set.",
                $"One is the other after it passed through a signed 32-bit integer. {Promotion(bad.Value)} 0x{bad.Value >> 32:x8} stands where "
                + $"0x{good.Value >> 32:x8} belongs. Values whose bit 31 is clear come through unharmed, which is why such a fault comes and goes with addresses.",
                [ReportFacts.At(context.Report, bad.Line, $"{bad.Name} has all ones above"), ReportFacts.At(context.Report, good.Line, $"{good.Name} has the same lower half")],
                ToDo);
        }
    }

    private static string[] ToDo =>
    [
        "look for a shift or an OR of uint8_t or uint16_t operands, or an int on the way to a 64-bit value: cast each operand to uint64_t before it is shifted",
        "-Wsign-conversion, and UBSAN's shift check, name such places",
    ];

    /// <summary>Registers, the faulting address, and values that debugging output names.</summary>
    private static List<RegisterValue> Values(CrashReport report)
    {
        List<RegisterValue> values = [.. report.Frame.Registers, .. report.Frame.SystemRegisters];
        values.AddRange(report.Values.Select(v => new RegisterValue(v.Index is { } index ? $"{v.Name}[{index}]" : v.Name, v.Value, v.Line)));
        if (report.FaultAddress is { } fault)
            values.Add(new RegisterValue("the faulting address", fault, report.FirstLine));
        return values;
    }

    private static RegisterValue? Good(ExplainContext context, RegisterValue bad, List<RegisterValue> values)
    {
        foreach (RegisterValue good in values)
        {
            if (!SignExtension.IsPair(bad.Value, good.Value))
                continue;
            if (good.Value >> 32 == 0)
            {
                // A truncated kernel address beside the whole one is what hashing and printing leave; only what faulted counts.
                if (context.Report.FaultAddress == bad.Value && bad.Name.StartsWith("the fault", StringComparison.Ordinal))
                    return good;
                continue;
            }
            if (KernelLayout.IsCanonical(good.Value, fiveLevel: true))
                return good;
        }
        return null;
    }

    private static Finding? Fields(CrashReport report, List<RegisterValue> values)
    {
        if (Field(values, "base0") is not { } base0 || Field(values, "base1") is not { } base1 || Field(values, "base2") is not { } base2
            || Field(values, "base3") is not { } base3 || base0.Value > 0xffff || base1.Value > 0xff || base2.Value > 0xff || base3.Value > uint.MaxValue)
        {
            return null;
        }
        ulong right = base3.Value << 32 | base2.Value << 24 | base1.Value << 16 | base0.Value;
        // The OR of all ones above wipes out base3; with bit 7 of base2 clear there is no sign to extend.
        ulong wrong = base2.Value >> 7 == 0 ? right : right | 0xffff_ffff_0000_0000;
        if (right == wrong)
            return null;
        RegisterValue? met = values.Cast<RegisterValue?>().FirstOrDefault(v => v!.Value.Value == wrong);
        List<Evidence> evidence =
        [
            .. ((RegisterValue[])[base0, base1, base2, base3]).Select(f => ReportFacts.At(report, f.Line, $"{f.Name} is 0x{f.Value:x}")),
            Evidence.Of($"as unsigned 64-bit fields: 0x{right:x}"),
            Evidence.Of($"as C computes base3 << 32 | (base0 | base1 << 16 | base2 << 24) with uint8_t base2: 0x{wrong:x}"),
        ];
        if (met is { } found)
            evidence.Add(ReportFacts.At(report, found.Line, $"{found.Name} is that wrong value"));
        return _fields.Make(
            met is null ? Confidence.Possible : Confidence.Certain,
            $"The fields make the base 0x{right:x}{(met is { } value ? $"; {value.Name} is 0x{value.Value:x}" : "")}.",
            $"{Promotion(wrong)} base2 is 0x{base2.Value:x}, so base2 << 24 is 0x{base2.Value << 24:x8}, a negative int; its sign fills bits 63:32, and OR with all ones wipes out "
            + $"base3 (0x{base3.Value:x}).{(met is null ? " The report does not show whether the base was computed so." : "")}",
            evidence,
            ToDo);
    }

    private static RegisterValue? Field(List<RegisterValue> values, string name) =>
        values.Cast<RegisterValue?>().FirstOrDefault(v => v!.Value.Name.Equals(name, StringComparison.OrdinalIgnoreCase));

    /// <summary>What C does (ISO C, 6.3.1.1 and 6.3.1.3), with this value.</summary>
    private static string Promotion(ulong bad) =>
        "In C, operands narrower than int (uint8_t, uint16_t) are promoted to int, which is signed, before they are shifted or combined; with bit 31 set the int "
        + $"is {unchecked((int)(uint)bad)}, and converting that to a 64-bit type repeats the sign in the upper half, also for an unsigned type.";
}
