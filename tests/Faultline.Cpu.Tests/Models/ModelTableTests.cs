using System.Text;
using Faultline.Cpu.Table;
using Faultline.Cpu.Tests.Differential;
using Iced.Intel;

namespace Faultline.Cpu.Tests.Models;

/// <summary>The whole instruction table under every model.</summary>
public sealed unsafe class ModelTableTests
{
    private const ulong InvalidOpcode = 6;

    /// <summary>Cases tried for one whose operands are valid: segment registers, for one, are not all.</summary>
    private const int Tries = 40;

    public static TheoryData<string> Models() => ["v1", "v2", "v3", "v4", "host-like"];

    /// <summary>
    /// Each row runs on the full model and on this one: where the model has the feature both do the same, and where it lacks it the row is #UD. Rows
    /// that mean something else without the feature are in <see cref="DecodingTests"/>.
    /// </summary>
    [Theory]
    [MemberData(nameof(Models))]
    public void ARowExecutesIfAndOnlyIfTheModelHasItsFeature(string name)
    {
        CpuModel model = ModelNames.Of(name);
        using GuestRunner full = new();
        using GuestRunner here = new(model);
        StringBuilder wrong = new();
        int tried = 0;
        foreach (Code code in DifferentialSettings.TableForms.Where(c => c.ToOpCode().Mode64 && model.Effective(c) == c))
        {
            InstructionForm form = InstructionTable.Lookup(code);
            Instruction instruction = new() { Code = code };
            // VEX-encoded forms of a feature that has others too need AVX besides.
            bool executes = model.Has(form.Feature) && (model.Has(CpuFeature.Avx) || !instruction.CpuidFeatures.Contains(CpuidFeature.AVX));
            for (int i = 0; i < Tries; i++)
            {
                if (CaseGenerator.OfForm(code, 3, i) is not { } test)
                    continue;
                if (IsUndefined(full, test))
                    continue;
                tried++;
                if (executes == IsUndefined(here, test))
                    wrong.AppendLine($"{code}: needs {form.Feature}, {test.Name}");
                break;
            }
        }
        Assert.True(wrong.Length == 0, wrong.ToString());
        Assert.True(tried > 1000, $"only {tried} forms ran");
    }

    /// <summary>What a model may promise is complete: every 64-bit form whose features are all promised has a row.</summary>
    [Fact]
    public void EveryFormOfAnImplementedFeatureHasARow()
    {
        CpuFeature[] implemented = [.. Enum.GetValues<CpuFeature>().Except(CpuModel.Full.MissingFeatures)];
        List<string> missing = [];
        foreach (Code code in FormsOf(implemented))
        {
            if (InstructionTable.Lookup(CpuModel.Full.Effective(code)).Shape == FormShape.None)
                missing.Add(code.ToString());
        }
        Assert.True(missing.Count == 0, string.Join(", ", missing));
    }

    /// <summary>When the last row of a feature is written, the feature must be promised.</summary>
    [Fact]
    public void AFeatureWhoseFormsAllHaveRowsIsImplemented()
    {
        CpuFeature[] implemented = [.. Enum.GetValues<CpuFeature>().Except(CpuModel.Full.MissingFeatures)];
        foreach (CpuFeature feature in CpuModel.Full.MissingFeatures.Where(Enum.IsDefined))
        {
            if (!implemented.Contains(BuildsOn(feature)))
                continue;
            List<Code> added = [.. FormsOf([.. implemented, feature]).Except(FormsOf(implemented))];
            if (added.Count > 0)
                Assert.True(added.Exists(code => InstructionTable.Lookup(code).Shape == FormShape.None), $"{feature} is complete; CpuModel does not say so");
        }
    }

    /// <summary>What a processor must have before it can have a feature.</summary>
    private static CpuFeature BuildsOn(CpuFeature feature) => feature switch
    {
        CpuFeature.Avx2 or CpuFeature.Fma or CpuFeature.F16c or CpuFeature.Vaes or CpuFeature.Vpclmulqdq or CpuFeature.Avx512F => CpuFeature.Avx,
        > CpuFeature.Avx512F and <= CpuFeature.Avx512Vnni => CpuFeature.Avx512F,
        _ => CpuFeature.Base,
    };

    /// <summary>The forms of 64-bit mode that a processor has for these features; the base, which has no bit of its own, is left out.</summary>
    private static IEnumerable<Code> FormsOf(CpuFeature[] features) => Enum.GetValues<Code>().Where(code =>
    {
        OpCodeInfo info = code.ToOpCode();
        // WAIT with what follows it is the decoder's name for two instructions.
        if (!info.IsInstruction || !info.IntelDecoder64 || info.Fwait)
            return false;
        Instruction instruction = new() { Code = code };
        return !Array.TrueForAll(instruction.CpuidFeatures, theirs => CpuidFeatures.Fits(CpuFeature.Base, theirs))
            && Array.TrueForAll(instruction.CpuidFeatures, theirs => Array.Exists(features, ours => CpuidFeatures.Fits(ours, theirs)));
    });

    /// <summary>Whether the case's instruction is #UD.</summary>
    private static bool IsUndefined(GuestRunner guest, DiffCase test)
    {
        MachineState state = test.Initial;
        guest.Run(test, ref state, [.. test.Data]);
        return state.Trap == InvalidOpcode && state.TrapRip == test.Rip;
    }
}
