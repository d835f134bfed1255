namespace Faultline.Linux.Bpf;

/// <summary>Bits of a classic BPF operation (linux/bpf_common.h, linux/filter.h).</summary>
internal static class BpfCode
{
    public const int LD = 0;
    public const int LDX = 1;
    public const int ST = 2;
    public const int STX = 3;
    public const int ALU = 4;
    public const int JMP = 5;
    public const int RET = 6;
    public const int MISC = 7;

    public const int W = 0;
    public const int H = 8;
    public const int B = 0x10;

    public const int IMM = 0;
    public const int ABS = 0x20;
    public const int IND = 0x40;
    public const int MEM = 0x60;
    public const int LEN = 0x80;
    public const int MSH = 0xA0;

    public const int ADD = 0;
    public const int SUB = 0x10;
    public const int MUL = 0x20;
    public const int DIV = 0x30;
    public const int OR = 0x40;
    public const int AND = 0x50;
    public const int LSH = 0x60;
    public const int RSH = 0x70;
    public const int NEG = 0x80;
    public const int MOD = 0x90;
    public const int XOR = 0xA0;

    public const int JA = 0;
    public const int JEQ = 0x10;
    public const int JGT = 0x20;
    public const int JGE = 0x30;
    public const int JSET = 0x40;

    public const int K = 0;
    public const int X = 8;
    public const int A = 0x10;

    public const int TAX = 0;
    public const int TXA = 0x80;

    /// <summary>Words of scratch memory (BPF_MEMWORDS).</summary>
    public const int MemoryWords = 16;

    /// <summary>Longest program (BPF_MAXINSNS).</summary>
    public const int MaxInstructions = 4096;

    /// <summary>Absolute loads from here on ask for facts about the packet instead of its bytes (SKF_AD_OFF).</summary>
    public const uint AncillaryOffset = unchecked((uint)-0x1000);
}
