using System.Runtime.InteropServices;
using Faultline.Cpu.State;

namespace Faultline.Cpu.Table;

/// <summary>
/// One decoded instruction, ready to run: 64 bytes, one cache line. Blocks are arrays of these; a handler gets its own and returns the
/// next, or null to go back to the dispatcher. Register operands are byte offsets into <see cref="CpuState"/>.
/// </summary>
[StructLayout(LayoutKind.Sequential, Pack = 8)]
internal unsafe struct Operation
{
    /// <summary>What the interpreter calls: operand fetch and store around <see cref="Body"/>.</summary>
    public delegate*<CpuState*, Operation*, Operation*> Handler;

    /// <summary>The instruction's meaning; its signature follows from the form (see <see cref="InstructionForm"/>).</summary>
    public void* Body;

    /// <summary>Immediate, sign-extended as the instruction does; for a direct branch its target.</summary>
    public ulong Immediate;

    /// <summary>Displacement; with RIP-relative addressing the final address. Of a conditional jump: how often it was not taken.</summary>
    public ulong Displacement;

    /// <summary>Address of the instruction.</summary>
    public ulong Rip;

    /// <summary>For branches: the first operation of the target block once it is known.</summary>
    public Operation* Link;

    /// <summary>Operand 0: offset of the register; meaningless when it is memory.</summary>
    public ushort Op0;

    /// <summary>Operand 1.</summary>
    public ushort Op1;

    /// <summary>Operand 2's register offset, where there is one; of a comparison that does the jump behind it, the outcomes for which it is taken.</summary>
    public ushort Op2;

    /// <summary>Index register's offset, or that of <see cref="CpuState.Zero"/>.</summary>
    public ushort Index;

    /// <summary>How many instructions have been executed since the segment of the block began, this one included; branches take it off the budget.</summary>
    public ushort Count;

    /// <summary>See <see cref="OperationFlags"/>.</summary>
    public OperationFlags Flags;

    /// <summary>Base register's offset, or that of <see cref="CpuState.Zero"/>.</summary>
    public byte Base;

    /// <summary>Offset of the segment base that is added, or that of <see cref="CpuState.Zero"/>.</summary>
    public byte Segment;

    /// <summary>Left shift of the index: 0 to 3.</summary>
    public byte Scale;

    /// <summary>Length of the instruction in bytes, 1 to 15.</summary>
    public byte Length;
}
