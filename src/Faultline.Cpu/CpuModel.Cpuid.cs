using System.Text;

namespace Faultline.Cpu;

// What CPUID says (SDM vol. 2, CPUID), derived from the same feature set that decides what executes.
internal sealed partial class CpuModel
{
    /// <summary>Family 6, model 1Ah, stepping 5: the Nehalem that x86-64-v2 was drawn after.</summary>
    private const uint Signature = 0x106a5;

    private const uint MaxBasicLeaf = 0xd;
    private const uint MaxExtendedLeaf = 0x8000_0008;
    private const int CacheLine = 64;

    /// <summary>CPUID.1:EDX, which Linux passes to programs as AT_HWCAP.</summary>
    public uint HwCap => Leaf1().D;

    /// <summary>EAX, EBX, ECX and EDX as CPUID returns them for a leaf and subleaf. Leaves beyond the last give the last basic one, as on Intel's processors.</summary>
    public (uint A, uint B, uint C, uint D) Cpuid(uint leaf, uint subleaf)
    {
        if (leaf is > MaxBasicLeaf and < 0x8000_0000 or > MaxExtendedLeaf)
            leaf = MaxBasicLeaf;
        return leaf switch
        {
            // "GenuineIntel" in EBX, EDX, ECX: C libraries choose their routines by vendor first.
            0 => (MaxBasicLeaf, 0x756e6547, 0x6c65746e, 0x49656e69),
            1 => Leaf1(),
            // Descriptor FFh: see leaf 4; the rest are TLBs and a 64-byte prefetch.
            2 => (0x76036301, 0x00f0b5ff, 0, 0x00c30000),
            4 => Caches(subleaf),
            7 => subleaf == 0 ? Leaf7() : default,
            0xb => Topology(subleaf),
            0xd => ExtendedState(subleaf),
            0x8000_0000 => (MaxExtendedLeaf, 0, 0, 0),
            0x8000_0001 => ExtendedFeatures(),
            0x8000_0002 or 0x8000_0003 or 0x8000_0004 => Brand((int)(leaf - 0x8000_0002)),
            // L2: 256 KiB, 8 ways, 64-byte lines.
            0x8000_0006 => (0, 0, 256 << 16 | 6 << 12 | CacheLine, 0),
            // Invariant TSC.
            0x8000_0007 => (0, 0, 0, 1 << 8),
            // 40 bits of physical and 48 of linear address.
            0x8000_0008 => (48 << 8 | 40, 0, 0, 0),
            _ => default,
        };
    }

    private uint Bit(CpuFeature feature, int bit) => Has(feature) ? 1u << bit : 0;

    private (uint A, uint B, uint C, uint D) Leaf1()
    {
        uint b = CacheLine / 8 << 8 | 1 << 16;
        uint c = Bit(CpuFeature.Sse3, 0) | Bit(CpuFeature.Pclmulqdq, 1) | Bit(CpuFeature.Ssse3, 9) | Bit(CpuFeature.Fma, 12) | Bit(CpuFeature.Cx16, 13)
            | Bit(CpuFeature.Sse41, 19) | Bit(CpuFeature.Sse42, 20) | Bit(CpuFeature.Movbe, 22) | Bit(CpuFeature.Popcnt, 23) | Bit(CpuFeature.Aes, 25)
            // XSAVE, and OSXSAVE: the operating system has turned it on.
            | Bit(CpuFeature.Xsave, 26) | Bit(CpuFeature.Xsave, 27) | Bit(CpuFeature.Avx, 28) | Bit(CpuFeature.F16c, 29) | Bit(CpuFeature.Rdrand, 30);
        // TSC, MSR, PAE, CX8, APIC, PGE, CMOV, PAT: what any 64-bit processor has.
        const uint Always = 1 << 4 | 1 << 5 | 1 << 6 | 1 << 8 | 1 << 9 | 1 << 13 | 1 << 15 | 1 << 16;
        uint d = Always | Bit(CpuFeature.X87, 0) | Bit(CpuFeature.Clflush, 19) | Bit(CpuFeature.Mmx, 23) | Bit(CpuFeature.Fxsr, 24)
            | Bit(CpuFeature.Sse, 25) | Bit(CpuFeature.Sse2, 26);
        return (Signature, b, c, d);
    }

