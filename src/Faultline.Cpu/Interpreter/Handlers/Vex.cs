using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Faultline.Cpu.Semantics;
using Faultline.Cpu.State;
using Faultline.Cpu.Table;

namespace Faultline.Cpu.Interpreter.Handlers;

/// <summary>Operands of VEX-encoded vector forms.</summary>
internal static unsafe class Vex
{
    /// <summary>Loads the memory operand, <typeparamref name="TMemory"/> wide, into the low bits of a vector.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Load<TVector, TMemory>(CpuState* s, Operation* op)
        where TVector : unmanaged
        where TMemory : unmanaged
    {
        if (sizeof(TMemory) == sizeof(TVector))
            return Operand.Load<TVector>(s, op);
        TVector value = default;
        *(Vector128<byte>*)&value = Vector.Load<TMemory>(s, Operand.Address(s, op));
        return value;
    }
}
