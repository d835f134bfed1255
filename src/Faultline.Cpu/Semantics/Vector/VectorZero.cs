using System.Runtime.Intrinsics;
using Faultline.Cpu.State;
using Faultline.Cpu.Table;

namespace Faultline.Cpu.Semantics.Vector;

/// <summary>VZEROUPPER and VZEROALL; registers 16 to 31 stay (SDM vol. 2).</summary>
internal static unsafe class VectorZero
{
    private const int Registers = 16;

    /// <summary>VZEROUPPER: everything above bit 127.</summary>
    public static void Upper(CpuState* s, Operation* op)
    {
        for (int i = 0; i < Registers; i++)
        {
            ushort offset = (ushort)CpuState.VectorOffset(i);
            Operand.SetVector(s, offset, Operand.Register<Vector128<byte>>(s, offset));
        }
    }

    /// <summary>VZEROALL.</summary>
    public static void All(CpuState* s, Operation* op)
    {
        for (int i = 0; i < Registers; i++)
            Operand.SetVector(s, (ushort)CpuState.VectorOffset(i), Vector256<byte>.Zero);
    }
}
