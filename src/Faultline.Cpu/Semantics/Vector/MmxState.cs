using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Faultline.Cpu.State;

namespace Faultline.Cpu.Semantics.Vector;

/// <summary>The MMX register file: the significands of the physical x87 registers (SDM vol. 1, 9.2.1 and 9.6; vol. 3, 12.2).</summary>
internal static unsafe class MmxState
{
    /// <summary>IE, DE, ZE, OE, UE and PE of the status word, and their masks in the control word.</summary>
    private const int ExceptionBits = 0x3f;

    /// <summary>#MF when an unmasked x87 exception is pending; comes before any fault of a memory operand.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Check(CpuState* s)
    {
        if ((s->X87Status & ~s->X87Control & ExceptionBits) != 0)
            Raise.FloatingPoint(s);
    }

    /// <summary>What every MMX instruction but EMMS does to the x87: TOP = 0 and every register in use. Nothing may fault after it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Enter(CpuState* s)
    {
        s->X87Top = 0;
        s->X87Tag = 0xff;
    }

    /// <summary>Reads a register, zero-extended to 128 bits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> Read(CpuState* s, ushort offset) => Vector128.CreateScalar(*(ulong*)((byte*)s + offset)).AsByte();

    /// <summary>Writes the low 64 bits; the exponent and sign above them become ones.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Write(CpuState* s, ushort offset, Vector128<byte> value)
    {
        *(ulong*)((byte*)s + offset) = value.AsUInt64().ToScalar();
        *(ushort*)((byte*)s + offset + 8) = 0xffff;
    }
}
