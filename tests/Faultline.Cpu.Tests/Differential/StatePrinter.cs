using System.Text;

namespace Faultline.Cpu.Tests.Differential;

/// <summary>Prints what a case starts from, leaving out zeros.</summary>
internal static unsafe class StatePrinter
{
    private static readonly string[] s_names =
        ["rax", "rcx", "rdx", "rbx", "rsp", "rbp", "rsi", "rdi", "r8", "r9", "r10", "r11", "r12", "r13", "r14", "r15"];

    /// <summary>The state before.</summary>
    public static string Print(DiffCase test)
    {
        StringBuilder text = new("  before:");
        MachineState s = test.Initial;
        for (int i = 0; i < 16; i++)
        {
            if (s.Gpr[i] != 0)
                text.Append($" {s_names[i]}={s.Gpr[i]:x}");
        }
        text.Append($" rflags={s.Rflags:x} mxcsr={s.Mxcsr:x} fcw={s.X87Control:x} fsw={s.X87Status:x} ftw={s.X87Tag:x}");
        for (int i = 0; i < 8; i++)
            Append(text, $"st{i}", new ReadOnlySpan<byte>(s.Fx + MachineState.StOffset + 16 * i, 10));
        for (int i = 0; i < 16; i++)
            Append(text, $"ymm{i}", new ReadOnlySpan<byte>(s.Ymm + 32 * i, 32));
        text.AppendLine();
        foreach (Iced.Intel.Instruction instruction in test.Instructions)
        {
            ulong at = EffectiveAddress.Of(instruction, s);
            if (at >= Scratch.Data && at < Scratch.DataEnd)
            {
                int from = (int)(at - Scratch.Data);
                text.AppendLine($"    [{at:x}] = {StateComparer.Hex(test.Data.AsSpan(from, Math.Min(32, Scratch.DataSize - from)))}");
            }
        }
        return text.ToString();
    }

    private static void Append(StringBuilder text, string name, ReadOnlySpan<byte> bytes)
    {
        if (bytes.IndexOfAnyExcept((byte)0) >= 0)
            text.Append($" {name}={StateComparer.Hex(bytes)}");
    }
}
