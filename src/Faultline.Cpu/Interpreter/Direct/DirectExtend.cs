using Faultline.Cpu.Interpreter.Handlers;
using Faultline.Cpu.Semantics;
using Faultline.Cpu.State;
using Faultline.Cpu.Table;

namespace Faultline.Cpu.Interpreter.Direct;

/// <summary>MOVZX, MOVSX and MOVSXD from memory that the flat table has; anything else is left to <see cref="Extend{T, TSource}"/>.</summary>
internal static unsafe class DirectExtend<T, TSource>
    where T : unmanaged
    where TSource : unmanaged
{
    /// <summary>The handler for these places; null where <see cref="Extend{T, TSource}"/> has it.</summary>
    public static delegate*<CpuState*, Operation*, Operation*> Bind(bool zero, OperandKinds kinds) => kinds switch
    {
        OperandKinds.RegisterMemory => zero ? &Zero<Scaled> : &Sign<Scaled>,
        OperandKinds.RegisterNear => zero ? &Zero<BaseOnly> : &Sign<BaseOnly>,
        _ => null,
    };

    private static Operation* Zero<TAddressing>(CpuState* s, Operation* op)
        where TAddressing : struct, IAddressing
    {
        TSource* p = GuestAccess.TryRead<TSource>(s, TAddressing.Of(s, op));
        return p is null ? Extend<T, TSource>.ZeroMemory(s, op) : Extend<T, TSource>.Zero(s, op, GuestAccess.Get(p));
    }

    private static Operation* Sign<TAddressing>(CpuState* s, Operation* op)
        where TAddressing : struct, IAddressing
    {
        TSource* p = GuestAccess.TryRead<TSource>(s, TAddressing.Of(s, op));
        return p is null ? Extend<T, TSource>.SignMemory(s, op) : Extend<T, TSource>.Sign(s, op, GuestAccess.Get(p));
    }
}
