using System.Runtime.Intrinsics.X86;

namespace Faultline.Cpu;

// The models: the levels of the x86-64 psABI (3.1.1), each with what the processors of its time had besides, and the host's.
internal sealed partial class CpuModel
{
    /// <summary>What a level demands. LZCNT, MOVBE and the rest are in the psABI's order; OSXSAVE is XSAVE here.</summary>
    private static readonly ulong _level1 = Set(
        CpuFeature.Base, CpuFeature.X87, CpuFeature.Fxsr, CpuFeature.Mmx, CpuFeature.Sse, CpuFeature.Sse2);

    private static readonly ulong _level2 = _level1 | Set(
        CpuFeature.Cx16, CpuFeature.LahfSahf, CpuFeature.Popcnt, CpuFeature.Sse3, CpuFeature.Sse41, CpuFeature.Sse42, CpuFeature.Ssse3);

    private static readonly ulong _level3 = _level2 | Set(
        CpuFeature.Avx, CpuFeature.Avx2, CpuFeature.Bmi1, CpuFeature.Bmi2, CpuFeature.F16c, CpuFeature.Fma, CpuFeature.Lzcnt, CpuFeature.Movbe,
        CpuFeature.Xsave);

    private static readonly ulong _level4 = _level3 | Set(
        CpuFeature.Avx512F, CpuFeature.Avx512BW, CpuFeature.Avx512CD, CpuFeature.Avx512DQ, CpuFeature.Avx512VL);

    /// <summary>Features every form of which has a row in the instruction table.</summary>
    private static readonly ulong _implemented = _level2 | Set(
        CpuFeature.Clflush, CpuFeature.Prefetchw, CpuFeature.Rdtscp, CpuFeature.Sse4a, CpuFeature.Xsave, CpuFeature.Xsaveopt, CpuFeature.Xsavec,
        CpuFeature.Xgetbv1, CpuFeature.Clflushopt, CpuFeature.Clwb, CpuFeature.Lzcnt, CpuFeature.Movbe, CpuFeature.Bmi1, CpuFeature.Bmi2,
        CpuFeature.Adx, CpuFeature.Aes, CpuFeature.Pclmulqdq, CpuFeature.Sha, CpuFeature.Gfni, CpuFeature.Rdrand, CpuFeature.Rdseed,
        CpuFeature.Rdpid, CpuFeature.Fsgsbase, CpuFeature.Movdiri, CpuFeature.Serialize, CpuFeature.Avx, CpuFeature.Avx2, CpuFeature.Fma, CpuFeature.F16c,
        CpuFeature.Vaes, CpuFeature.Vpclmulqdq);

    /// <summary>x86-64, the base of 2003: SSE2, and CLFLUSH, which came with it.</summary>
    public static CpuModel V1 { get; } = new("x86-64-v1", _level1 | Set(CpuFeature.Clflush));

    /// <summary>x86-64-v2, about 2009: SSE4.2, POPCNT, CMPXCHG16B, LAHF, with RDTSCP, PREFETCHW and XSAVE for the x87 and SSE state.</summary>
    public static CpuModel V2 { get; } = new("x86-64-v2", V1._features | _level2 | Set(CpuFeature.Rdtscp, CpuFeature.Prefetchw, CpuFeature.Xsave));

    /// <summary>
    /// x86-64-v3: AVX2, BMI, FMA and what newer processors without AVX-512 (Alder Lake) add that programs look for: AES, carry-less multiplication, SHA,
    /// Galois fields, both in 256 bits too, ADX, random numbers, FSGSBASE, RDPID, the later XSAVE forms, cache line and direct stores, SERIALIZE.
    /// </summary>
    public static CpuModel V3 { get; } = new("x86-64-v3", V2._features | _level3 | Set(
        CpuFeature.Xsaveopt, CpuFeature.Xsavec, CpuFeature.Xgetbv1, CpuFeature.Clflushopt, CpuFeature.Clwb, CpuFeature.Adx, CpuFeature.Aes,
        CpuFeature.Pclmulqdq, CpuFeature.Vaes, CpuFeature.Vpclmulqdq, CpuFeature.Sha, CpuFeature.Gfni, CpuFeature.Rdrand, CpuFeature.Rdseed,
        CpuFeature.Rdpid, CpuFeature.Fsgsbase, CpuFeature.Movdiri, CpuFeature.Serialize));

    /// <summary>x86-64-v4: AVX-512 in the parts that the psABI names.</summary>
    public static CpuModel V4 { get; } = new("x86-64-v4", V3._features | _level4);

    /// <summary>What is used unless someone asks for another.</summary>
    public static CpuModel Default => V3;

    /// <summary>The highest level of the psABI that the features reach, 1 to 4.</summary>
    public int Level => Contains(_level4) ? 4 : Contains(_level3) ? 3 : Contains(_level2) ? 2 : 1;

    /// <summary>
    /// A model with those features of the host's processor that are implemented; those of <see cref="V3"/> on a host that is not x86-64 or whose .NET runs
    /// without hardware intrinsics. Vendor, family and caches stay Faultline's own, so that programs choose by features alone.
    /// </summary>
    public static CpuModel HostLike() => HostLike(X86Base.IsSupported ? X86Base.CpuId : null);

    /// <summary>A model with the implemented features of a processor whose CPUID answers so; null for none.</summary>
    public static CpuModel HostLike(Func<int, int, (int Eax, int Ebx, int Ecx, int Edx)>? cpuid)
    {
        const string Name = "host-like";
        if (cpuid is null)
            return new CpuModel(Name, V3._features & _implemented);
        uint lastBasic = (uint)cpuid(0, 0).Eax;
        uint lastExtended = (uint)cpuid(unchecked((int)0x8000_0000), 0).Eax;
        ulong features = _implemented;
        foreach (CpuidBit bit in CpuidBits.All)
        {
            bool isKnown = bit.Leaf <= (bit.Leaf < 0x8000_0000 ? lastBasic : lastExtended);
            if (bit.Feature != CpuFeature.Base && !(isKnown && (Answer(cpuid((int)bit.Leaf, (int)bit.Subleaf), bit.Register) >> bit.Bit & 1) != 0))
                features &= ~Bit(bit.Feature);
        }
        // A hypervisor may hide a feature and show what builds on it.
        if ((features & Bit(CpuFeature.Xsave)) == 0)
            features &= ~Set(CpuFeature.Avx, CpuFeature.Xsaveopt, CpuFeature.Xsavec, CpuFeature.Xgetbv1);
        if ((features & Bit(CpuFeature.Avx)) == 0)
            features &= ~Set(CpuFeature.Avx2, CpuFeature.Fma, CpuFeature.F16c, CpuFeature.Vaes, CpuFeature.Vpclmulqdq);
        return new CpuModel(Name, features | V1._features);
    }

    private bool Contains(ulong features) => (_features & features) == features;

    private static uint Answer((int Eax, int Ebx, int Ecx, int Edx) answer, CpuidRegister register) => (uint)(register switch
    {
        CpuidRegister.Eax => answer.Eax,
        CpuidRegister.Ebx => answer.Ebx,
        CpuidRegister.Ecx => answer.Ecx,
        _ => answer.Edx,
    });
}
