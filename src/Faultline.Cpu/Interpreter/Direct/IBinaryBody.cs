using Faultline.Cpu.State;

namespace Faultline.Cpu.Interpreter.Direct;

/// <summary>A body of shape <see cref="Table.FormShape.Rmw"/> as a type.</summary>
internal unsafe interface IBinaryBody<T>
    where T : unmanaged
{
    /// <summary>The body.</summary>
    static abstract T Apply(CpuState* s, T a, T b);
}