    private (uint A, uint B, uint C, uint D) Leaf7()
    {
        // ERMS (bit 9) and FSRM (EDX bit 4) promise that REP MOVSB is the fast way to copy, which it is here: a page at a time.
        uint b = Bit(CpuFeature.Fsgsbase, 0) | Bit(CpuFeature.Bmi1, 3) | Bit(CpuFeature.Avx2, 5) | Bit(CpuFeature.Bmi2, 8) | 1 << 9
            | Bit(CpuFeature.Avx512F, 16) | Bit(CpuFeature.Avx512DQ, 17) | Bit(CpuFeature.Rdseed, 18) | Bit(CpuFeature.Adx, 19)
            | Bit(CpuFeature.Clflushopt, 23) | Bit(CpuFeature.Clwb, 24) | Bit(CpuFeature.Avx512CD, 28) | Bit(CpuFeature.Sha, 29)
            | Bit(CpuFeature.Avx512BW, 30) | Bit(CpuFeature.Avx512VL, 31);
        uint c = Bit(CpuFeature.Avx512Vbmi, 1) | 1 << 2 | Bit(CpuFeature.CetSs, 7) | Bit(CpuFeature.Gfni, 8) | Bit(CpuFeature.Vaes, 9)
            | Bit(CpuFeature.Vpclmulqdq, 10) | Bit(CpuFeature.Avx512Vnni, 11) | Bit(CpuFeature.Rdpid, 22) | Bit(CpuFeature.Movdiri, 27)
            | Bit(CpuFeature.Movdir64b, 28);
        uint d = 1 << 4 | Bit(CpuFeature.Serialize, 14) | Bit(CpuFeature.CetIbt, 20);
        return (0, b, c, d);
    }

    private (uint A, uint B, uint C, uint D) ExtendedFeatures()
    {
        uint c = Bit(CpuFeature.LahfSahf, 0) | Bit(CpuFeature.Lzcnt, 5) | Bit(CpuFeature.Sse4a, 6) | Bit(CpuFeature.Prefetchw, 8);
        // SYSCALL, no-execute pages, long mode.
        uint d = 1 << 11 | 1 << 20 | Bit(CpuFeature.Rdtscp, 27) | 1 << 29;
        return (0, 0, c, d);
    }

    /// <summary>32 KiB of L1 data, 32 KiB of L1 code, 256 KiB of L2, 8 MiB of L3 (inclusive), none shared between threads.</summary>
    private static (uint A, uint B, uint C, uint D) Caches(uint subleaf) => subleaf switch
    {
        0 => Cache(type: 1, level: 1, ways: 8, sets: 64, 0),
        1 => Cache(type: 2, level: 1, ways: 4, sets: 128, 0),
        2 => Cache(type: 3, level: 2, ways: 8, sets: 512, 0),
        3 => Cache(type: 3, level: 3, ways: 16, sets: 8192, 2),
        _ => default,
    };

    private static (uint A, uint B, uint C, uint D) Cache(uint type, uint level, uint ways, uint sets, uint properties)
    {
        const uint SelfInitializing = 1 << 8;
        return (type | level << 5 | SelfInitializing, CacheLine - 1 | (ways - 1) << 22, sets - 1, properties);
    }

    /// <summary>One thread in one core.</summary>
    private static (uint A, uint B, uint C, uint D) Topology(uint subleaf) => subleaf switch
    {
        0 => (0, 1, 1 << 8, 0),
        1 => (0, 1, 2 << 8 | 1, 0),
        _ => (0, 0, subleaf & 0xff, 0),
    };

    /// <summary>The XSAVE area: what is in it, how long it is, and where each component lies (SDM vol. 1, 13.4).</summary>
    private (uint A, uint B, uint C, uint D) ExtendedState(uint subleaf)
    {
        switch (subleaf)
        {
            case 0:
                return ((uint)Xcr0, XsaveSize, XsaveSize, 0);
            case 1:
                return (Bit(CpuFeature.Xsaveopt, 0) | Bit(CpuFeature.Xsavec, 1), Has(CpuFeature.Xsavec) ? XsaveSize : 0, 0, 0);
            case 2 when (Xcr0 & 1 << 2) != 0:
                return (256, 576, 0, 0);
            case 5 when (Xcr0 & 1 << 5) != 0:
                return (64, 1088, 0, 0);
            case 6 when (Xcr0 & 1 << 6) != 0:
                return (512, 1152, 0, 0);
            case 7 when (Xcr0 & 1 << 7) != 0:
                return (1024, 1664, 0, 0);
            default:
                return default;
        }
    }

    /// <summary>Bytes of the XSAVE area in standard format for every component of <see cref="Xcr0"/>; 0 without XSAVE.</summary>
    public uint XsaveSize => (Xcr0 & 1 << 7) != 0 ? 2688u : (Xcr0 & 1 << 2) != 0 ? 832u : Xcr0 != 0 ? 576u : 0;

    private (uint A, uint B, uint C, uint D) Brand(int part)
    {
        Span<byte> text = stackalloc byte[48];
        text.Clear();
        Encoding.ASCII.GetBytes("Faultline " + Name, text);
        Span<uint> words = System.Runtime.InteropServices.MemoryMarshal.Cast<byte, uint>(text.Slice(part * 16, 16));
        return (words[0], words[1], words[2], words[3]);
    }
}
