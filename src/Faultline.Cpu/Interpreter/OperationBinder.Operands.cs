using Faultline.Cpu.State;
using Faultline.Cpu.Table;
using Iced.Intel;

namespace Faultline.Cpu.Interpreter;

// Operands to offsets.
internal static unsafe partial class OperationBinder
{
    private static void BindOperands(ref Operation op, in Instruction instruction)
    {
        op.Base = op.Segment = (byte)CpuState.ZeroOffset;
        op.Index = op.Op0 = op.Op1 = op.Op2 = (ushort)CpuState.ZeroOffset;
        if (instruction.HasLockPrefix)
            op.Flags |= OperationFlags.Lock;
        if (instruction.HasRepePrefix)
            op.Flags |= OperationFlags.Repe;
        if (instruction.HasRepnePrefix)
            op.Flags |= OperationFlags.Repne;

        bool haveImmediate = false;
        int count = instruction.OpCount;
        for (int i = 0; i < count; i++)
        {
            OpKind kind = instruction.GetOpKind(i);
            switch (kind)
            {
                case OpKind.Register:
                    ushort offset = RegisterMap.Offset(instruction.GetOpRegister(i));
                    if (i == 0)
                        op.Op0 = offset;
                    else if (i == 1)
                        op.Op1 = offset;
                    else if (i == 2)
                        op.Op2 = offset;
                    else
                        // A register in the immediate's bits (VEX, is4).
                        op.Immediate = offset;
                    break;
                case OpKind.NearBranch16:
                case OpKind.NearBranch32:
                case OpKind.NearBranch64:
                    op.Immediate = instruction.NearBranchTarget;
                    op.Flags |= OperationFlags.DirectBranch;
                    break;
                case OpKind.Memory:
                    op.Flags |= (OperationFlags)(1 << i);
                    BindMemory(ref op, instruction);
                    break;
                case OpKind.MemorySegSI:
                case OpKind.MemorySegESI:
                case OpKind.MemorySegRSI:
                case OpKind.MemorySegDI:
                case OpKind.MemorySegEDI:
                case OpKind.MemorySegRDI:
                case OpKind.MemoryESDI:
                case OpKind.MemoryESEDI:
                case OpKind.MemoryESRDI:
                    // String operands are implicit; only the segment of the source and the address size vary.
                    if (kind is OpKind.MemorySegESI or OpKind.MemorySegEDI or OpKind.MemoryESEDI)
                        op.Flags |= OperationFlags.Address32;
                    if (kind is not (OpKind.MemoryESDI or OpKind.MemoryESEDI or OpKind.MemoryESRDI))
                        op.Segment = SegmentOffset(instruction.MemorySegment);
                    break;
                case >= OpKind.Immediate8 and <= OpKind.Immediate32to64:
                    // A second immediate (ENTER, EXTRQ) has no memory operand beside it, so the displacement is free.
                    if (haveImmediate)
                        op.Displacement = instruction.GetImmediate(i);
                    else
                        op.Immediate = instruction.GetImmediate(i);
                    haveImmediate = true;
                    break;
            }
        }
    }

    /// <summary>PUSH, POP, CALL, RET and their relatives without another memory operand use the stack segment alone.</summary>
    private static void BindImplicitStack(ref Operation op, in Instruction instruction)
    {
        if (!IsMemory(ref op) && instruction.IsStackInstruction)
            op.Flags |= OperationFlags.StackSegment;
    }

    private static void BindMemory(ref Operation op, in Instruction instruction)
    {
        Register memoryBase = instruction.MemoryBase;
        Register index = instruction.MemoryIndex;
        op.Displacement = instruction.MemoryDisplacement64;
        op.Base = (byte)RegisterMap.Offset(memoryBase);
        op.Index = RegisterMap.Offset(index);
        op.Scale = (byte)System.Numerics.BitOperations.Log2((uint)instruction.MemoryIndexScale);
        op.Segment = SegmentOffset(instruction.MemorySegment);
        // By the base alone: 64-bit mode takes no notice of CS, DS, ES and SS prefixes (SDM vol. 1, 3.3.7), in the choice between #SS and #GP either.
        if (memoryBase is Register.RSP or Register.RBP or Register.ESP or Register.EBP && instruction.SegmentPrefix is not (Register.FS or Register.GS))
            op.Flags |= OperationFlags.StackSegment;

        bool address32 = memoryBase is Register.EIP or (>= Register.EAX and <= Register.R15D) || index is >= Register.EAX and <= Register.R15D
            || (memoryBase == Register.None && index is not (>= Register.RAX and <= Register.R15) && instruction.MemoryDisplSize == 4);
        if (address32)
            op.Flags |= OperationFlags.Address32;
    }

    private static byte SegmentOffset(Register segment) => (byte)(segment switch
    {
        Register.FS => CpuState.FsBaseOffset,
        Register.GS => CpuState.GsBaseOffset,
        _ => CpuState.ZeroOffset,
    });
}
