using Iced.Intel;

namespace Faultline.Cpu.Tests.Differential;

/// <summary>
/// Cases of vector floating point as programs have them: exceptions masked, rounding to nearest, PE set, and all elements ordinary numbers but for one now and then.
/// That is what fast paths are for; among trouble values a vector of eight such elements would hardly ever come up.
/// </summary>
internal static unsafe class RoutineFloats
{
    /// <summary>Adjusts a case's MXCSR, vector registers and memory operand, if the instruction works on floats.</summary>
    public static void Apply(SplitMix random, in Instruction instruction, DiffCase test)
    {
        OpCodeInfo info = instruction.OpCode;
        MemorySize element = info.MemorySize.GetElementType();
        bool converts = element == MemorySize.Int32 && info.Mnemonic.ToString().Contains("cvt", StringComparison.OrdinalIgnoreCase);
        int width = element switch { MemorySize.Float16 => 2, MemorySize.Float32 => 4, MemorySize.Float64 => 8, _ => 0 };
        if (width == 0 && !converts)
            return;
        test.Initial.Mxcsr = 0x1fa0 | (random.Chance(70) ? 0 : (uint)random.Next() & 0x805f);
        if (width == 0)
            return;
        int range = random.Below(4);
        fixed (byte* p = test.Initial.Ymm)
        {
            for (int i = 0; i < 16; i++)
                Fill(random, new Span<byte>(p + 32 * i, 32), width, range);
        }
        if (instruction.Op0Kind != OpKind.Memory && instruction.MemorySize != MemorySize.Unknown)
        {
            ulong address = EffectiveAddress.Of(instruction, test.Initial);
            if (address >= Scratch.Data && address <= Scratch.DataEnd - 32)
                Fill(random, test.Data.AsSpan((int)(address - Scratch.Data), 32), width, range);
        }
    }

    private static void Fill(SplitMix random, Span<byte> to, int width, int range)
    {
        int odd = random.Chance(25) ? random.Below(32 / width) : -1;
        for (int i = 0; i < 32 / width; i++)
        {
            ulong value = i == odd ? Trouble(random, width) : Number(random, width, range);
            for (int j = 0; j < width; j++)
                to[width * i + j] = (byte)(value >> (8 * j));
        }
    }

    /// <summary>A normal number: near 1, of any size, or close to either end of the range; with few or all bits of its fraction.</summary>
    private static ulong Number(SplitMix random, int width, int range)
    {
        (int fractionBits, int bias) = width switch { 2 => (10, 15), 4 => (23, 127), _ => (52, 1023) };
        int exponent = range switch
        {
            0 or 1 => bias - 2 + random.Below(5),
            2 => 1 + random.Below(2 * bias),
            // Halves of these exponents add up to the ends, where products become tiny or too large.
            _ => random.Below(3) switch { 0 => 1 + random.Below(4), 1 => 2 * bias - random.Below(3), _ => bias / 2 + random.Below(5) + (random.Chance(50) ? bias : 0) },
        };
        ulong fraction = random.Next() & ((1UL << fractionBits) - 1);
        if (random.Chance(30))
            fraction &= ~((1UL << (fractionBits - 3)) - 1);
        return ((random.Next() & 1) << (8 * width - 1)) | ((ulong)exponent << fractionBits) | fraction;
    }

    /// <summary>A denormal number, a zero, or anything else that is trouble.</summary>
    private static ulong Trouble(SplitMix random, int width)
    {
        ulong sign = (random.Next() & 1) << (8 * width - 1);
        return (random.Below(4), width) switch
        {
            (0, _) => sign,
            (1, 2) => sign | (random.Next() & 0x3ff),
            (1, 4) => sign | (random.Next() & 0x7fffff),
            (1, _) => sign | (random.Next() >> 12),
            (_, 2) => random.Next(),
            (_, 4) => TroubleValues.Single(random),
            _ => TroubleValues.Double(random),
        };
    }
}
