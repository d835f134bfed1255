using System.Buffers.Binary;
using Iced.Intel;

namespace Faultline.Cpu.Tests.Differential;

/// <summary>Vector operands that must lie in a narrow range for a case to reach anything of interest.</summary>
internal static unsafe class VectorHints
{
    /// <summary>Counts about the width of a lane, for shifts whose last operand has them in its low quadword or in each lane.</summary>
    public static void ShiftCounts(SplitMix random, in Instruction instruction, DiffCase test)
    {
        int last = instruction.OpCount - 1;
        if (instruction.GetOpKind(last) == OpKind.Register)
        {
            int number = instruction.GetOpRegister(last).GetFullRegister() - Register.ZMM0;
            if (number is < 0 or > 15)
                return;
            fixed (byte* p = test.Initial.Ymm)
                Fill(random, new Span<byte>(p + 32 * number, 32));
        }
        else if (instruction.GetOpKind(last) == OpKind.Memory)
        {
            ulong at = EffectiveAddress.Of(instruction, test.Initial);
            if (at >= Scratch.Data && at <= Scratch.DataEnd - 32)
                Fill(random, test.Data.AsSpan((int)(at - Scratch.Data), 32));
        }
    }

    private static void Fill(SplitMix random, Span<byte> lanes)
    {
        // A doubleword lane of a quadword count is either its low half or zero, so that both widths are met.
        bool wide = random.Chance(60);
        for (int i = 0; i < lanes.Length; i += 4)
            BinaryPrimitives.WriteUInt32LittleEndian(lanes[i..], wide && i % 8 == 4 ? 0 : (uint)random.Below(70));
    }
}
