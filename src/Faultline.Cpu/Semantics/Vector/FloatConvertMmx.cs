using System.Runtime.Intrinsics;
using Faultline.Cpu.State;
using Faultline.Cpu.Table;

namespace Faultline.Cpu.Semantics.Vector;

/// <summary>
/// Conversions between XMM and MMX registers. All but those with a memory source and an XMM destination enter MMX state (SDM vol. 2, CVTPI2PD; AMD's
/// processors treat CVTPI2PS likewise). That happens once the source is read, so that #XM finds it done though the destination is unchanged.
/// </summary>
internal static unsafe class FloatConvertMmx
{
    /// <summary>CVTPI2PS.</summary>
    public static void Cvtpi2ps(CpuState* s, Operation* op)
    {
        ref Vector128<byte> destination = ref *(Vector128<byte>*)((byte*)s + op->Op0);
        ulong integers = Integers(s, op);
        EnterUnlessMemory(s, op);
        destination = FloatConvertPacked.Int32PairToSingle(s, destination, integers);
    }

    /// <summary>CVTPI2PD.</summary>
    public static void Cvtpi2pd(CpuState* s, Operation* op)
    {
        ulong integers = Integers(s, op);
        *(Vector128<byte>*)((byte*)s + op->Op0) = FloatConvertPacked.Int32ToDouble(s, Vector128.CreateScalar(integers).AsByte());
        EnterUnlessMemory(s, op);
    }

    /// <summary>CVTPS2PI.</summary>
    public static void Cvtps2pi(CpuState* s, Operation* op) => FromSingles(s, op, truncate: false);

    /// <summary>CVTTPS2PI.</summary>
    public static void Cvttps2pi(CpuState* s, Operation* op) => FromSingles(s, op, truncate: true);

    /// <summary>CVTPD2PI.</summary>
    public static void Cvtpd2pi(CpuState* s, Operation* op)
    {
        MmxState.Check(s);
        Vector128<byte> source = Doubles(s, op);
        MmxState.Enter(s);
        Vector128<byte> r = FloatConvertPacked.DoubleToInt32(s, source);
        MmxState.Write(s, op->Op0, r);
    }

    /// <summary>CVTTPD2PI.</summary>
    public static void Cvttpd2pi(CpuState* s, Operation* op)
    {
        MmxState.Check(s);
        Vector128<byte> source = Doubles(s, op);
        MmxState.Enter(s);
        Vector128<byte> r = FloatConvertPacked.TruncateDoubleToInt32(s, source);
        MmxState.Write(s, op->Op0, r);
    }

    private static void FromSingles(CpuState* s, Operation* op, bool truncate)
    {
        MmxState.Check(s);
        ulong singles = Operand.Read1<ulong>(s, op);
        MmxState.Enter(s);
        ulong r = FloatConvertPacked.SinglePairToInt32(s, Vector128.CreateScalar(singles).AsByte(), truncate);
        MmxState.Write(s, op->Op0, Vector128.CreateScalar(r).AsByte());
    }

    private static ulong Integers(CpuState* s, Operation* op)
    {
        if ((op->Flags & OperationFlags.Memory1) == 0)
            MmxState.Check(s);
        return Operand.Read1<ulong>(s, op);
    }

    private static void EnterUnlessMemory(CpuState* s, Operation* op)
    {
        if ((op->Flags & OperationFlags.Memory1) == 0)
            MmxState.Enter(s);
    }

    /// <summary>The 16-byte source, which must be aligned in memory.</summary>
    private static Vector128<byte> Doubles(CpuState* s, Operation* op)
    {
        if ((op->Flags & OperationFlags.Memory1) == 0)
            return *(Vector128<byte>*)((byte*)s + op->Op1);
        ulong address = Operand.Address(s, op);
        if ((address & 15) != 0)
            Raise.GeneralProtection(s);
        return GuestAccess.Load<Vector128<byte>>(s, address);
    }
}
