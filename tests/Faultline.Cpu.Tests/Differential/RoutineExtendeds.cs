using System.Buffers.Binary;
using Iced.Intel;

namespace Faultline.Cpu.Tests.Differential;

/// <summary>
/// Cases of x87 instructions as programs have them: exceptions masked, rounding to nearest at 64 bits, most registers in use, and ordinary numbers in them but for one
/// now and then. That is what fast paths are for; among trouble values and odd control words two ordinary operands hardly ever meet.
/// </summary>
internal static unsafe class RoutineExtendeds
{
    /// <summary>Adjusts a case's x87 state, if the instruction is one of the x87. Memory operands are left as they are.</summary>
    public static void Apply(SplitMix random, in Instruction instruction, DiffCase test)
    {
        if (instruction.CpuidFeatures.IndexOf(CpuidFeature.FPU) < 0)
            return;
        int truncation = random.Chance(20) ? 0xC00 : 0;
        test.Initial.X87Control = (ushort)(random.Chance(85) ? 0x37f | truncation : 0x7f | (random.Pick<int>([0, 2, 3]) << 8) | (random.Below(4) << 10));
        int top = random.Below(8);
        test.Initial.X87Status = (ushort)((top << 11) | (random.Chance(70) ? 0x20 : 0) | (random.Chance(30) ? 0x4700 & (int)random.Next() : 0));
        // ST(7) and ST(6) are free, as loads need it, or all are in use, as deep register forms need it.
        int free = random.Below(3);
        test.Initial.X87Tag = 0;
        for (int i = 0; i < 8 - free; i++)
            test.Initial.X87Tag |= (byte)(1 << ((top + i) & 7));
        int range = random.Below(6);
        fixed (byte* p = test.Initial.Fx)
        {
            for (int i = 0; i < 8; i++)
            {
                Span<byte> register = new(p + MachineState.StOffset + 16 * i, 10);
                if (random.Chance(5))
                    TroubleValues.Extended(random, register);
                else
                    Number(random, register, range);
            }
        }
    }

    /// <summary>A normal number or a zero: of a size that meets others or an integer, of any size, or where a format ends; all bits of the significand or few.</summary>
    private static void Number(SplitMix random, Span<byte> to, int range)
    {
        int exponent = range switch
        {
            0 or 1 => 0x3ffd + random.Below(5),
            2 => 0x3ffe + random.Below(68),
            3 => 1 + random.Below(0x7ffe),
            4 => random.Pick<int>([0x3c00, 0x43fd, 0x3f80, 0x407d]) + random.Below(4),
            // Halves of these exponents add up to the ends, where products become tiny or too large.
            _ => random.Below(3) switch { 0 => 1 + random.Below(70), 1 => 0x7ffe - random.Below(3), _ => 0x1ffe + random.Below(4) + (random.Chance(50) ? 0x4000 : 0) },
        };
        ulong significand = random.Next();
        significand = random.Below(5) switch
        {
            0 => ulong.MaxValue << random.Below(64),
            1 => ulong.MaxValue - (significand & 3),
            // Just at, above or below the middle between two numbers of the shorter formats.
            2 => (significand & (ulong.MaxValue << random.Pick<int>([10, 39]))) + (significand & 2) - 1,
            3 => significand & (ulong.MaxValue << random.Below(64)),
            _ => significand,
        };
        significand |= 1UL << 63;
        if (random.Chance(4))
            (significand, exponent) = (0, 0);
        BinaryPrimitives.WriteUInt64LittleEndian(to, significand);
        BinaryPrimitives.WriteUInt16LittleEndian(to[8..], (ushort)(exponent | (random.Below(2) << 15)));
    }
}
