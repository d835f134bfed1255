namespace Faultline.Cpu.Interpreter.Direct;

/// <summary>Where the two operands of an integer form are; "near" memory is addressed by a base register and a displacement alone.</summary>
internal enum OperandKinds : byte
{
    /// <summary>Anything without a direct handler: LOCK, implicit operands, 32-bit addresses.</summary>
    Other,

    RegisterRegister,
    RegisterImmediate,
    RegisterMemory,
    MemoryRegister,
    MemoryImmediate,
    RegisterNear,
    NearRegister,
    NearImmediate,

    /// <summary>With one of the others: a comparison that is followed by a conditional jump, whose handler does both.</summary>
    WithJump = 0x80,
}
