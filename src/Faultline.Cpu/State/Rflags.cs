namespace Faultline.Cpu.State;

/// <summary>Bits of RFLAGS (SDM vol. 1, 3.4.3).</summary>
internal static class Rflags
{
    public const uint CF = 1 << 0;
    public const uint Fixed = 1 << 1;
    public const uint PF = 1 << 2;
    public const uint AF = 1 << 4;
    public const uint ZF = 1 << 6;
    public const uint SF = 1 << 7;
    public const uint TF = 1 << 8;
    public const uint IF = 1 << 9;
    public const uint DF = 1 << 10;
    public const uint OF = 1 << 11;
    public const uint NT = 1 << 14;
    public const uint RF = 1 << 16;
    public const uint AC = 1 << 18;
    public const uint ID = 1 << 21;

    /// <summary>The six status flags.</summary>
    public const uint Status = CF | PF | AF | ZF | SF | OF;

    /// <summary>What POPF changes in user mode: status, TF, DF, NT, AC and ID; IF and IOPL stay (SDM vol. 2, POPF).</summary>
    public const uint UserWritable = Status | TF | DF | NT | AC | ID;
}
