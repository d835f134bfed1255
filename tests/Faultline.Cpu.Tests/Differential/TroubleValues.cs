using System.Buffers.Binary;
using System.Numerics;

namespace Faultline.Cpu.Tests.Differential;

/// <summary>Operand values at the edges of every format, mixed with random ones.</summary>
internal static class TroubleValues
{
    private static readonly uint[] s_singles =
    [
        0x00000000, 0x80000000, 0x3f800000, 0xbf800000, 0x7f800000, 0xff800000, 0x7fc00000, 0xffc00000, 0x7fc12345, 0x7f800001, 0xff8abcde, 0x7fbfffff,
        0x00000001, 0x80000001, 0x007fffff, 0x00800000, 0x7f7fffff, 0xff7fffff, 0x3f7fffff, 0x3f000000, 0x3fc00000, 0x40200000, 0x4f000000, 0xcf000000,
        0x4effffff, 0x5f000000, 0xdf000000, 0x4f800000, 0x4b000000, 0x4b000001, 0x33800000, 0x0d800000, 0x7e800000,
    ];

    private static readonly ulong[] s_doubles =
    [
        0, 0x8000000000000000, 0x3ff0000000000000, 0xbff0000000000000, 0x7ff0000000000000, 0xfff0000000000000, 0x7ff8000000000000, 0xfff8000000000000,
        0x7ff8000012345678, 0x7ff0000000000001, 0xfff7ffffffffffff, 1, 0x8000000000000001, 0x000fffffffffffff, 0x0010000000000000, 0x7fefffffffffffff,
        0xffefffffffffffff, 0x3fe0000000000000, 0x3ff8000000000000, 0x4004000000000000, 0x41dfffffffc00000, 0x41e0000000000000, 0xc1e0000000000000,
        0xc1e0000000200000, 0x43e0000000000000, 0xc3e0000000000000, 0x43dfffffffffffff, 0x43f0000000000000, 0x36a0000000000000, 0x3690000000000000,
        0x380fffffffffffff, 0x47efffffe0000000, 0x47efffffefffffff, 0x47effffff0000000, 0x3ff0000010000000, 0x3ff0000008000000, 0x4330000000000001,
    ];

    private static readonly (ushort High, ulong Low)[] s_extendeds =
    [
        (0, 0), (0x8000, 0), (0x3fff, 1UL << 63), (0xbfff, 1UL << 63), (0x7fff, 1UL << 63), (0xffff, 1UL << 63), (0x7fff, 3UL << 62), (0xffff, 3UL << 62),
        (0x7fff, 0xc123456789abcdef), (0x7fff, 0x8000000000000001), (0xffff, 0xbfffffffffffffff), (0, 1), (0x8000, 1), (0, 1UL << 63), (0, ulong.MaxValue),
        (1, 1UL << 63), (0x7ffe, ulong.MaxValue), (0xfffe, ulong.MaxValue), (0x3ffe, 1UL << 63), (0x4000, 0xa000000000000000), (0x403e, 1UL << 63),
        (0xc03e, 1UL << 63), (0x401e, 1UL << 63), (0xc01e, 1UL << 63), (0x400e, 1UL << 63), (0x7fff, 0), (0x7fff, 1), (0x4000, 0x4000000000000000),
        (0x3c01, 1UL << 63), (0x3bcd, 1UL << 63), (0x43fe, 0xfffffffffffff800), (0x43fe, 0xfffffffffffffc00), (0x4000, 0xc90fdaa22168c235), (0x3ffe, 0xb504f333f9de6484),
    ];

    /// <summary>An integer of a width in bytes, zero-extended.</summary>
    public static ulong Integer(SplitMix random, int width)
    {
        int bits = width * 8;
        ulong mask = ulong.MaxValue >> (64 - bits);
        ulong value = random.Below(12) switch
        {
            0 => 0,
            1 => 1,
            2 => ulong.MaxValue,
            3 => 1UL << (bits - 1),
            4 => (1UL << (bits - 1)) - 1,
            5 => (ulong)random.Below(256),
            6 => 1UL << random.Below(bits),
            7 => (1UL << random.Below(bits)) - 1,
            8 => ~(ulong)random.Below(256),
            _ => random.Next(),
        };
        return value & mask;
    }

    /// <summary>Bits of a single-precision number.</summary>
    public static uint Single(SplitMix random) => random.Below(4) switch
    {
        0 => (uint)random.Next(),
        // Near one another, so that sums cancel and products round.
        1 => (uint)(0x3f000000 + (random.Next() & 0x81ffffff)),
        _ => random.Pick<uint>(s_singles),
    };

    /// <summary>Bits of a double-precision number.</summary>
    public static ulong Double(SplitMix random) => random.Below(4) switch
    {
        0 => random.Next(),
        1 => 0x3fe0000000000000 + (random.Next() & 0x803fffffffffffff),
        _ => random.Pick<ulong>(s_doubles),
    };

    /// <summary>Ten bytes of a double-extended number, unnormal ones included.</summary>
    public static void Extended(SplitMix random, Span<byte> to)
    {
        (ushort high, ulong low) = random.Below(5) switch
        {
            0 => ((ushort)random.Next(), random.Next()),
            1 => ((ushort)(0x3ff0 + random.Below(32) + (random.Below(2) << 15)), random.Next() | (1UL << 63)),
            2 => ((ushort)(0x3fff + random.Below(70) + (random.Below(2) << 15)), BitOperations.RotateRight(random.Next() >> random.Below(60), 1) | (1UL << 63)),
            _ => random.Pick<(ushort, ulong)>(s_extendeds),
        };
        BinaryPrimitives.WriteUInt64LittleEndian(to, low);
        BinaryPrimitives.WriteUInt16LittleEndian(to[8..], high);
    }

    /// <summary>Fills bytes with lanes of one kind.</summary>
    public static void Lanes(SplitMix random, Span<byte> to)
    {
        int kind = random.Below(8);
        int width = kind switch { 0 => 1, 1 => 2, 2 or 4 => 4, _ => 8 };
        for (int i = 0; i + width <= to.Length; i += width)
        {
            ulong value = kind switch
            {
                4 => Single(random),
                5 => Double(random),
                6 => random.Next(),
                7 => (Single(random) | ((ulong)Single(random) << 32)),
                _ => Integer(random, width),
            };
            for (int j = 0; j < width; j++)
                to[i + j] = (byte)(value >> (8 * j));
        }
    }
}
