using Faultline.Explain.Decode.Registers;

namespace Faultline.Explain.Decode.Msrs;

/// <summary>Fields of the model-specific registers that crashes and boots are about.</summary>
internal static class MsrLayouts
{
    private const string Volume4 = "Intel SDM vol. 4, table 2-2";

    private static readonly string[] _memoryTypes = ["UC", "WC", "reserved", "reserved", "WT", "WP", "WB", "UC-"];

    /// <summary>IA32_APIC_BASE.</summary>
    public static RegisterLayout ApicBase { get; } = new("IA32_APIC_BASE", 64, "Intel SDM vol. 3A, section 11.4.4",
    [
        new("BSP", 8, "this is the bootstrap processor"),
        new("EXTD", 10, "x2APIC mode"),
        new("EN", 11, "the local APIC is on"),
        BitField.Address("base", 51, 12, "physical address of its registers"),
    ]);

    /// <summary>IA32_FEATURE_CONTROL.</summary>
    public static RegisterLayout FeatureControl { get; } = new("IA32_FEATURE_CONTROL", 64, Volume4,
    [
        new("lock", 0, "no further writes until a reset; VMXON needs it"),
        new("VMX in SMX", 1, "VMXON is allowed inside SMX"),
        new("VMX outside SMX", 2, "VMXON is allowed outside SMX"),
        new("SENTER local", 14, 8, "SENTER functions allowed"),
        new("SENTER", 15, "SENTER is allowed"),
        new("SGX launch", 17, "SGX launch control may be written"),
        new("SGX", 18, "SGX is allowed"),
        new("LMCE", 20, "machine checks for one processor are allowed"),
    ]);

    /// <summary>IA32_SPEC_CTRL.</summary>
    public static RegisterLayout SpecCtrl { get; } = new("IA32_SPEC_CTRL", 64, Volume4,
    [
        new("IBRS", 0, "indirect branch restricted speculation"),
        new("STIBP", 1, "single-thread indirect branch predictors"),
        new("SSBD", 2, "speculative store bypass is off"),
        new("IPRED_DIS_U", 3, "no indirect branch prediction in ring 3"),
        new("IPRED_DIS_S", 4, "no indirect branch prediction in rings 0 to 2"),
        new("RRSBA_DIS_U", 5, "no alternate return prediction in ring 3"),
        new("RRSBA_DIS_S", 6, "no alternate return prediction in rings 0 to 2"),
        new("PSFD", 7, "predictive store forwarding is off"),
        new("DDPD_U", 8, "data-dependent prefetch is off in ring 3"),
        new("BHI_DIS_S", 10, "branch history injection is prevented in rings 0 to 2"),
    ]);

    /// <summary>IA32_ARCH_CAPABILITIES.</summary>
    public static RegisterLayout ArchCapabilities { get; } = new("IA32_ARCH_CAPABILITIES", 64, Volume4,
    [
        new("RDCL_NO", 0, "not open to Meltdown"),
        new("IBRS_ALL", 1, "enhanced IBRS"),
        new("RSBA", 2, "returns may use other predictions when the return buffer is empty"),
        new("SKIP_L1DFL_VMENTRY", 3, "no L1D flush is needed at VM entry"),
        new("SSB_NO", 4, "not open to speculative store bypass"),
        new("MDS_NO", 5, "not open to microarchitectural data sampling"),
        new("IF_PSCHANGE_MC_NO", 6, "no machine check when a page's size changes"),
        new("TSX_CTRL", 7, "IA32_TSX_CTRL exists"),
        new("TAA_NO", 8, "not open to asynchronous aborts of TSX"),
        new("MCU_CONTROL", 9, "IA32_MCU_CONTROL exists"),
        new("MISC_PACKAGE_CTLS", 10, "IA32_MISC_PACKAGE_CTLS exists"),
        new("ENERGY_FILTERING_CTL", 11, "energy filtering can be controlled"),
        new("DOITM", 12, "data-operand-independent timing exists"),
        new("SBDR_SSDP_NO", 13, "not open to shared buffers data reads"),
        new("FBSDP_NO", 14, "not open to fill buffer stale data propagation"),
        new("PSDP_NO", 15, "not open to primary stale data propagation"),
        new("FB_CLEAR", 17, "VERW clears fill buffers"),
        new("FB_CLEAR_CTRL", 18, "that can be turned off"),
        new("RRSBA", 19, "restricted alternate return predictions"),
        new("BHI_NO", 20, "not open to branch history injection"),
        new("XAPIC_DISABLE_STATUS", 21, "IA32_XAPIC_DISABLE_STATUS exists"),
        new("OVERCLOCKING_STATUS", 23, "IA32_OVERCLOCKING_STATUS exists"),
        new("PBRSB_NO", 24, "not open to post-barrier return predictions"),
        new("GDS_CTRL", 25, "gather data sampling can be mitigated"),
        new("GDS_NO", 26, "not open to gather data sampling"),
        new("RFDS_NO", 27, "not open to register file data sampling"),
        new("RFDS_CLEAR", 28, "VERW clears register files"),
        new("ITS_NO", 62, "not open to indirect target selection"),
    ]);

    /// <summary>IA32_MISC_ENABLE.</summary>
    public static RegisterLayout MiscEnable { get; } = new("IA32_MISC_ENABLE", 64, Volume4,
    [
        new("fast strings", 0, "REP MOVS and STOS use their fast forms"),
        new("TCC", 3, "automatic thermal control"),
        new("perf", 7, "performance counters exist"),
        new("no BTS", 11, "branch trace store is absent"),
        new("no PEBS", 12, "precise event sampling is absent"),
        new("EIST", 16, "enhanced SpeedStep"),
        new("MONITOR", 18, "MONITOR and MWAIT"),
        new("limit CPUID", 22, "CPUID ends at leaf 3 (2 on some)"),
        new("no xTPR", 23, "xTPR messages are off"),
        new("no XD", 34, "NX is hidden from CPUID"),
        new("no turbo", 38, "turbo frequencies are off"),
    ]);

