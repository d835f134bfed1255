using Faultline.Cpu.State;

namespace Faultline.Cpu.Interpreter.Direct;

/// <summary>A body of shape <see cref="Table.FormShape.Read"/> as a type.</summary>
internal unsafe interface IReadBody<T>
    where T : unmanaged
{
    /// <summary>The body.</summary>
    static abstract void Apply(CpuState* s, T a, T b);

    /// <summary>The <see cref="Direct.Outcome"/>, from which a jump behind it can tell without looking at flags.</summary>
    static abstract int Outcome(T a, T b);
}
