using Faultline.Elf.Relocations;

namespace Faultline.Explain.Images.Objects;

/// <summary>What a loader of relocatable objects accepts.</summary>
internal sealed record LoaderRules
{
    private readonly RelocationType[]? _accepted;

    private LoaderRules(RelocationType[]? accepted)
    {
        _accepted = accepted;
    }

    /// <summary>kexec_file_load's purgatory: arch_kexec_apply_relocations_add in arch/x86/kernel/machine_kexec_64.c. It stores PC-relative values unchecked.</summary>
    public static LoaderRules Kexec { get; } = new(
    [
        RelocationType.R_X86_64_NONE, RelocationType.R_X86_64_64, RelocationType.R_X86_64_32, RelocationType.R_X86_64_32S,
        RelocationType.R_X86_64_PC32, RelocationType.R_X86_64_PLT32,
    ])
    {
        CutsRelative = true,
    };

    /// <summary>Kernel modules: __write_relocate_add in arch/x86/kernel/module.c; what the module does not define, the kernel does.</summary>
    public static LoaderRules Module { get; } = new(
    [
        RelocationType.R_X86_64_NONE, RelocationType.R_X86_64_64, RelocationType.R_X86_64_32, RelocationType.R_X86_64_32S,
        RelocationType.R_X86_64_PC32, RelocationType.R_X86_64_PLT32, RelocationType.R_X86_64_PC64,
    ])
    {
        ResolvesOutside = true,
    };

    /// <summary>A static linker: every type that the psABI has.</summary>
    public static LoaderRules Linker { get; } = new(accepted: null)
    {
        ResolvesOutside = true,
        AllowsNoSymbol = true,
    };

    /// <summary>Whether PC-relative values are cut to 32 bits without a check.</summary>
    public bool CutsRelative { get; private init; }

    /// <summary>Whether symbols that the file does not define are looked up elsewhere.</summary>
    public bool ResolvesOutside { get; private init; }

    /// <summary>Whether the null symbol is a legal target.</summary>
    public bool AllowsNoSymbol { get; private init; }

    /// <summary>Whether the loader applies a type, from symbol, addend and place alone.</summary>
    public bool Accepts(RelocationType type) => _accepted is null ? RelocationKind.Of(type) is not null : Array.IndexOf(_accepted, type) >= 0;

    /// <summary>Whether the loader handles a type at all (a linker does those for which it makes tables).</summary>
    public bool Knows(RelocationType type) => _accepted is null ? Enum.IsDefined(type) : Accepts(type);
}
