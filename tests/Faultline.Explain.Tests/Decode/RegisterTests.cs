using Faultline.Explain.Decode;
using Faultline.Explain.Decode.Msrs;
using Faultline.Explain.Decode.Registers;

namespace Faultline.Explain.Tests.Decode;

/// <summary>Registers, error codes and page-table entries.</summary>
public class RegisterTests
{
    private static readonly RegisterLayout[] _layouts =
    [
        Cr0.Layout, Cr3.Layout, Cr4.Layout, Efer.Layout, Rflags.Layout, Dr6.Layout, Dr7.Layout, Xcr0.Layout, Pkru.Layout, Mxcsr.Layout, PageFaultError.Layout,
        SelectorError.Layout, Selector.Layout, AccessRights.Layout, .. MsrTable.Rows.Select(msr => msr.Layout).OfType<RegisterLayout>(),
    ];

    private static IEnumerable<string> Set(string command) => Decoding.Of(command).Fields.Where(field => !field.Place.Contains(':')).Select(field => field.Name);

    [Fact]
    public void FieldsLieInsideTheirRegisterAndDoNotOverlap()
    {
        foreach (RegisterLayout layout in _layouts)
        {
            ulong seen = 0;
            foreach (BitField field in layout.Fields)
            {
                Assert.True(field.Low >= 0 && field.High < layout.Width && field.Low <= field.High, $"{layout.Name}.{field.Name}");
                Assert.True((seen & field.Mask) == 0, $"{layout.Name}.{field.Name} overlaps");
                seen |= field.Mask;
            }
            Assert.NotEqual("", layout.Source);
        }
    }

    [Fact]
    public void EveryBitOfEveryValueIsShownOrCalledReserved()
    {
        Random random = new(1);
        foreach (RegisterLayout layout in _layouts)
        {
            for (int i = 0; i < 64; i++)
            {
                ulong value = 1UL << i;
                Decoded decoded = layout.Decode(value);
                bool isField = layout.Fields.Any(field => (field.Mask & value) != 0);
                bool isReported = decoded.AllNotes().Contains("Reserved bits are set", StringComparison.Ordinal) || decoded.AllNotes().Contains("has bits past the", StringComparison.Ordinal);
                Assert.True(isField != isReported, $"{layout.Name} bit {i}");
            }
            layout.Decode((ulong)random.NextInt64());
        }
    }

    [Theory]
    [InlineData("cr0 80050033", "PE MP ET NE WP AM PG")]
    [InlineData("cr4 0000000000750eb0", "PSE PAE PGE OSFXSR OSXMMEXCPT UMIP FSGSBASE OSXSAVE SMEP SMAP PKE")]
    [InlineData("efer d01", "SCE LME LMA NXE")]
    [InlineData("rflags 00010246", "PF ZF IF RF")]
    [InlineData("eflags 0x202", "IF")]
    [InlineData("dr6 ffff4ff1", "B0 BS")]
    [InlineData("dr6 fffe0ff0", "RTM")]
    [InlineData("xcr0 207", "X87 SSE AVX PKRU")]
    [InlineData("mxcsr 1f80", "IM DM ZM OM UM PM")]
    [InlineData("page-fault 0006", "W/R U/S")]
    [InlineData("page-fault 0x80000007", "P W/R U/S RMP")]
    public void FlagsThatAreSetAreNamed(string command, string flags) => Assert.Equal(flags, string.Join(' ', Set(command)));

    [Theory]
    [InlineData("0", "A supervisor read from a page that is not present.")]
    [InlineData("0002", "A supervisor write to a page that is not present.")]
    [InlineData("0x0011", "A supervisor instruction fetch from a page that is not executable, or a user page under SMEP.")]
    [InlineData("3", "A supervisor write to a page that is read-only, or a user page under SMAP.")]
    [InlineData("7", "A user write to a page that is read-only or not the user's.")]
    [InlineData("15", "A user instruction fetch from a page that is not executable or not the user's.")]
    [InlineData("d", "A user read from a page whose table entry has a reserved bit set.")]
    [InlineData("25", "A user read from a page whose protection key is closed.")]
    public void PageFaultsReadAsSentences(string code, string sentence) => Assert.Equal(sentence, Decoding.Of("page-fault " + code).Notes[0]);

    [Theory]
    [InlineData("cr0 80000000", "without protected mode")]
    [InlineData("cr0 20000001", "NW without CD")]
    [InlineData("efer 500", "")]
    [InlineData("efer 400", "LMA without LME")]
    [InlineData("xcr0 5", "AVX needs SSE")]
    [InlineData("xcr0 67", "go together")]
    [InlineData("xcr0 6", "bit 0 must be one")]
    [InlineData("rflags 46", "Interrupts are off")]
    [InlineData("cr3 8000000000001000", "about to be loaded")]
    [InlineData("cr4 1000", "LA57 or PCIDE without PAE")]
    [InlineData("error-code 0", "no selector was involved")]
    [InlineData("error-code 18", "Selector 0x18 of the GDT: kernel data")]
    [InlineData("error-code 102", "Gate of vector 0x20 (32)")]
    public void CombinationsAreRemarkedOn(string command, string remark) => Assert.Contains(remark, Decoding.Of(command).AllNotes());

    [Fact]
    public void BreakpointsShowConditionAndLength()
    {
        Decoded decoded = Decoding.Of("dr7 000d0402");
        Assert.Contains("writes", decoded.Meaning("R/W0"));
        Assert.EndsWith(": 4", decoded.Meaning("LEN0"));
    }

