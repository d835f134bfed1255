namespace Faultline.Elf.Notes;

/// <summary>Property numbers and bits of NT_GNU_PROPERTY_TYPE_0 on x86-64 (psABI, "Program Property").</summary>
internal static class GnuProperty
{
    /// <summary>Features that every object of the program has.</summary>
    public const uint GNU_PROPERTY_X86_FEATURE_1_AND = 0xc0000002;

    /// <summary>Instruction sets that the program needs: bit 0 baseline, 1 v2, 2 v3, 3 v4.</summary>
    public const uint GNU_PROPERTY_X86_ISA_1_NEEDED = 0xc0008002;

    /// <summary>Indirect branch tracking.</summary>
    public const uint GNU_PROPERTY_X86_FEATURE_1_IBT = 1;

    /// <summary>Shadow stack.</summary>
    public const uint GNU_PROPERTY_X86_FEATURE_1_SHSTK = 2;
}
