namespace Faultline.Cpu.Table;

/// <summary>What an instruction does to control flow and ordering, as far as the engines must know.</summary>
internal enum InstructionClass : byte
{
    /// <summary>Continues with the next instruction; a memory operand may fault.</summary>
    Plain,

    /// <summary>May go elsewhere.</summary>
    Branch,

    /// <summary>Waits for everything before it (CPUID, MFENCE, SERIALIZE).</summary>
    Serialising,

    /// <summary>Leaves guest code for the operating system.</summary>
    System,
}
