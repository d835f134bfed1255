namespace Faultline.Elf.Headers;

/// <summary>e_machine: the one that is supported, and names of others for messages.</summary>
internal static class ElfMachine
{
    /// <summary>Intel 80386.</summary>
    public const ushort EM_386 = 3;

    /// <summary>AMD x86-64.</summary>
    public const ushort EM_X86_64 = 62;

    /// <summary>Name and number of a machine, for messages: "AArch64 (183)".</summary>
    public static string Describe(ushort machine)
    {
        string? name = machine switch
        {
            2 => "SPARC",
            EM_386 => "Intel 80386",
            4 => "m68k",
            8 => "MIPS",
            15 => "PA-RISC",
            20 => "PowerPC",
            21 => "PowerPC64",
            22 => "S/390",
            40 => "ARM",
            42 => "SuperH",
            43 => "SPARC V9",
            50 => "IA-64",
            EM_X86_64 => "x86-64",
            183 => "AArch64",
            243 => "RISC-V",
            247 => "BPF",
            258 => "LoongArch",
            _ => null,
        };
        return name is null ? machine.ToString() : $"{name} ({machine})";
    }
}
