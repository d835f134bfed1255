using Iced.Intel;

namespace Faultline.Cpu.Tests.Differential;

/// <summary>
/// Encodes instructions and decodes them again, with redundant prefixes before some of them: bytes that neither the decoder nor the processor gives a meaning there.
/// Each thread has one.
/// </summary>
internal sealed class InstructionCoder
{
    private const int MaxLength = 15;

    /// <summary>Segments that 64-bit mode ignores, segments and sizes without an operand they could change, repetition without a string, and REX before another prefix.</summary>
    private static readonly byte[] s_prefixes = [0x26, 0x2e, 0x36, 0x3e, 0x64, 0x65, 0x66, 0x67, 0xf2, 0xf3, 0x40, 0x41, 0x44, 0x48, 0x4f];

    [ThreadStatic]
    private static InstructionCoder? t_instance;

    private readonly Bytes _bytes = new();
    private readonly Encoder _encoder;
    private readonly Decoder _decoder;

    private InstructionCoder()
    {
        _encoder = Encoder.Create(64, new Writer(_bytes));
        _decoder = Decoder.Create(64, new Reader(_bytes));
    }

    /// <summary>The calling thread's.</summary>
    public static InstructionCoder OfThread => t_instance ??= new InstructionCoder();

    /// <summary>Encodes an instruction at an address.</summary>
    /// <param name="random">Decides on redundant prefixes.</param>
    /// <param name="instruction">Its form and operands.</param>
    /// <param name="ip">Its address.</param>
    /// <param name="decoded">The instruction that the bytes are.</param>
    /// <param name="bytes">Valid until the next call.</param>
    /// <returns>False when it has no encoding, or only one of another form.</returns>
    public bool TryCode(SplitMix random, in Instruction instruction, ulong ip, out Instruction decoded, out ReadOnlySpan<byte> bytes)
    {
        bytes = default;
        if (!TryCodePlain(instruction, ip, 0, out decoded))
            return false;
        if (random.Chance(12))
            Decorate(random, instruction, ip, ref decoded);
        bytes = _bytes.Written;
        return true;
    }

    /// <summary>Puts one to fourteen prefixes before the instruction; leaves it as it was when they would change it.</summary>
    /// <remarks>
    /// AMD's processors take 66h before a near branch for an operand size, and the condition of LOOPE and LOOPNE from F3h or F2h before it; Intel's manual
    /// says that both have no meaning, and here they have none.
    /// </remarks>
    private void Decorate(SplitMix random, in Instruction instruction, ulong ip, ref Instruction decoded)
    {
        int room = MaxLength - _bytes.Count;
        if (room <= 0)
            return;
        int count = random.Chance(10) ? room : 1 + random.Below(Math.Min(room, 3));
        Span<byte> prefixes = stackalloc byte[count];
        for (int i = 0; i < count; i++)
            prefixes[i] = s_prefixes[random.Below(s_prefixes.Length)];
        bool meaningful = (instruction.FlowControl != FlowControl.Next && prefixes.Contains((byte)0x66))
            || (instruction.Mnemonic is Mnemonic.Loope or Mnemonic.Loopne && prefixes.IndexOfAny((byte)0xf2, (byte)0xf3) >= 0);
        Instruction plain = decoded;
        if (!meaningful && TryCodePlain(instruction, ip, count, out Instruction shifted))
        {
            prefixes.CopyTo(_bytes.Buffer);
            if (TryDecode(ip, instruction.Code, out decoded) && decoded.Length == _bytes.Count && IsSame(shifted, decoded))
                return;
        }
        decoded = plain;
        _ = TryCodePlain(instruction, ip, 0, out _);
    }

    private bool TryCodePlain(in Instruction instruction, ulong ip, int before, out Instruction decoded)
    {
        _bytes.Count = before;
        _bytes.Position = before;
        decoded = default;
        return _encoder.TryEncode(instruction, ip + (ulong)before, out _, out _) && TryDecode(ip + (ulong)before, instruction.Code, before, out decoded);
    }

    private bool TryDecode(ulong ip, Code code, out Instruction decoded) => TryDecode(ip, code, 0, out decoded);

    private bool TryDecode(ulong ip, Code code, int from, out Instruction decoded)
    {
        _bytes.Position = from;
        _decoder.IP = ip;
        _decoder.Decode(out decoded);
        // The encoder may choose another form of the same length only for aliases; those are cases of that form.
        return !decoded.IsInvalid && decoded.Code == code;
    }

    /// <summary>Whether two instructions do the same, whatever prefixes without a meaning they have.</summary>
    private static bool IsSame(Instruction a, Instruction b) => Bare(a).Equals(Bare(b));

    private static Instruction Bare(Instruction instruction)
    {
        if (instruction.SegmentPrefix is not (Register.FS or Register.GS) || !HasMemory(instruction))
            instruction.SegmentPrefix = Register.None;
        if (!instruction.IsStringInstruction)
            instruction.HasRepPrefix = instruction.HasRepnePrefix = false;
        return instruction;
    }

    private static bool HasMemory(in Instruction instruction)
    {
        for (int i = 0; i < instruction.OpCount; i++)
        {
            if (instruction.GetOpKind(i) is OpKind.Memory or (>= OpKind.MemorySegSI and <= OpKind.MemoryESRDI))
                return true;
        }
        return false;
    }

    private sealed class Bytes
    {
        public byte[] Buffer { get; } = new byte[64];

        public int Count { get; set; }

        public int Position { get; set; }

        public ReadOnlySpan<byte> Written => Buffer.AsSpan(0, Count);
    }

    private sealed class Writer(Bytes bytes) : CodeWriter
    {
        public override void WriteByte(byte value) => bytes.Buffer[bytes.Count++] = value;
    }

    private sealed class Reader(Bytes bytes) : CodeReader
    {
        public override int ReadByte() => bytes.Position < bytes.Count ? bytes.Buffer[bytes.Position++] : -1;
    }
}
