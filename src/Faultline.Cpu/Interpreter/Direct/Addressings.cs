using System.Runtime.CompilerServices;
using Faultline.Cpu.State;
using Faultline.Cpu.Table;

namespace Faultline.Cpu.Interpreter.Direct;

/// <summary>A base register and a displacement: four operands of five.</summary>
internal readonly unsafe struct BaseOnly : IAddressing
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Of(CpuState* s, Operation* op) => *(ulong*)((byte*)s + op->Base) + op->Displacement;
}

/// <summary>All that there is: segment, base, index and displacement.</summary>
internal readonly unsafe struct Scaled : IAddressing
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Of(CpuState* s, Operation* op) =>
        *(ulong*)((byte*)s + op->Base) + (*(ulong*)((byte*)s + op->Index) << op->Scale) + op->Displacement + *(ulong*)((byte*)s + op->Segment);
}
