using Faultline.Cpu.State;
using Faultline.Cpu.Table;

namespace Faultline.Cpu.Semantics.Integer;

/// <summary>Sign extension in and from the accumulator: CBW, CWDE, CDQE, CWD, CDQ, CQO (SDM vol. 2). No flags.</summary>
internal static unsafe class SignExtension
{
    public static void Cbw(CpuState* s, Operation* op) => *(short*)&s->Gpr[0] = (sbyte)s->Gpr[0];

    public static void Cwde(CpuState* s, Operation* op) => s->Gpr[0] = (uint)(short)s->Gpr[0];

    public static void Cdqe(CpuState* s, Operation* op) => s->Gpr[0] = (ulong)(int)s->Gpr[0];

    public static void Cwd(CpuState* s, Operation* op) => *(short*)&s->Gpr[2] = (short)((short)s->Gpr[0] >> 15);

    public static void Cdq(CpuState* s, Operation* op) => s->Gpr[2] = (uint)((int)s->Gpr[0] >> 31);

    public static void Cqo(CpuState* s, Operation* op) => s->Gpr[2] = (ulong)((long)s->Gpr[0] >> 63);
}
