using Faultline.Cpu.State;
using Faultline.Cpu.Table;
using Iced.Intel;

namespace Faultline.Cpu.Translator;

/// <summary>
/// Finds the accesses of a region that can share a check (see <see cref="MemoryGroup"/>): follows what registers hold, as an unknown value and a constant added to it,
/// through the blocks, and from a block to those that it alone leads to.
/// </summary>
internal sealed class MemoryGrouping
{
    /// <summary>Bytes of a group at most within a block. A longer one crosses a page more often, and then none of its accesses is inline.</summary>
    public const int MaxSpan = 256;

    /// <summary>Bytes of a group at most that goes on in another block, where its further accesses may not be executed.</summary>
    private const int MaxSpanAcrossBlocks = 128;

    private const int StackPointer = 4;

    private readonly InstructionInfoFactory _information = new();
    private readonly Dictionary<RegionBlock, State> _inherited = [];
    private int _unknowns;

    private RegionBlock _block = null!;
    private State _state = null!;

    /// <summary>Gives the accesses of a region's instructions their groups.</summary>
    /// <param name="blocks">The blocks in the order of emission.</param>
    public static void Find(IReadOnlyList<RegionBlock> blocks)
    {
        MemoryGrouping grouping = new();
        foreach (RegionBlock block in blocks)
            grouping.FollowBlock(block);
    }

    private void FollowBlock(RegionBlock block)
    {
        _block = block;
        _state = _inherited.Remove(block, out State? inherited) ? inherited : new State(UnknownRegisters(), []);
        foreach (RegionInstruction instruction in block.Instructions)
        {
            InstructionInfo information = _information.GetInfo(instruction.Decoded);
            FindOperand(instruction, information);
            FindStack(instruction);
            FollowRegisters(instruction, information);
        }
        foreach (RegionBlock successor in block.Successors)
        {
            if (successor.Inherits(block))
                _inherited[successor] = new State([.. _state.Registers], [.. _state.Groups]);
        }
    }

    private Value[] UnknownRegisters()
    {
        Value[] registers = new Value[16];
        for (int i = 0; i < registers.Length; i++)
            registers[i] = Unknown(i == StackPointer);
        return registers;
    }

    private Value Unknown(bool stack = false) => new(++_unknowns, 0, stack);

    /// <summary>What a register holds; an absent one is known to be 0.</summary>
    private Value Register(ushort offset) => offset == CpuState.ZeroOffset ? default : _state.Registers[offset >> 3];

    /// <summary>The explicit memory operand.</summary>
    private void FindOperand(RegionInstruction instruction, in InstructionInfo information)
    {
        ref Operation op = ref instruction.Op;
        Instruction decoded = instruction.Decoded;
        if ((op.Flags & OperationFlags.Address32) != 0 || decoded.MemoryIndex.IsVectorRegister() || instruction.Form.Shape is FormShape.Lea or FormShape.Nop)
            return;
        // The address of POP's operand is that after the increment.
        if (instruction.Form.Shape == FormShape.Pop && op.Base >> 3 == StackPointer)
            return;
        for (int i = 0; i < decoded.OpCount; i++)
        {
            if (decoded.GetOpKind(i) != OpKind.Memory)
                continue;
            Value @base = Register(op.Base), index = Register(op.Index);
            int scale = index.Unknown == 0 ? 0 : op.Scale;
            Root root = new(@base.Unknown, index.Unknown, scale, op.Segment, @base.IsStack);
            long start = @base.Constant + (index.Constant << op.Scale) + (long)op.Displacement;
            bool writes = information.GetOpAccess(i) is OpAccess.Write or OpAccess.CondWrite or OpAccess.ReadWrite or OpAccess.ReadCondWrite;
            instruction.Operand = Join(root, start, decoded.MemorySize.GetSize(), writes);
        }
    }

    /// <summary>What an instruction pushes or pops.</summary>
    private void FindStack(RegionInstruction instruction)
    {
        bool leave = instruction.Decoded.Code == Code.Leaveq;
        Value top = _state.Registers[leave ? 5 : StackPointer];
        Root root = new(top.Unknown, 0, 0, CpuState.ZeroOffset, top.IsStack);
        switch (instruction.Form.Shape)
        {
            case FormShape.Push when instruction.Form.Width == 8:
            case FormShape.Call or FormShape.CallIndirect:
                instruction.Stack = Join(root, top.Constant - 8, 8, writes: true);
                break;
            case FormShape.Pop when instruction.Form.Width == 8:
            case FormShape.Return:
            case FormShape.Whole when leave:
                instruction.Stack = Join(root, top.Constant, 8, writes: false);
                break;
        }
    }

