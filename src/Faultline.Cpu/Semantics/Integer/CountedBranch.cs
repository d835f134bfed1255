using Faultline.Cpu.State;

namespace Faultline.Cpu.Semantics.Integer;

/// <summary>
/// LOOP, LOOPE, LOOPNE, JRCXZ and JECXZ (SDM vol. 2) as conditions of a jump. The loops count RCX down, or ECX under a 67h prefix, which clears the upper
/// half; flags stay.
/// </summary>
internal static unsafe class CountedBranch
{
    public static bool Loop64(CpuState* s) => --s->Gpr[1] != 0;

    public static bool Loope64(CpuState* s) => --s->Gpr[1] != 0 && Flags.Zero(s);

    public static bool Loopne64(CpuState* s) => --s->Gpr[1] != 0 && !Flags.Zero(s);

    public static bool Loop32(CpuState* s) => Count32(s) != 0;

    public static bool Loope32(CpuState* s) => Count32(s) != 0 && Flags.Zero(s);

    public static bool Loopne32(CpuState* s) => Count32(s) != 0 && !Flags.Zero(s);

    public static bool Jrcxz(CpuState* s) => s->Gpr[1] == 0;

    public static bool Jecxz(CpuState* s) => (uint)s->Gpr[1] == 0;

    private static ulong Count32(CpuState* s) => s->Gpr[1] = (uint)(s->Gpr[1] - 1);
}
