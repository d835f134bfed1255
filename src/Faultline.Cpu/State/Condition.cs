namespace Faultline.Cpu.State;

/// <summary>The sixteen conditions of Jcc, SETcc and CMOVcc (SDM vol. 1, appendix B).</summary>
internal static unsafe class Condition
{
    public static bool O(CpuState* s) => Flags.Overflow(s);

    public static bool NO(CpuState* s) => !Flags.Overflow(s);

    public static bool B(CpuState* s) => Flags.Carry(s);

    public static bool AE(CpuState* s) => !Flags.Carry(s);

    public static bool E(CpuState* s) => Flags.Zero(s);

    public static bool NE(CpuState* s) => !Flags.Zero(s);

    public static bool BE(CpuState* s) => Flags.Zero(s) || Flags.Carry(s);

    public static bool A(CpuState* s) => !Flags.Zero(s) && !Flags.Carry(s);

    public static bool S(CpuState* s) => Flags.Sign(s);

    public static bool NS(CpuState* s) => !Flags.Sign(s);

    public static bool P(CpuState* s) => Flags.Parity(s);

    public static bool NP(CpuState* s) => !Flags.Parity(s);

    public static bool L(CpuState* s) => Flags.Less(s);

    public static bool GE(CpuState* s) => !Flags.Less(s);

    public static bool LE(CpuState* s) => Flags.Zero(s) || Flags.Less(s);

    public static bool G(CpuState* s) => !Flags.Zero(s) && !Flags.Less(s);
}
