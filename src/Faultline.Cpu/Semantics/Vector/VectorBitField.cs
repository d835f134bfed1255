using System.Runtime.Intrinsics;
using Faultline.Cpu.State;
using Faultline.Cpu.Table;

namespace Faultline.Cpu.Semantics.Vector;

/// <summary>
/// SSE4a bit fields (AMD APM vol. 4, EXTRQ and INSERTQ): length and index are six bits each, length 0 means 64. What is undefined there (the
/// upper half, fields beyond bit 63) is zero here.
/// </summary>
internal static unsafe class VectorBitField
{
    /// <summary>EXTRQ with immediates: length, then index.</summary>
    public static void ExtractImmediate(CpuState* s, Operation* op) => Extract(s, op, (int)op->Immediate, (int)op->Displacement);

    /// <summary>EXTRQ with a control register: length in bits 5 to 0, index in bits 13 to 8.</summary>
    public static void Extract(CpuState* s, Operation* op)
    {
        ulong control = Operand.Register<ulong>(s, op->Op1);
        Extract(s, op, (int)control, (int)(control >> 8));
    }

    /// <summary>INSERTQ with immediates: length, then index.</summary>
    public static void InsertImmediate(CpuState* s, Operation* op) => Insert(s, op, (int)op->Immediate, (int)op->Displacement);

    /// <summary>INSERTQ with the control in the source's upper half.</summary>
    public static void Insert(CpuState* s, Operation* op)
    {
        ulong control = Operand.Register<Vector128<ulong>>(s, op->Op1)[1];
        Insert(s, op, (int)control, (int)(control >> 8));
    }

    private static void Extract(CpuState* s, Operation* op, int length, int index)
    {
        ulong value = Operand.Register<ulong>(s, op->Op0) >> (index & 63);
        Operand.SetRegister(s, op->Op0, Vector128.CreateScalar(value & Mask(length)));
    }

    private static void Insert(CpuState* s, Operation* op, int length, int index)
    {
        index &= 63;
        ulong mask = Mask(length);
        ulong value = Operand.Register<ulong>(s, op->Op0) & ~(mask << index);
        value |= (Operand.Register<ulong>(s, op->Op1) & mask) << index;
        Operand.SetRegister(s, op->Op0, Vector128.CreateScalar(value));
    }

    private static ulong Mask(int length) => (length & 63) == 0 ? ulong.MaxValue : (1UL << (length & 63)) - 1;
}
