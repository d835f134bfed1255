using System.Globalization;
using Faultline.Cpu.Text;
using Faultline.Linux.Mm;
using Iced.Intel;

namespace Faultline.Reports;

/// <summary>Disassembles around an address without guessing wrongly where instructions start.</summary>
internal static class CodeListing
{
    private const int Before = 48;
    private const int After = 32;
    private const int LinesBefore = 6;
    private const int LinesAfter = 4;

    /// <summary>Farther than this from its symbol, decoding from the symbol's start proves little and takes long.</summary>
    private const int MaxFunction = 1 << 16;

    /// <summary>Lines of address, bytes and instruction; the one at RIP starts with "=>".</summary>
    /// <param name="memory">Where the bytes are.</param>
    /// <param name="rip">The instruction.</param>
    /// <param name="known">An address at or before RIP where an instruction is known to start (a symbol), or 0.</param>
    public static List<string> Around(GuestMemory memory, ulong rip, ulong known)
    {
        byte[] after = new byte[After];
        int have = memory.Read(rip, after);
        if (have == 0)
            return [$"=> {rip:x}: not readable"];

        List<string> lines = [.. Preceding(memory, rip, known)];
        Decoder decoder = Decoder.Create(64, new ByteArrayCodeReader(after, 0, have));
        decoder.IP = rip;
        for (int i = 0; i < LinesAfter && decoder.IP < rip + (ulong)have; i++)
        {
            int start = (int)(decoder.IP - rip);
            decoder.Decode(out Instruction instruction);
            bool isCut = instruction.IsInvalid && decoder.LastError == DecoderError.NoMoreBytes;
            if (isCut && i > 0)
                break;
            int length = isCut ? have - start : Math.Max(1, instruction.Length);
            lines.Add(Line(rip + (ulong)start, after.AsSpan(start, length), instruction.IsInvalid ? "(bad)" : InstructionText.Of(instruction), i == 0));
            if (instruction.IsInvalid)
                break;
        }
        return lines;
    }

    /// <summary>The first instruction of some bytes.</summary>
    public static string First(ReadOnlySpan<byte> bytes, ulong address)
    {
        Decoder decoder = Decoder.Create(64, new ByteArrayCodeReader(bytes.ToArray()));
        decoder.IP = address;
        decoder.Decode(out Instruction instruction);
        return instruction.IsInvalid ? "no instruction" : InstructionText.Of(instruction);
    }

    /// <summary>
    /// From a known start, decoding forward either meets RIP or RIP is inside an instruction. Without one, the earliest start that meets RIP is shown, and
    /// said to be a guess.
    /// </summary>
    private static IEnumerable<string> Preceding(GuestMemory memory, ulong rip, ulong known)
    {
        if (known != 0 && known < rip && rip - known <= MaxFunction)
        {
            byte[] function = new byte[rip - known];
            if (memory.Read(known, function) == function.Length)
            {
                return Sweep(function, 0, known) is { } exact
                    ? exact.TakeLast(LinesBefore)
                    : ["(decoding from the symbol's start does not meet rip: rip is inside an instruction, or data lies between)"];
            }
        }
        if (known == rip)
            return [];

        int length = (int)Math.Min(Before, rip);
        byte[] bytes = new byte[length];
        if (memory.Read(rip - (ulong)length, bytes) != length)
        {
            // The page before is not readable: what there is of this one.
            length = (int)Math.Min((ulong)length, rip & 0xfff);
            bytes = new byte[length];
            if (memory.Read(rip - (ulong)length, bytes) != length)
                return [];
        }
        for (int start = 0; start < length; start++)
        {
            if (Sweep(bytes, start, rip - (ulong)length) is { Count: > 0 } lines)
                return lines.TakeLast(LinesBefore).Prepend("(before rip: a guess, no symbol says where instructions start)");
        }
        return [];
    }

    /// <summary>Decodes to the end of the bytes; null when an instruction is bad or reaches beyond it.</summary>
    private static List<string>? Sweep(byte[] bytes, int start, ulong address)
    {
        List<string> lines = [];
        Decoder decoder = Decoder.Create(64, new ByteArrayCodeReader(bytes, start, bytes.Length - start));
        decoder.IP = address + (ulong)start;
        ulong end = address + (ulong)bytes.Length;
        while (decoder.IP < end)
        {
            decoder.Decode(out Instruction instruction);
            if (instruction.IsInvalid)
                return null;
            lines.Add(Line(instruction.IP, bytes.AsSpan((int)(instruction.IP - address), instruction.Length), InstructionText.Of(instruction), false));
        }
        return lines;
    }

    private static string Line(ulong address, ReadOnlySpan<byte> bytes, string text, bool current) =>
        string.Create(CultureInfo.InvariantCulture, $"{(current ? "=>" : "  ")} {address:x}: {Convert.ToHexStringLower(bytes),-22} {text}");
}
