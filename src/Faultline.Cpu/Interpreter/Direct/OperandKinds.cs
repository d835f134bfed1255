namespace Faultline.Cpu.Interpreter.Direct;

/// <summary>Where the two operands of an integer form are.</summary>
internal enum OperandKinds : byte
{
    /// <summary>Anything without a direct handler: LOCK, implicit operands.</summary>
    Other,

    RegisterRegister,
    RegisterImmediate,
    RegisterMemory,
    MemoryRegister,
    MemoryImmediate,
}
