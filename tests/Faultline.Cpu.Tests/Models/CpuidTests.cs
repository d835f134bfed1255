using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;
using System.Text;
using Faultline.Cpu.Tests.Float;

namespace Faultline.Cpu.Tests.Models;

/// <summary>What CPUID says of each model, and that it is what the model has.</summary>
public sealed class CpuidTests
{
    private static readonly string[] _models = ["v1", "v2", "v3", "v4", "host-like"];

    public static TheoryData<string> Models() => [.. _models];

    [Theory]
    [MemberData(nameof(Models))]
    public void BitsAreTheFeatures(string name)
    {
        CpuModel model = ModelNames.Of(name);
        Assert.All(CpuidBits.All.ToArray(), bit => Assert.Equal(model.Has(bit.Feature), Answer(model, bit)));
        Assert.Equal(model.HwCap, model.Cpuid(1, 0).D);
        Assert.Equal(model.Has(CpuFeature.Fsgsbase) ? 2u : 0, model.HwCap2);
    }

    [Fact]
    public void EveryFeatureHasABit() => Assert.Equal(Enum.GetValues<CpuFeature>(), CpuidBits.All.ToArray().Select(bit => bit.Feature).Distinct().Order());

    /// <summary>The levels of the psABI, 3.1.1, from CPUID alone, as a dynamic linker looks at them.</summary>
    [Theory]
    [InlineData("v1", 1)]
    [InlineData("v2", 2)]
    [InlineData("v3", 3)]
    [InlineData("v4", 4)]
    public void LevelsAreThoseOfThePsabi(string name, int level)
    {
        CpuModel model = ModelNames.Of(name);
        uint c = model.Cpuid(1, 0).C, d = model.Cpuid(1, 0).D, extendedC = model.Cpuid(0x8000_0001, 0).C, b7 = model.Cpuid(7, 0).B;
        // CMOV, CX8, FPU, FXSR, MMX, SSE, SSE2
        Assert.Equal(0x0780_8101u, d & 0x0780_8101);
        // CMPXCHG16B, LAHF, POPCNT, SSE3, SSE4.1, SSE4.2, SSSE3
        Assert.Equal(level >= 2, (c & 0x0098_2201) == 0x0098_2201 && (extendedC & 1) != 0);
        // AVX, F16C, FMA, MOVBE, OSXSAVE; LZCNT; AVX2, BMI1, BMI2
        Assert.Equal(level >= 3, (c & 0x3840_1000) == 0x3840_1000 && (extendedC & 0x20) != 0 && (b7 & 0x128) == 0x128);
        // AVX512F, BW, CD, DQ, VL
        Assert.Equal(level >= 4, (b7 & 0xd003_0000) == 0xd003_0000);
        Assert.Equal(level, model.Level);
    }

    [Theory]
    [InlineData("v1", 0xf41u, 7u, "Faultline x86-64-v1")]
    [InlineData("v2", 0x106a5u, 0xdu, "Faultline x86-64-v2")]
    [InlineData("v3", 0x90672u, 0x1fu, "Faultline x86-64-v3")]
    public void ModelsNameThemselves(string name, uint signature, uint maximum, string brand)
    {
        CpuModel model = ModelNames.Of(name);
        (uint a, uint b, uint c, uint d) = model.Cpuid(0, 0);
        Assert.Equal(maximum, a);
        Assert.Equal("GenuineIntel", Text(b, d, c));
        Assert.Equal(signature, model.Cpuid(1, 0).A);
        StringBuilder text = new();
        for (uint leaf = 0x8000_0002; leaf <= 0x8000_0004; leaf++)
        {
            (a, b, c, d) = model.Cpuid(leaf, 0);
            text.Append(Text(a, b, c, d));
        }
        Assert.Equal(brand, text.ToString().TrimEnd('\0'));
        // 48 linear and 40 physical bits.
        Assert.Equal(0x3028u, model.Cpuid(0x8000_0008, 0).A);
        Assert.Equal(0x8000_0008u, model.Cpuid(0x8000_0000, 0).A);
    }

    /// <summary>As on Intel's processors, a leaf beyond the last, extended or not, is the last basic one.</summary>
    [Theory]
    [MemberData(nameof(Models))]
    public void LeavesBeyondTheLastAreTheLast(string name)
    {
        CpuModel model = ModelNames.Of(name);
        uint last = model.Cpuid(0, 0).A;
        foreach (uint leaf in (ReadOnlySpan<uint>)[last + 1, 0x4000_0000, 0x7fff_ffff, 0x8000_0009, uint.MaxValue])
        {
            Assert.Equal(model.Cpuid(last, 0), model.Cpuid(leaf, 0));
            Assert.Equal(model.Cpuid(last, 1), model.Cpuid(leaf, 1));
        }
    }

    [Fact]
    public void LeavesAboutWhatIsAbsentAreZero()
    {
        // Monitor, performance counters, processor trace, key locker, hybrid; and subleaves that do not exist.
        foreach (uint leaf in (ReadOnlySpan<uint>)[3, 5, 6, 8, 9, 0xa, 0xc, 0xe, 0xf, 0x10, 0x12, 0x14, 0x15, 0x16, 0x17, 0x18, 0x19, 0x1a, 0x1e])
            Assert.Equal(default, CpuModel.V3.Cpuid(leaf, 0));
        foreach (uint subleaf in (ReadOnlySpan<uint>)[1, 2, 3, uint.MaxValue])
            Assert.Equal(default, CpuModel.V3.Cpuid(7, subleaf));
        Assert.Equal(default, CpuModel.V2.Cpuid(0xd, 1));
        Assert.Equal(default, CpuModel.V2.Cpuid(0xd, 2));
        Assert.Equal(CpuModel.V3.Cpuid(0xb, 1), CpuModel.V3.Cpuid(0x1f, 1));
        // Leaves without subleaves do not look at ECX.
        Assert.Equal(CpuModel.V3.Cpuid(1, 0), CpuModel.V3.Cpuid(1, 7));
    }

