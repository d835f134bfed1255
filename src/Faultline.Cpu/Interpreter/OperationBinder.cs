using Faultline.Cpu.Interpreter.Direct;
using Faultline.Cpu.Interpreter.Handlers;
using Faultline.Cpu.State;
using Faultline.Cpu.Table;
using Iced.Intel;

namespace Faultline.Cpu.Interpreter;

/// <summary>Turns a decoded instruction and its table row into an operation: operands to offsets, shape and operand kinds to a handler.</summary>
internal static unsafe partial class OperationBinder
{
    /// <summary>Fills an operation. A form that is absent, or not in this shape with these operands, becomes #UD.</summary>
    /// <returns>False when it did.</returns>
    public static bool Bind(ref Operation op, in Instruction instruction, InstructionForm form)
    {
        op = default;
        op.Rip = instruction.IP;
        op.Length = (byte)instruction.Length;
        op.Handler = &ControlFlow.Undefined;
        if (form.Shape == FormShape.None || (instruction.HasLockPrefix && !LockAllowed(instruction)))
            return false;

        op.Body = (void*)MethodCode.Of(form.Body);
        BindOperands(ref op, instruction);
        BindImplicitStack(ref op, instruction);
        delegate*<CpuState*, Operation*, Operation*> handler = HandlerOf(ref op, instruction, form);
        if (handler == null)
            return false;
        if (form.Direct != 0)
        {
            var bind = (delegate*<OperandKinds, delegate*<CpuState*, Operation*, Operation*>>)form.Direct;
            delegate*<CpuState*, Operation*, Operation*> direct = bind(KindsOf(ref op, instruction));
            if (direct != null)
                handler = direct;
        }
        op.Handler = MethodCode.Of(handler);
        return true;
    }

    /// <summary>Has a comparison do the conditional jump behind it as well, where its row has a handler for that: one dispatch for two instructions. The jump stays, for those who come to it alone.</summary>
    /// <param name="op">The comparison.</param>
    /// <param name="instruction">The same.</param>
    /// <param name="form">Its row.</param>
    /// <param name="condition">The condition of the jump, which is the next operation.</param>
    public static void BindJump(ref Operation op, in Instruction instruction, InstructionForm form, ConditionCode condition)
    {
        ushort satisfying = Outcome.Satisfying(condition, instruction.Mnemonic == Mnemonic.Test);
        if (form.Shape != FormShape.Read || form.Direct == 0 || satisfying == 0)
            return;
        var bind = (delegate*<OperandKinds, delegate*<CpuState*, Operation*, Operation*>>)form.Direct;
        delegate*<CpuState*, Operation*, Operation*> handler = bind(KindsOf(ref op, instruction) | OperandKinds.WithJump);
        if (handler == null)
            return;
        op.Op2 = satisfying;
        op.Handler = MethodCode.Of(handler);
    }

    private static delegate*<CpuState*, Operation*, Operation*> HandlerOf(ref Operation op, in Instruction instruction, InstructionForm form)
    {
        switch (form.Shape)
        {
            case FormShape.Whole:
                return &General.Whole;
            case FormShape.WholeBranch:
                return &ControlFlow.WholeBranch;
            case FormShape.SystemCall:
                return &ControlFlow.SystemCall;
            case FormShape.Nop:
                return &General.Nop;
            case FormShape.ConditionalJump:
                return &ControlFlow.ConditionalJump;
            case FormShape.Jump:
                return &ControlFlow.Jump;
            case FormShape.Call:
                return &DirectStack.Call;
            case FormShape.JumpIndirect:
                return IsMemory(ref op) ? &ControlFlow.JumpMemory : &ControlFlow.JumpRegister;
            case FormShape.CallIndirect:
                return IsMemory(ref op) ? &ControlFlow.CallMemory : &ControlFlow.CallRegister;
            case FormShape.Return:
                return &DirectStack.Return;
            case FormShape.SetCondition:
                return IsMemory(ref op) ? &General.SetMemory : &General.SetRegister;
            case FormShape.Push:
                return PushHandler(ref op, instruction, form.Width);
            case FormShape.Pop:
                return form.Width == 2
                    ? IsMemory(ref op) ? &General.PopMemory16 : &General.PopRegister16
                    : IsMemory(ref op) ? &General.PopMemory64 : &DirectStack.Pop;
            case FormShape.MoveZeroExtend:
            case FormShape.MoveSignExtend:
                return ExtendHandler(ref op, instruction, form);
            case >= FormShape.VexUnary:
                return VexHandler(ref op, instruction, form);
            case >= FormShape.VectorRmw:
                return VectorHandler(ref op, instruction, form);
        }

        return form.Width switch
        {
            1 => IntegerHandler<byte>(ref op, instruction, form),
            2 => IntegerHandler<ushort>(ref op, instruction, form),
            4 => IntegerHandler<uint>(ref op, instruction, form),
            _ => IntegerHandler<ulong>(ref op, instruction, form),
        };
    }

    private static OperandKinds KindsOf(ref Operation op, in Instruction instruction)
    {
        if (instruction.OpCount != 2 || (op.Flags & OperationFlags.Lock) != 0)
            return OperandKinds.Other;
        bool immediate = IsImmediate(instruction.Op1Kind);
        if (!IsMemory(ref op))
            return immediate ? OperandKinds.RegisterImmediate : OperandKinds.RegisterRegister;
        if ((op.Flags & OperationFlags.Address32) != 0)
            return OperandKinds.Other;
        bool near = op.Index == CpuState.ZeroOffset && op.Segment == CpuState.ZeroOffset;
        if ((op.Flags & OperationFlags.Memory1) != 0)
            return near ? OperandKinds.RegisterNear : OperandKinds.RegisterMemory;
        return immediate ? near ? OperandKinds.NearImmediate : OperandKinds.MemoryImmediate : near ? OperandKinds.NearRegister : OperandKinds.MemoryRegister;
    }

    private static bool IsMemory(ref Operation op) => (op.Flags & (OperationFlags.Memory0 | OperationFlags.Memory1 | OperationFlags.Memory2)) != 0;

    /// <summary>LOCK is #UD but on the forms that store to memory and that the manual lists (SDM vol. 2, LOCK).</summary>
    private static bool LockAllowed(in Instruction instruction) => instruction.Op0Kind == OpKind.Memory && instruction.Mnemonic is
        Mnemonic.Add or Mnemonic.Adc or Mnemonic.And or Mnemonic.Btc or Mnemonic.Btr or Mnemonic.Bts or Mnemonic.Cmpxchg or Mnemonic.Cmpxchg8b
        or Mnemonic.Cmpxchg16b or Mnemonic.Dec or Mnemonic.Inc or Mnemonic.Neg or Mnemonic.Not or Mnemonic.Or or Mnemonic.Sbb or Mnemonic.Sub
        or Mnemonic.Xor or Mnemonic.Xadd or Mnemonic.Xchg;
}
