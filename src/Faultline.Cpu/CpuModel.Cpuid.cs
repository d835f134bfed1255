using System.Text;

namespace Faultline.Cpu;

// What CPUID says (SDM vol. 2, CPUID), derived from the same feature set that decides what executes.
internal sealed partial class CpuModel
{
    /// <summary>The last leaf of a model without XSAVE, and of one with it; processors of level 3 go on to the topology of leaf 1Fh.</summary>
    private const uint LastBeforeXsave = 7;
    private const uint LastWithXsave = 0xd;
    private const uint LastOfLevel3 = 0x1f;

    private const uint MaxExtendedLeaf = 0x8000_0008;
    private const int CacheLine = 64;

    /// <summary>Bits of a physical address.</summary>
    public const int PhysicalBits = 40;

    /// <summary>Bits of a linear address.</summary>
    public const int LinearBits = 48;

    /// <summary>The vendor of leaf 0: C libraries choose their routines by vendor first.</summary>
    public const string Vendor = "GenuineIntel";

    /// <summary>The processor's name, of leaves 80000002h to 80000004h.</summary>
    public string Brand => "Faultline " + Name;

    /// <summary>CPUID.1:EDX, which Linux passes to programs as AT_HWCAP.</summary>
    public uint HwCap => Features(1, 0).D;

    /// <summary>AT_HWCAP2: bit 1 says that programs may use FSGSBASE (arch/x86/include/uapi/asm/hwcap2.h).</summary>
    public uint HwCap2 => Has(CpuFeature.Fsgsbase) ? 2u : 0;

    /// <summary>CPUID.1:EAX: family, model and stepping of a processor of the model's level.</summary>
    public uint Signature => Level switch
    {
        // Family 15, model 4, stepping 1: Intel's first 64-bit processors.
        1 => 0xf41,
        // Family 6, model 1Ah, stepping 5: Nehalem.
        2 => 0x106a5,
        // Family 6, model 97h, stepping 2: Alder Lake, which has no AVX-512.
        3 => 0x90672,
        // Family 6, model 6Ah, stepping 6: Ice Lake.
        _ => 0x606a6,
    };

    private uint MaxBasicLeaf => Level >= 3 ? LastOfLevel3 : Has(CpuFeature.Xsave) ? LastWithXsave : LastBeforeXsave;

    /// <summary>EAX, EBX, ECX and EDX as CPUID returns them for a leaf and subleaf. Leaves beyond the last give the last basic one, as on Intel's processors.</summary>
    public (uint A, uint B, uint C, uint D) Cpuid(uint leaf, uint subleaf)
    {
        if (leaf < 0x8000_0000 ? leaf > MaxBasicLeaf : leaf > MaxExtendedLeaf)
            leaf = MaxBasicLeaf;
        (uint a, uint b, uint c, uint d) = Description(leaf, subleaf);
        (uint featuresA, uint featuresB, uint featuresC, uint featuresD) = Features(leaf, subleaf);
        return (a | featuresA, b | featuresB, c | featuresC, d | featuresD);
    }

    /// <summary>What a leaf says besides features.</summary>
    private (uint A, uint B, uint C, uint D) Description(uint leaf, uint subleaf) => leaf switch
    {
        // The vendor in EBX, EDX, ECX.
        0 => (MaxBasicLeaf, 0x756e6547, 0x6c65746e, 0x49656e69),
        // One logical processor, and the line that CLFLUSH works on in units of 8 bytes.
        1 => (Signature, CacheLine / 8 << 8 | 1 << 16, 0, 0),
        // Descriptor FFh: see leaf 4; the rest are TLBs and a 64-byte prefetch.
        2 => (0x76036301, 0x00f0b5ff, 0, 0x00c30000),
        4 => Caches(subleaf),
        0xb or 0x1f => Topology(subleaf),
        0xd => ExtendedState(subleaf),
        0x8000_0000 => (MaxExtendedLeaf, 0, 0, 0),
        0x8000_0002 or 0x8000_0003 or 0x8000_0004 => BrandPart((int)(leaf - 0x8000_0002)),
        // L2: 256 KiB, 8 ways, 64-byte lines.
        0x8000_0006 => (0, 0, 256 << 16 | 6 << 12 | CacheLine, 0),
        0x8000_0008 => (LinearBits << 8 | PhysicalBits, 0, 0, 0),
        _ => default,
    };

    /// <summary>The feature bits of a leaf.</summary>
    private (uint A, uint B, uint C, uint D) Features(uint leaf, uint subleaf)
    {
        // Only leaves 7 and 0Dh have subleaves here; the others answer whatever ECX holds.
        if (leaf is not (7 or 0xd))
            subleaf = 0;
        Span<uint> registers = stackalloc uint[4];
        registers.Clear();
        foreach (CpuidBit bit in CpuidBits.All)
        {
            if (bit.Leaf == leaf && bit.Subleaf == subleaf && Has(bit.Feature))
                registers[(int)bit.Register] |= 1u << bit.Bit;
        }
        return (registers[0], registers[1], registers[2], registers[3]);
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
                return (0, Has(CpuFeature.Xsavec) ? XsaveSize : 0, 0, 0);
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

    private (uint A, uint B, uint C, uint D) BrandPart(int part)
    {
        Span<byte> text = stackalloc byte[48];
        text.Clear();
        Encoding.ASCII.GetBytes(Brand, text);
        Span<uint> words = System.Runtime.InteropServices.MemoryMarshal.Cast<byte, uint>(text.Slice(part * 16, 16));
        return (words[0], words[1], words[2], words[3]);
    }
}
