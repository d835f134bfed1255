namespace Faultline.Explain.Decode.Registers;

/// <summary>Access rights of a segment as VMX keeps them in a VMCS, and LAR shows them shifted by 8.</summary>
internal static class AccessRights
{
    private static readonly string[] _types =
    [
        "data, read-only; system: reserved", "data, read-only, accessed; system: 16-bit TSS, available", "data, read/write; system: LDT",
        "data, read/write, accessed; system: 16-bit TSS, busy", "data, read-only, expand-down; system: 16-bit call gate",
        "data, read-only, expand-down, accessed; system: task gate", "data, read/write, expand-down; system: 16-bit interrupt gate",
        "data, read/write, expand-down, accessed; system: 16-bit trap gate", "code, execute-only; system: reserved",
        "code, execute-only, accessed; system: TSS, available", "code, execute/read; system: reserved", "code, execute/read, accessed; system: TSS, busy",
        "code, execute-only, conforming; system: call gate", "code, execute-only, conforming, accessed; system: reserved",
        "code, execute/read, conforming; system: interrupt gate", "code, execute/read, conforming, accessed; system: trap gate",
    ];

    /// <summary>The table.</summary>
    public static RegisterLayout Layout { get; } = new("access rights", 32, "Intel SDM vol. 3C, section 25.4.1 (table 25-2)",
    [
        new("type", 3, 0, "type", _types),
        new("S", 4, "code or data; clear for a system segment"),
        new("DPL", 6, 5, "descriptor privilege level"),
        new("P", 7, "present"),
        new("AVL", 12, "free for software"),
        new("L", 13, "64-bit code"),
        new("D/B", 14, "32-bit default operands or stack"),
        new("G", 15, "the limit counts pages of 4 KiB"),
        new("unusable", 16, "the segment register holds no segment (VMX)"),
    ])
    {
        Remarks = value => (value & 0x1_001f) == 0x09 ? ["A TSS that is available: VM entry wants TR's to be busy (type 11)."] : [],
    };
}
