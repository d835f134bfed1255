using System.Runtime.CompilerServices;
using Faultline.Cpu.State;

namespace Faultline.Cpu.Interpreter.Direct;

// The sixteen conditions as type arguments (see Bodies.cs).

internal readonly unsafe struct IfO : IConditionBody
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Test(CpuState* s) => Condition.O(s);
}

internal readonly unsafe struct IfNO : IConditionBody
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Test(CpuState* s) => Condition.NO(s);
}

internal readonly unsafe struct IfB : IConditionBody
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Test(CpuState* s) => Condition.B(s);
}

internal readonly unsafe struct IfAE : IConditionBody
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Test(CpuState* s) => Condition.AE(s);
}

internal readonly unsafe struct IfE : IConditionBody
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Test(CpuState* s) => Condition.E(s);
}

internal readonly unsafe struct IfNE : IConditionBody
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Test(CpuState* s) => Condition.NE(s);
}

internal readonly unsafe struct IfBE : IConditionBody
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Test(CpuState* s) => Condition.BE(s);
}

internal readonly unsafe struct IfA : IConditionBody
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Test(CpuState* s) => Condition.A(s);
}

internal readonly unsafe struct IfS : IConditionBody
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Test(CpuState* s) => Condition.S(s);
}

internal readonly unsafe struct IfNS : IConditionBody
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Test(CpuState* s) => Condition.NS(s);
}

internal readonly unsafe struct IfP : IConditionBody
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Test(CpuState* s) => Condition.P(s);
}

internal readonly unsafe struct IfNP : IConditionBody
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Test(CpuState* s) => Condition.NP(s);
}

internal readonly unsafe struct IfL : IConditionBody
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Test(CpuState* s) => Condition.L(s);
}

internal readonly unsafe struct IfGE : IConditionBody
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Test(CpuState* s) => Condition.GE(s);
}

internal readonly unsafe struct IfLE : IConditionBody
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Test(CpuState* s) => Condition.LE(s);
}

internal readonly unsafe struct IfG : IConditionBody
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Test(CpuState* s) => Condition.G(s);
}
