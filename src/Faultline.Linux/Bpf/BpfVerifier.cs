using static Faultline.Linux.Bpf.BpfCode;

namespace Faultline.Linux.Bpf;

/// <summary>
/// Says whether a program may run: only known operations, jumps forward and within the program, a return at the end, no constant division
/// by zero, and no scratch word read before every way to it has written it. What passes ends after at most one step for each instruction.
/// </summary>
internal static class BpfVerifier
{
    /// <summary>One more than the highest offset of a known fact about a packet (SKF_AD_MAX).</summary>
    private const uint AncillaryEnd = 64;

    /// <summary>Bytes of <c>struct seccomp_data</c>.</summary>
    private const uint SeccompDataSize = 64;

    /// <summary>Whether a program may filter packets (bpf_check_classic).</summary>
    public static bool IsValid(ReadOnlySpan<BpfInstruction> program)
    {
        if (program.Length is 0 or > MaxInstructions)
            return false;
        for (int at = 0; at < program.Length; at++)
        {
            if (!IsKnown(program[at].Code) || !IsInBounds(program[at], at, program.Length))
                return false;
        }
        return program[^1].Code is (RET | K) or (RET | A) && WritesBeforeReading(program);
    }

    /// <summary>Whether a program that <see cref="IsValid"/> may filter system calls (seccomp_check_filter): it sees only whole words of the call's description.</summary>
    public static bool IsValidForSeccomp(ReadOnlySpan<BpfInstruction> program)
    {
        foreach (BpfInstruction instruction in program)
        {
            bool isAllowed = instruction.Code switch
            {
                (LD | W | ABS) => instruction.K < SeccompDataSize && (instruction.K & 3) == 0,
                (LD | H | ABS) or (LD | B | ABS) or (LD | W | IND) or (LD | H | IND) or (LD | B | IND) or (LDX | B | MSH) => false,
                (ALU | MOD | K) or (ALU | MOD | X) => false,
                _ => true,
            };
            if (!isAllowed)
                return false;
        }
        return true;
    }

    private static bool IsKnown(int code) => code switch
    {
        (LD | W | ABS) or (LD | H | ABS) or (LD | B | ABS) or (LD | W | IND) or (LD | H | IND) or (LD | B | IND) or (LD | W | LEN) or (LD | IMM) or (LD | MEM) => true,
        (LDX | W | LEN) or (LDX | B | MSH) or (LDX | IMM) or (LDX | MEM) or ST or STX => true,
        (RET | K) or (RET | A) or (MISC | TAX) or (MISC | TXA) or (ALU | NEG) or (JMP | JA) => true,
        _ => (code & 7) switch
        {
            ALU => (code & ~(7 | X)) is ADD or SUB or MUL or DIV or OR or AND or LSH or RSH or MOD or XOR,
            JMP => (code & ~(7 | X)) is JEQ or JGT or JGE or JSET,
            _ => false,
        },
    };

    private static bool IsInBounds(in BpfInstruction instruction, int at, int length)
    {
        uint k = instruction.K;
        switch ((int)instruction.Code)
        {
            case (ALU | DIV | K) or (ALU | MOD | K):
                return k != 0;
            case (ALU | LSH | K) or (ALU | RSH | K):
                return k < 32;
            case (LD | MEM) or (LDX | MEM) or ST or STX:
                return k < MemoryWords;
            case (JMP | JA):
                return k < (uint)(length - at - 1);
            case (LD | W | ABS) or (LD | H | ABS) or (LD | B | ABS):
                return k < AncillaryOffset || (k - AncillaryOffset < AncillaryEnd && (k & 3) == 0);
            default:
                return (instruction.Code & 7) != JMP || (at + instruction.Jt + 1 < length && at + instruction.Jf + 1 < length);
        }
    }

    /// <summary>Follows which scratch words are written on every way to an instruction (check_load_and_stores).</summary>
    private static bool WritesBeforeReading(ReadOnlySpan<BpfInstruction> program)
    {
        ushort[] written = new ushort[program.Length];
        Array.Fill(written, ushort.MaxValue);
        uint valid = 0;
        for (int at = 0; at < program.Length; at++)
        {
            BpfInstruction instruction = program[at];
            valid &= written[at];
            switch ((int)instruction.Code)
            {
                case ST or STX:
                    valid |= 1u << (int)instruction.K;
                    break;
                case (LD | MEM) or (LDX | MEM):
                    if ((valid & (1u << (int)instruction.K)) == 0)
                        return false;
                    break;
                case (JMP | JA):
                    written[at + 1 + (int)instruction.K] &= (ushort)valid;
                    valid = ushort.MaxValue;
                    break;
                default:
                    if ((instruction.Code & 7) != JMP)
                        break;
                    written[at + 1 + instruction.Jt] &= (ushort)valid;
                    written[at + 1 + instruction.Jf] &= (ushort)valid;
                    valid = ushort.MaxValue;
                    break;
            }
        }
        return true;
    }
}