    [Fact]
    public void TheXsaveAreaIsDescribed()
    {
        Assert.Equal(0UL, CpuModel.V1.Xcr0);
        Assert.Equal((3u, 576u, 576u, 0u), CpuModel.V2.Cpuid(0xd, 0));
        Assert.Equal((7u, 832u, 832u, 0u), CpuModel.V3.Cpuid(0xd, 0));
        // XSAVEOPT, XSAVEC, XGETBV(1), no XSAVES; the compacted size.
        Assert.Equal((7u, 832u, 0u, 0u), CpuModel.V3.Cpuid(0xd, 1));
        // The upper halves of YMM: 256 bytes at 576, not aligned when compacted.
        Assert.Equal((256u, 576u, 0u, 0u), CpuModel.V3.Cpuid(0xd, 2));
        for (uint component = 3; component < 64; component++)
            Assert.Equal(default, CpuModel.V3.Cpuid(0xd, component));
    }

    /// <summary>A higher level has all that a lower one has, and none promises what is not implemented without saying so.</summary>
    [Fact]
    public void LevelsBuildOnOneAnother()
    {
        foreach (CpuFeature feature in Enum.GetValues<CpuFeature>())
        {
            Assert.True(!CpuModel.V1.Has(feature) || CpuModel.V2.Has(feature));
            Assert.True(!CpuModel.V2.Has(feature) || CpuModel.V3.Has(feature));
            Assert.True(!CpuModel.V3.Has(feature) || CpuModel.V4.Has(feature));
        }
        Assert.Empty(CpuModel.V1.MissingFeatures);
        Assert.Empty(CpuModel.V2.MissingFeatures);
        Assert.Empty(CpuModel.Default.MissingFeatures);
        Assert.Contains(CpuFeature.Avx512F, CpuModel.V4.MissingFeatures);
    }

    /// <summary>What the host's own /proc/cpuinfo names and we implement, and no more.</summary>
    [NativeFact]
    public void HostLikeHasWhatTheHostHas()
    {
        CpuModel model = CpuModel.HostLike();
        Assert.Empty(model.MissingFeatures);
        if (!X86Base.IsSupported)
            return;
        foreach (CpuidBit bit in CpuidBits.All)
        {
            if (bit.Feature == CpuFeature.Base || bit.Name.Length == 0 || CpuModel.Full.MissingFeatures.Contains(bit.Feature))
                continue;
            // Linux hides what it turns off, and shows no bit that is not there.
            if (Differential.HostFeatures.Has(bit.Name))
                Assert.True(model.Has(bit.Feature), bit.Name);
        }
        Assert.False(model.Has(CpuFeature.Avx512F));
    }

    [Fact]
    public void HostLikeFollowsEveryBit()
    {
        // A processor that has everything, one that has nothing, and one that lacks one bit.
        Assert.Equal(Implemented(), Features(CpuModel.HostLike((_, _) => (-1, -1, -1, -1))));
        Assert.Equal(Features(CpuModel.V1), Features(CpuModel.HostLike((_, _) => default)));
        foreach (CpuidBit absent in CpuidBits.All)
        {
            CpuModel model = CpuModel.HostLike((leaf, subleaf) => Without(absent, (uint)leaf, (uint)subleaf));
            Assert.Equal(absent.Feature == CpuFeature.Base || CpuModel.V1.Has(absent.Feature), model.Has(absent.Feature));
        }
        CpuModel noXsave = CpuModel.HostLike((leaf, subleaf) => Without(CpuidBits.All.ToArray().First(b => b.Feature == CpuFeature.Xsave), (uint)leaf, (uint)subleaf));
        Assert.Equal(0UL, noXsave.Xcr0);
        Assert.False(noXsave.Has(CpuFeature.Avx) || noXsave.Has(CpuFeature.Xsavec) || noXsave.Has(CpuFeature.Fma));
        // Not x86-64: what v3 has as far as it is implemented.
        Assert.Empty(CpuModel.HostLike(null).MissingFeatures);
        Assert.All(Features(CpuModel.V3), feature => Assert.Equal(Implemented().Contains(feature), CpuModel.HostLike(null).Has(feature)));
    }

    private static CpuFeature[] Features(CpuModel model) => [.. Enum.GetValues<CpuFeature>().Where(model.Has)];

    private static CpuFeature[] Implemented() => [.. Enum.GetValues<CpuFeature>().Except(CpuModel.Full.MissingFeatures)];

    private static (int Eax, int Ebx, int Ecx, int Edx) Without(CpuidBit bit, uint leaf, uint subleaf)
    {
        int[] registers = [-1, -1, -1, -1];
        if (bit.Leaf == leaf && bit.Subleaf == subleaf)
            registers[(int)bit.Register] &= ~(1 << bit.Bit);
        return (registers[0], registers[1], registers[2], registers[3]);
    }

    private static bool Answer(CpuModel model, CpuidBit bit)
    {
        (uint a, uint b, uint c, uint d) = model.Cpuid(bit.Leaf, bit.Subleaf);
        // A model without the leaf answers with another.
        return bit.Leaf <= model.Cpuid(bit.Leaf & 0x8000_0000, 0).A && ((bit.Register switch
        {
            CpuidRegister.Eax => a,
            CpuidRegister.Ebx => b,
            CpuidRegister.Ecx => c,
            _ => d,
        }) >> bit.Bit & 1) != 0;
    }

    private static string Text(params uint[] words) => Encoding.ASCII.GetString(MemoryMarshal.AsBytes<uint>(words));
}