    // The page-table walk that a kernel printed when it read a user page under SMAP.
    [Theory]
    [InlineData("pgd 2974067", "a PML4 table", "Allows below it, for user and kernel: read, write, execute.")]
    [InlineData("p4d 2974067", "a page-directory-pointer table", "Allows below it, for user and kernel: read, write, execute.")]
    [InlineData("pud 2975067", "a page directory", "It leads to a page directory and covers 1 GiB.")]
    [InlineData("pmd 2a14067", "a page table", "It leads to a page table and covers 2 MiB.")]
    [InlineData("pte 800000000f86e025", "a page of 4 KiB", "It maps physical addresses 0xf86e000 to 0xf86efff.")]
    [InlineData("pte 800000000f86e025", "a page of 4 KiB", "For user and kernel: read, if every level above allows it.")]
    [InlineData("pmd 80000000024001e3", "a page of 2 MiB", "It maps physical addresses 0x2400000 to 0x25fffff.")]
    [InlineData("pdpte 00000001400000e3", "a page of 1 GiB", "It maps physical addresses 0x140000000 to 0x17fffffff.")]
    [InlineData("pml4e e7", "a page-directory-pointer table", "Bit 7 is reserved at this level: any access through it faults with RSVD.")]
    [InlineData("pde 80000000024021e3", "a page of 2 MiB", "Reserved bits are set: 13.")]
    [InlineData("pte 0", "not present", "Empty: nothing is mapped here.")]
    [InlineData("pte 800000000f86e141", "a page of 4 KiB", "Dirty but not writable: to a processor with shadow stacks (CR4.CET) that marks a shadow-stack page; Linux otherwise sees it after fork or mprotect.")]
    public void EntriesOfPageTablesAreDecodedByLevel(string command, string title, string note)
    {
        Decoded decoded = Decoding.Of(command);
        Assert.EndsWith(title, decoded.Title);
        Assert.Contains(note, decoded.Notes);
    }

    [Fact]
    public void ProtectionKeysAndSoftwareBitsAreShown()
    {
        Decoded decoded = Decoding.Of("pte a80000000f86ee67");
        Assert.Equal("5", decoded.Field("PK"));
        Assert.Equal(["SW1", "SW2", "SW3"], decoded.Fields.Where(field => field.Name.StartsWith("SW", StringComparison.Ordinal)).Select(field => field.Name));
    }

    [Fact]
    public void SwapEntriesAreInvertedBack()
    {
        // __swp_entry of arch/x86/include/asm/pgtable_64.h: the type in the upper five bits, the inverted offset below.
        const ulong Type = 3, Offset = 0x12345;
        ulong entry = (~Offset << 14 << 5 >> 5) | (Type << 59);
        Assert.Contains("type 3, offset 0x12345", Decoding.Of($"pte {entry:x}").AllNotes());
    }

    [Theory]
    [InlineData("msr IA32_LSTAR", "MSR 0xc0000082: IA32_LSTAR")]
    [InlineData("msr MSR_LSTAR", "MSR 0xc0000082: IA32_LSTAR")]
    [InlineData("msr lstar", "MSR 0xc0000082: IA32_LSTAR")]
    [InlineData("msr c0000082", "MSR 0xc0000082: IA32_LSTAR")]
    [InlineData("msr 0x401", "MSR 0x401: IA32_MC0_STATUS")]
    [InlineData("msr 0x40e", "MSR 0x40e: IA32_MC3_ADDR")]
    [InlineData("msr 0x203", "MSR 0x203: IA32_MTRR_PHYSMASK1")]
    [InlineData("msr MSR_IA32_TSC", "MSR 0x10: IA32_TIME_STAMP_COUNTER")]
    [InlineData("msr MSR_SYSCALL_MASK 47700", "MSR 0xc0000084: IA32_FMASK = 0x0000000000047700")]
    public void MsrsAreFoundByNameAndNumber(string command, string title) => Assert.Equal(title, Decoding.Of(command).Title);

    [Fact]
    public void ValuesOfMsrsAreDecoded()
    {
        Assert.Equal("0x23", Decoding.Of("msr STAR 0023001000000000").Field("SYSRET CS"));
        Assert.Contains("As x86-64 Linux loads it", Decoding.Of("msr STAR 0023001000000000").AllNotes());
        Assert.Equal("0xfee00000", Decoding.Of("msr 1b fee00d00").Field("base"));
        Assert.Contains("The value that Linux loads", Decoding.Of("msr PAT 0407050600070106").AllNotes());
        Assert.Contains("not canonical", Decoding.Of("msr GS_BASE 8000000000000000").AllNotes());
    }

    [Fact]
    public void MsrsHaveOneNameAndNumberEach()
    {
        Assert.Equal(MsrTable.Rows.Count, MsrTable.Rows.Select(msr => msr.Number).Distinct().Count());
        Assert.Equal(MsrTable.Rows.Count, MsrTable.Rows.Select(msr => msr.Name).Distinct().Count());
        Assert.Equal(MsrTable.Rows.Select(msr => msr.Number).ToHashSet(), MsrTable.Rows.Select(msr => MsrDecoder.FindName(msr.Name)[0].Number).ToHashSet());
        Assert.Contains("several names", Decoding.Error("msr MTRR"));
    }
}
