using System.Numerics;
using Faultline.Cpu.Table;
using Iced.Intel;

namespace Faultline.Cpu;

/// <summary>
/// A processor model: which features execute, and what CPUID says. The two come from one set, so that they cannot disagree.
/// </summary>
internal sealed partial class CpuModel
{
    private readonly ulong _features;

    private CpuModel(string name, ulong features)
    {
        Name = name;
        _features = features | Bit(CpuFeature.Base);
    }

    /// <summary>Every feature that has a bit here, for tests that compare the whole table with a host.</summary>
    public static CpuModel Full { get; } = new("full", ulong.MaxValue);

    /// <summary>Its name for people.</summary>
    public string Name { get; }

    /// <summary>XCR0 as the operating system set it up: the state components that exist (bit 0 x87, bit 1 SSE, bit 2 AVX).</summary>
    public ulong Xcr0 => Has(CpuFeature.Xsave) ? Has(CpuFeature.Avx) ? 7UL : 3 : 0;

    /// <summary>Whether it has features that the instruction table does not: then it cannot be run.</summary>
    public bool MissesFeatures => Missing != 0;

    /// <summary>The features that it has and the instruction table does not.</summary>
    public IEnumerable<CpuFeature> MissingFeatures
    {
        get
        {
            for (ulong missing = Missing; missing != 0; missing &= missing - 1)
                yield return (CpuFeature)BitOperations.TrailingZeroCount(missing);
        }
    }

    private ulong Missing => _features & ~_implemented;

    /// <summary>Whether instructions of a feature execute.</summary>
    public bool Has(CpuFeature feature) => (_features & Bit(feature)) != 0;

    /// <summary>The feature for the want of which a row is #UD here, or null when it executes.</summary>
    public CpuFeature? Lacks(in InstructionForm form) =>
        !Has(form.Feature) ? form.Feature : form.IsVex && !Has(CpuFeature.Avx) ? CpuFeature.Avx : null;

    /// <summary>How this model decodes where models differ: 66h on near branches is ignored, as Intel's processors do.</summary>
    public DecoderOptions DecoderOptions => DecoderOptions.None;

    /// <summary>What a code means here: a processor without LZCNT or BMI1 ignores the F3 prefix and executes BSR or BSF; none has WBNOINVD.</summary>
    public Code Effective(Code code) => code switch
    {
        Code.Lzcnt_r16_rm16 when !Has(CpuFeature.Lzcnt) => Code.Bsr_r16_rm16,
        Code.Lzcnt_r32_rm32 when !Has(CpuFeature.Lzcnt) => Code.Bsr_r32_rm32,
        Code.Lzcnt_r64_rm64 when !Has(CpuFeature.Lzcnt) => Code.Bsr_r64_rm64,
        Code.Tzcnt_r16_rm16 when !Has(CpuFeature.Bmi1) => Code.Bsf_r16_rm16,
        Code.Tzcnt_r32_rm32 when !Has(CpuFeature.Bmi1) => Code.Bsf_r32_rm32,
        Code.Tzcnt_r64_rm64 when !Has(CpuFeature.Bmi1) => Code.Bsf_r64_rm64,
        Code.Wbnoinvd => Code.Wbinvd,
        _ => code,
    };

    private static ulong Bit(CpuFeature feature) => 1UL << (int)feature;

    private static ulong Set(params ReadOnlySpan<CpuFeature> features)
    {
        ulong set = 0;
        foreach (CpuFeature feature in features)
            set |= Bit(feature);
        return set;
    }
}