    private GroupedAccess Join(in Root root, long start, int size, bool writes)
    {
        if (size is 0 or > MaxSpan)
            return default;
        foreach ((Root of, MemoryGroup group) in _state.Groups)
        {
            if (of != root)
                continue;
            // Code elsewhere may not be reached: it must not make the check fail where the stores are to a page that is only read otherwise. The stack is always written.
            bool here = group.Home == _block;
            if (group.SpanWith(start, size) > (here ? MaxSpan : MaxSpanAcrossBlocks) || (writes && !group.Writes && !here && !root.IsStack))
                continue;
            group.Add(start, size, writes);
            return new GroupedAccess(group, start);
        }
        MemoryGroup added = new(_block, start, size, writes);
        _state.Groups.Add((root, added));
        return new GroupedAccess(added, start);
    }

    private void FollowRegisters(RegionInstruction instruction, in InstructionInfo information)
    {
        Value[] registers = _state.Registers;
        Value stack = registers[StackPointer];
        (int Number, Value Value)? known = KnownResult(instruction);
        foreach (UsedRegister used in information.GetUsedRegisters())
        {
            if (used.Register.IsGPR() && used.Access is OpAccess.Write or OpAccess.CondWrite or OpAccess.ReadWrite or OpAccess.ReadCondWrite)
                registers[used.Register.GetFullRegister() - Iced.Intel.Register.RAX] = Unknown();
        }
        if (instruction.Form.Shape is FormShape.Push or FormShape.Pop or FormShape.Call or FormShape.CallIndirect or FormShape.Return)
            registers[StackPointer] = stack with { Constant = stack.Constant + instruction.Decoded.StackPointerIncrement };
        if (instruction.Form.Shape == FormShape.Pop && instruction.Decoded.Op0Kind == OpKind.Register)
            registers[instruction.Op.Op0 >> 3] = Unknown();
        if (known is var (number, value))
            registers[number] = value;
    }

    /// <summary>The register of 64 bits that an instruction gives another's value and a constant, or just a constant.</summary>
    private (int Number, Value Value)? KnownResult(RegionInstruction instruction)
    {
        ref Operation op = ref instruction.Op;
        Instruction decoded = instruction.Decoded;
        if (decoded.Code == Code.Leaveq)
        {
            Value frame = _state.Registers[5];
            return (StackPointer, frame with { Constant = frame.Constant + 8 });
        }
        if (instruction.Form.Width != 8 || decoded.OpCount == 0 || decoded.Op0Kind != OpKind.Register || !decoded.Op0Register.IsGPR64())
            return null;
        int number = op.Op0 >> 3;
        bool immediate = decoded.OpCount == 2 && decoded.Op1Kind is not (OpKind.Register or OpKind.Memory);
        Value old = _state.Registers[number];
        switch (instruction.Form.Shape)
        {
            case FormShape.Move when decoded.Op1Kind == OpKind.Register && decoded.Op1Register.IsGPR64():
                return (number, Register(op.Op1));
            case FormShape.Move when immediate:
                return (number, new Value(0, (long)op.Immediate, IsStack: false));
            case FormShape.Lea when (op.Flags & OperationFlags.Address32) == 0 && Register(op.Index) == default:
                Value @base = Register(op.Base);
                return (number, @base with { Constant = @base.Constant + (long)op.Displacement });
            case FormShape.Rmw when immediate && decoded.Mnemonic == Mnemonic.Add:
                return (number, old with { Constant = old.Constant + (long)op.Immediate });
            case FormShape.Rmw when immediate && decoded.Mnemonic == Mnemonic.Sub:
                return (number, old with { Constant = old.Constant - (long)op.Immediate });
            case FormShape.Modify when decoded.Mnemonic == Mnemonic.Inc:
                return (number, old with { Constant = old.Constant + 1 });
            case FormShape.Modify when decoded.Mnemonic == Mnemonic.Dec:
                return (number, old with { Constant = old.Constant - 1 });
            default:
                return null;
        }
    }

    /// <summary>The value of a register.</summary>
    /// <param name="Unknown">Number of the value that is not known; 0 for none.</param>
    /// <param name="Constant">What is added to it.</param>
    /// <param name="IsStack">Whether RSP held the unknown value.</param>
    private readonly record struct Value(int Unknown, long Constant, bool IsStack);

    /// <summary>What the addresses of a group have in common.</summary>
    private readonly record struct Root(int Base, int Index, int Scale, ushort Segment, bool IsStack);

    /// <summary>What is known at a point: the registers, and the groups that can go on.</summary>
    private sealed record State(Value[] Registers, List<(Root Root, MemoryGroup Group)> Groups);
}
