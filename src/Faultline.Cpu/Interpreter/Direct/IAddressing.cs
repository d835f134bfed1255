using Faultline.Cpu.State;
using Faultline.Cpu.Table;

namespace Faultline.Cpu.Interpreter.Direct;

/// <summary>How the linear address of a memory operand follows, with 64-bit addresses; as a type, for handlers that have it compiled in.</summary>
internal unsafe interface IAddressing
{
    /// <summary>The address.</summary>
    static abstract ulong Of(CpuState* s, Operation* op);
}
