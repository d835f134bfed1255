using System.Runtime.CompilerServices;
using Faultline.Cpu.Semantics.Integer;
using Faultline.Cpu.State;

namespace Faultline.Cpu.Interpreter.Direct;

// Names for bodies as type arguments: a handler that is generic over one of these is compiled with the body inlined. They hold no meaning of
// their own; each forwards to the one body. A named list of the forms that programs execute most.

internal readonly unsafe struct Add32 : IBinaryBody<uint>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint Apply(CpuState* s, uint a, uint b) => Alu.Add32(s, a, b);
}

internal readonly unsafe struct Add64 : IBinaryBody<ulong>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Apply(CpuState* s, ulong a, ulong b) => Alu.Add64(s, a, b);
}

internal readonly unsafe struct Sub32 : IBinaryBody<uint>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint Apply(CpuState* s, uint a, uint b) => Alu.Sub32(s, a, b);
}

internal readonly unsafe struct Sub64 : IBinaryBody<ulong>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Apply(CpuState* s, ulong a, ulong b) => Alu.Sub64(s, a, b);
}

internal readonly unsafe struct And32 : IBinaryBody<uint>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint Apply(CpuState* s, uint a, uint b) => Alu.And32(s, a, b);
}

internal readonly unsafe struct And64 : IBinaryBody<ulong>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Apply(CpuState* s, ulong a, ulong b) => Alu.And64(s, a, b);
}

internal readonly unsafe struct Or32 : IBinaryBody<uint>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint Apply(CpuState* s, uint a, uint b) => Alu.Or32(s, a, b);
}

internal readonly unsafe struct Or64 : IBinaryBody<ulong>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Apply(CpuState* s, ulong a, ulong b) => Alu.Or64(s, a, b);
}

internal readonly unsafe struct Xor32 : IBinaryBody<uint>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint Apply(CpuState* s, uint a, uint b) => Alu.Xor32(s, a, b);
}

internal readonly unsafe struct Xor64 : IBinaryBody<ulong>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Apply(CpuState* s, ulong a, ulong b) => Alu.Xor64(s, a, b);
}

internal readonly unsafe struct Cmp8 : IReadBody<byte>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Apply(CpuState* s, byte a, byte b) => Alu.Cmp8(s, a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Outcome(byte a, byte b) => Direct.Outcome.Of(a == b, a < b, (sbyte)a < (sbyte)b);
}

internal readonly unsafe struct Cmp16 : IReadBody<ushort>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Apply(CpuState* s, ushort a, ushort b) => Alu.Cmp16(s, a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Outcome(ushort a, ushort b) => Direct.Outcome.Of(a == b, a < b, (short)a < (short)b);
}

internal readonly unsafe struct Cmp32 : IReadBody<uint>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Apply(CpuState* s, uint a, uint b) => Alu.Cmp32(s, a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Outcome(uint a, uint b) => Direct.Outcome.Of(a == b, a < b, (int)a < (int)b);
}

internal readonly unsafe struct Cmp64 : IReadBody<ulong>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Apply(CpuState* s, ulong a, ulong b) => Alu.Cmp64(s, a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Outcome(ulong a, ulong b) => Direct.Outcome.Of(a == b, a < b, (long)a < (long)b);
}

internal readonly unsafe struct Test8 : IReadBody<byte>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Apply(CpuState* s, byte a, byte b) => Alu.Test8(s, a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Outcome(byte a, byte b) => Direct.Outcome.Of((a & b) == 0, (sbyte)(a & b) < 0);
}

internal readonly unsafe struct Test16 : IReadBody<ushort>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Apply(CpuState* s, ushort a, ushort b) => Alu.Test16(s, a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Outcome(ushort a, ushort b) => Direct.Outcome.Of((a & b) == 0, (short)(a & b) < 0);
}

internal readonly unsafe struct Test32 : IReadBody<uint>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Apply(CpuState* s, uint a, uint b) => Alu.Test32(s, a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Outcome(uint a, uint b) => Direct.Outcome.Of((a & b) == 0, (int)(a & b) < 0);
}

internal readonly unsafe struct Test64 : IReadBody<ulong>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Apply(CpuState* s, ulong a, ulong b) => Alu.Test64(s, a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Outcome(ulong a, ulong b) => Direct.Outcome.Of((a & b) == 0, (long)(a & b) < 0);
}