    /// <summary>IA32_PAT.</summary>
    public static RegisterLayout Pat { get; } = new("IA32_PAT", 64, "Intel SDM vol. 3A, section 12.12",
        [.. Enumerable.Range(0, 8).Select(n => new BitField($"PA{n}", (8 * n) + 2, 8 * n, $"memory type for PAT:PCD:PWT = {n >> 2}{n >> 1 & 1}{n & 1}", _memoryTypes))])
    {
        Remarks = value => value switch
        {
            0x0007_0406_0007_0406 => ["The value after a reset."],
            0x0407_0506_0007_0106 => ["The value that Linux loads."],
            _ => [],
        },
    };

    /// <summary>IA32_STAR.</summary>
    public static RegisterLayout Star { get; } = new("IA32_STAR", 64, "Intel SDM vol. 3A, section 5.8.8",
    [
        new("SYSCALL EIP", 31, 0, "entry of 32-bit SYSCALL (AMD)"),
        new("SYSCALL CS", 47, 32, "CS after SYSCALL; SS is 8 more"),
        new("SYSRET CS", 63, 48, "CS after a 32-bit SYSRET; 64-bit: 16 more, and SS is 8 more"),
    ])
    {
        Remarks = value => value >> 32 == 0x23_0010 ? ["As x86-64 Linux loads it: __KERNEL_CS 0x10, user base 0x23."] : [],
    };

    /// <summary>IA32_DEBUGCTL.</summary>
    public static RegisterLayout DebugCtl { get; } = new("IA32_DEBUGCTL", 64, "Intel SDM vol. 3B, section 18.4.1",
    [
        new("LBR", 0, "last branches are recorded"),
        new("BTF", 1, "single step stops at branches only"),
        new("BLD", 2, "bus locks raise #DB"),
        new("TR", 6, "branch messages"),
        new("BTS", 7, "branches are stored to memory"),
        new("BTINT", 8, "a full store raises an interrupt"),
        new("BTS_OFF_OS", 9, "not in ring 0"),
        new("BTS_OFF_USR", 10, "not in other rings"),
        new("FREEZE_LBRS_ON_PMI", 11, "records stop at a performance interrupt"),
        new("FREEZE_PERFMON_ON_PMI", 12, "counters stop at a performance interrupt"),
        new("UNCORE_PMI_EN", 13, "uncore interrupts are delivered"),
        new("FREEZE_WHILE_SMM", 14, "counters stop in system management mode"),
        new("RTM_DEBUG", 15, "debugging inside transactions"),
    ]);

    /// <summary>IA32_U_CET and IA32_S_CET.</summary>
    public static RegisterLayout Cet { get; } = new("CET", 64, "Intel SDM vol. 1, section 17.2.2",
    [
        new("SH_STK_EN", 0, "shadow stacks"),
        new("WR_SHSTK_EN", 1, "WRSS is allowed"),
        new("ENDBR_EN", 2, "indirect branches must land on ENDBR"),
        new("LEG_IW_EN", 3, "the legacy bitmap is consulted"),
        new("NO_TRACK_EN", 4, "NOTRACK prefixes are honoured"),
        new("SUPPRESS_DIS", 5, "suppression is off"),
        new("SUPPRESS", 10, "tracking is suppressed"),
        new("TRACKER", 11, "an ENDBR is awaited"),
        BitField.Address("bitmap", 63, 12, "linear address of the legacy bitmap"),
    ]);

    /// <summary>IA32_MCi_STATUS.</summary>
    public static RegisterLayout McStatus { get; } = new("IA32_MCi_STATUS", 64, "Intel SDM vol. 3B, section 16.3.2.2",
    [
        new("MCA code", 15, 0, "the architectural error code"),
        new("model code", 31, 16, "the model's error code"),
        new("other", 52, 32, "counts of corrected errors and the model's own"),
        new("threshold", 54, 53, "state of the threshold of corrected errors", "none", "green", "yellow", "reserved"),
        new("AR", 55, "recovery is needed before going on"),
        new("S", 56, "signalled by a machine check"),
        new("PCC", 57, "the processor's state may be corrupt"),
        new("ADDRV", 58, "MCi_ADDR is valid"),
        new("MISCV", 59, "MCi_MISC is valid"),
        new("EN", 60, "reporting was enabled"),
        new("UC", 61, "not corrected"),
        new("OVER", 62, "another error was lost"),
        new("VAL", 63, "the bank holds an error"),
    ]);

    /// <summary>IA32_MTRR_DEF_TYPE.</summary>
    public static RegisterLayout MtrrDefType { get; } = new("IA32_MTRR_DEF_TYPE", 64, "Intel SDM vol. 3A, section 12.11.2.1",
    [
        new("type", 2, 0, "memory type outside every range", _memoryTypes),
        new("FE", 10, "fixed ranges are on"),
        new("E", 11, "MTRRs are on"),
    ]);

    /// <summary>IA32_TSC_AUX as Linux fills it.</summary>
    public static RegisterLayout TscAux { get; } = new("IA32_TSC_AUX", 64, "Intel SDM vol. 3B, section 18.17.2; Linux: VDSO_CPUNODE_BITS",
    [
        new("CPU", 11, 0, "Linux: the processor"),
        new("node", 31, 12, "Linux: its node"),
    ]);
}
