using Faultline.Cpu.Table;
using Iced.Intel;

namespace Faultline.Cpu.Tests.Differential;

/// <summary>Every instruction form that the decoder knows in 64-bit mode, whether the table has it or not.</summary>
internal static class FormCatalog
{
    /// <summary>In the decoder's order. WAIT with what follows it is the decoder's name for two instructions.</summary>
    public static IEnumerable<Code> Forms => Enum.GetValues<Code>().Where(code =>
    {
        OpCodeInfo info = code.ToOpCode();
        return info.IsInstruction && info.Mode64 && !info.Fwait && (info.IntelDecoder64 || info.AmdDecoder64);
    });

    /// <summary>The form's features by the decoder's names.</summary>
    public static string FeatureOf(Code code) => string.Join(" and ", new Instruction { Code = code }.CpuidFeatures.Select(feature => feature.ToString()));

    /// <summary>Whether the table has a row for the form, or for what every model takes it for. UD0 to UD2 are what they should be without one.</summary>
    public static bool HasRow(Code code) => IsUndefined(code) || InstructionTable.Lookup(CpuModel.Default.Effective(code)).Shape != FormShape.None;

    private static bool IsUndefined(Code code) => code.Mnemonic() is Mnemonic.Ud0 or Mnemonic.Ud1 or Mnemonic.Ud2;

    /// <summary>Whether the default model executes the form, or would if the table had it: all its features are the model's.</summary>
    public static bool IsDefault(Code code) => HasRow(code)
        ? CpuModel.Default.Lacks(InstructionTable.Lookup(CpuModel.Default.Effective(code))) is null
        : code.ToOpCode().IntelDecoder64 && !Array.TrueForAll(new Instruction { Code = code }.CpuidFeatures, theirs => CpuidFeatures.Fits(CpuFeature.Base, theirs))
            && Array.TrueForAll(new Instruction { Code = code }.CpuidFeatures, theirs => Enum.GetValues<CpuFeature>().Any(ours => CpuModel.Default.Has(ours) && CpuidFeatures.Fits(ours, theirs)));
}
