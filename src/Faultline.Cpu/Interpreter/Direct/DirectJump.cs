using Faultline.Cpu.Interpreter.Handlers;
using Faultline.Cpu.State;
using Faultline.Cpu.Table;

namespace Faultline.Cpu.Interpreter.Direct;

/// <summary>Jcc with its condition compiled in.</summary>
internal static unsafe class DirectJump<TCondition>
    where TCondition : struct, IConditionBody
{
    /// <summary>The direct handler; a jump has one kind of operand.</summary>
    public static delegate*<CpuState*, Operation*, Operation*> Bind(OperandKinds kinds) => &Jump;

    private static Operation* Jump(CpuState* s, Operation* op)
    {
        if (TCondition.Test(s))
            return ControlFlow.Follow(s, op);
        return ControlFlow.FallThrough(s, op);
    }
}
