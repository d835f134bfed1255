using System.Runtime.CompilerServices;
using Faultline.Cpu.Semantics;
using Faultline.Cpu.State;
using Faultline.Cpu.Table;

namespace Faultline.Cpu.Interpreter.Handlers;

/// <summary>MOVZX, MOVSX and MOVSXD from <typeparamref name="TSource"/> to <typeparamref name="T"/>.</summary>
internal static unsafe class Extend<T, TSource>
    where T : unmanaged
    where TSource : unmanaged
{
    public static Operation* ZeroRegister(CpuState* s, Operation* op) => Zero(s, op, Operand.Register<TSource>(s, op->Op1));

    [MethodImpl(MethodImplOptions.NoInlining)]
    public static Operation* ZeroMemory(CpuState* s, Operation* op) => Zero(s, op, Operand.Load<TSource>(s, op));

    public static Operation* SignRegister(CpuState* s, Operation* op) => Sign(s, op, Operand.Register<TSource>(s, op->Op1));

    [MethodImpl(MethodImplOptions.NoInlining)]
    public static Operation* SignMemory(CpuState* s, Operation* op) => Sign(s, op, Operand.Load<TSource>(s, op));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Operation* Zero(CpuState* s, Operation* op, TSource source)
    {
        ulong value = 0;
        *(TSource*)&value = source;
        Operand.SetRegister(s, op->Op0, *(T*)&value);
        return Chain.Next(s, op);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Operation* Sign(CpuState* s, Operation* op, TSource source)
    {
        long value = sizeof(TSource) == 1 ? *(sbyte*)&source : sizeof(TSource) == 2 ? *(short*)&source : *(int*)&source;
        Operand.SetRegister(s, op->Op0, *(T*)&value);
        return Chain.Next(s, op);
    }
}
