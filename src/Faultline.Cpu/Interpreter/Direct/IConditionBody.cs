using Faultline.Cpu.State;

namespace Faultline.Cpu.Interpreter.Direct;

/// <summary>A condition as a type.</summary>
internal unsafe interface IConditionBody
{
    /// <summary>Whether it holds.</summary>
    static abstract bool Test(CpuState* s);
}
