using System.Buffers.Binary;
using static Faultline.Linux.Bpf.BpfCode;

namespace Faultline.Linux.Bpf;

/// <summary>A classic BPF program that <see cref="BpfVerifier"/> has let pass. Immutable.</summary>
internal sealed class BpfProgram
{
    /// <summary>What SO_BPF_EXTENSIONS says: one more than the highest offset of a fact about a packet (SKF_AD_MAX).</summary>
    public const int Extensions = 64;

    private const uint AncillaryInterface = 8;
    private const uint AncillaryHardware = 28;
    private const uint AncillaryXor = 40;

    private readonly BpfInstruction[] _code;
    private readonly bool _isForSeccomp;

    private BpfProgram(BpfInstruction[] code, bool isForSeccomp)
    {
        _code = code;
        _isForSeccomp = isForSeccomp;
    }

    /// <summary>How many instructions it has.</summary>
    public int Length => _code.Length;

    /// <summary>The instructions.</summary>
    public ReadOnlySpan<BpfInstruction> Instructions => _code;

    /// <summary>Checks a program that filters packets; null when it may not run (EINVAL).</summary>
    public static BpfProgram? ForPackets(BpfInstruction[] code) => BpfVerifier.IsValid(code) ? new BpfProgram(code, isForSeccomp: false) : null;

    /// <summary>Checks a program that filters system calls; null when it may not run (EINVAL).</summary>
    public static BpfProgram? ForSeccomp(BpfInstruction[] code) =>
        BpfVerifier.IsValid(code) && BpfVerifier.IsValidForSeccomp(code) ? new BpfProgram(code, isForSeccomp: true) : null;

    /// <summary>Runs the program.</summary>
    /// <param name="data">
    /// The packet, whose words are big-endian, or for a system call the 64 bytes of <c>struct seccomp_data</c>, whose words are little-endian.
    /// </param>
    /// <returns>What it returns: bytes to keep of a packet, or a SECCOMP_RET_ value. 0 after a load beyond the end or a division by zero.</returns>
    public uint Run(ReadOnlySpan<byte> data)
    {
        Span<uint> memory = stackalloc uint[MemoryWords];
        memory.Clear();
        uint a = 0, x = 0;
        int at = 0;
        while (true)
        {
            ref readonly BpfInstruction i = ref _code[at++];
            uint k = i.K;
            switch ((int)i.Code)
            {
                case (RET | K):
                    return k;
                case (RET | A):
                    return a;
                case (LD | IMM):
                    a = k;
                    break;
                case (LDX | IMM):
                    x = k;
                    break;
                case (LD | W | LEN):
                    a = (uint)data.Length;
                    break;
                case (LDX | W | LEN):
                    x = (uint)data.Length;
                    break;
                case (LD | MEM):
                    a = memory[(int)k];
                    break;
                case (LDX | MEM):
                    x = memory[(int)k];
                    break;
                case ST:
                    memory[(int)k] = a;
                    break;
                case STX:
                    memory[(int)k] = x;
                    break;
                case (MISC | TAX):
                    x = a;
                    break;
                case (MISC | TXA):
                    a = x;
                    break;
                case (LDX | B | MSH):
                    if (k >= (uint)data.Length)
                        return 0;
                    x = (data[(int)k] & 0xFu) * 4;
                    break;
                case (LD | W | ABS) when _isForSeccomp:
                    a = BinaryPrimitives.ReadUInt32LittleEndian(data[(int)k..]);
                    break;
                case (LD | W | ABS) or (LD | H | ABS) or (LD | B | ABS) when k >= AncillaryOffset:
                    if (!TryAncillary(k - AncillaryOffset, ref a, x))
                        return 0;
                    break;
                case (LD | W | ABS) or (LD | H | ABS) or (LD | B | ABS):
                    if (!TryLoad(data, i.Code, k, out a))
                        return 0;
                    break;
                case (LD | W | IND) or (LD | H | IND) or (LD | B | IND):
                    if (!TryLoad(data, i.Code, k + x, out a))
                        return 0;
                    break;
                case (JMP | JA):
                    at += (int)k;
                    break;
                default:
                    uint operand = (i.Code & X) != 0 ? x : k;
                    if ((i.Code & 7) == JMP)
                        at += Holds(i.Code, a, operand) ? i.Jt : i.Jf;
                    else if (!TryCompute(i.Code, ref a, operand))
                        return 0;
                    break;
            }
        }
    }

    private static bool Holds(int code, uint a, uint operand) => (code & 0xF0) switch
    {
        JEQ => a == operand,
        JGT => a > operand,
        JGE => a >= operand,
        _ => (a & operand) != 0,
    };

    /// <summary>False for a division by zero. A shift counts modulo 32, as the kernel's own translation of these programs has it.</summary>
    private static bool TryCompute(int code, ref uint a, uint operand)
    {
        int operation = code & 0xF0;
        if (operation is DIV or MOD && operand == 0)
            return false;
        a = operation switch
        {
            ADD => a + operand,
            SUB => a - operand,
            MUL => a * operand,
            DIV => a / operand,
            MOD => a % operand,
            AND => a & operand,
            OR => a | operand,
            XOR => a ^ operand,
            LSH => a << (int)(operand & 31),
            RSH => a >> (int)(operand & 31),
            _ => 0 - a,
        };
        return true;
    }

    private static bool TryLoad(ReadOnlySpan<byte> data, int code, uint offset, out uint value)
    {
        value = 0;
        int size = (code & 0x18) switch { W => 4, H => 2, _ => 1 };
        // Negative offsets reach for the headers of lower layers, which messages in this kernel do not have.
        if (offset > int.MaxValue || (int)offset > data.Length - size)
            return false;
        ReadOnlySpan<byte> bytes = data[(int)offset..];
        value = size == 4 ? BinaryPrimitives.ReadUInt32BigEndian(bytes) : size == 2 ? BinaryPrimitives.ReadUInt16BigEndian(bytes) : bytes[0];
        return true;
    }

    /// <summary>Facts about a packet. One that came through no device has none; asking for its device ends the program.</summary>
    private static bool TryAncillary(uint what, ref uint a, uint x)
    {
        if (what is AncillaryInterface or AncillaryHardware)
            return false;
        a = what == AncillaryXor ? a ^ x : 0;
        return true;
    }
}
