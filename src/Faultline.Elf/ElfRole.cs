namespace Faultline.Elf;

/// <summary>What a file is opened for; it decides which headers are required and which errno a fault gives.</summary>
internal enum ElfRole
{
    /// <summary>The program that execve(2) names.</summary>
    Program,

    /// <summary>The program interpreter that PT_INTERP names.</summary>
    Interpreter,

    /// <summary>Only to be looked at: objects, kernels and core files are welcome, and program headers may be absent.</summary>
    Inspect,
}
