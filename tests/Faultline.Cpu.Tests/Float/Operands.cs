using Faultline.Cpu.Semantics.Float;

namespace Faultline.Cpu.Tests.Float;

/// <summary>Operands that meet each other in interesting ways: special values, close exponents, few bits.</summary>
internal sealed class Operands(int seed)
{
    private static readonly ulong[] s_special64 =
    [
        0, 1, 2, 0x000FFFFFFFFFFFFF, 0x0008000000000000, 0x0010000000000000, 0x0010000000000001, 0x001FFFFFFFFFFFFF,
        0x3FF0000000000000, 0x3FF0000000000001, 0x3FEFFFFFFFFFFFFF, 0x3FE0000000000000, 0x4000000000000000, 0x3FF8000000000000,
        0x7FE0000000000000, 0x7FEFFFFFFFFFFFFF, 0x7FF0000000000000, 0x7FF8000000000000, 0x7FF8000000000123, 0x7FF0000000000001,
        0x7FF4000000000000, 0x7FFFFFFFFFFFFFFF, 0x41DFFFFFFFC00000, 0x41E0000000000000, 0x41EFFFFFFFE00000, 0x43E0000000000000,
        0x43DFFFFFFFFFFFFF, 0x43F0000000000000, 0x41DFFFFFFFE00000, 0x380FFFFFE0000000, 0x3810000000000000, 0x3690000000000000,
        0x47EFFFFFE0000000, 0x47EFFFFFF0000000, 0x36A0000000000000, 0x380FFFFFF0000000,
    ];

    private static readonly uint[] s_special32 =
    [
        0, 1, 2, 0x007FFFFF, 0x00400000, 0x00800000, 0x00800001, 0x00FFFFFF, 0x3F800000, 0x3F800001, 0x3F7FFFFF, 0x3F000000,
        0x40000000, 0x3FC00000, 0x7F000000, 0x7F7FFFFF, 0x7F800000, 0x7FC00000, 0x7FC00123, 0x7F800001, 0x7FA00000, 0x7FFFFFFF,
        0x4F000000, 0x4EFFFFFF, 0x4F800000, 0x5F000000, 0x5F800000, 0x477FE000, 0x477FF000, 0x38800000, 0x387FFFFF, 0x33000000,
    ];

    private static readonly (ulong, ushort)[] s_special80 =
    [
        (0, 0), (1, 0), (0x7FFFFFFFFFFFFFFF, 0), (0x8000000000000000, 0), (0xFFFFFFFFFFFFFFFF, 0), (0x8000000000000000, 1),
        (0x8000000000000001, 1), (0xFFFFFFFFFFFFFFFF, 1), (0x8000000000000000, 0x3FFF), (0x8000000000000001, 0x3FFF),
        (0xFFFFFFFFFFFFFFFF, 0x3FFE), (0x8000000000000000, 0x3FFE), (0xC000000000000000, 0x3FFF), (0x8000000000000000, 0x7FFE),
        (0xFFFFFFFFFFFFFFFF, 0x7FFE), (0x8000000000000000, 0x7FFF), (0xC000000000000000, 0x7FFF), (0xC000000000000123, 0x7FFF),
        (0x8000000000000001, 0x7FFF), (0xA000000000000000, 0x7FFF), (0xFFFFFFFFFFFFFFFF, 0x7FFF), (0x0000000000000000, 0x7FFF),
        (0x4000000000000000, 0x7FFF), (0x0000000000000001, 0x7FFF), (0x4000000000000000, 0x3FFF), (0, 0x3FFF), (0x7FFFFFFFFFFFFFFF, 1),
        (0xDE0B6B3A763FFFFF, 0x403A), (0xDE0B6B3A76400000, 0x403A), (0xDE0B6B3A763FFFF0, 0x403A), (0x8000000000000000, 0x403E),
        (0xFFFFFFFFFFFFFFFF, 0x403D), (0x8000000000000000, 0x401E), (0xFFFFFFFE00000000, 0x401D), (0xFFFFFFFF00000000, 0x401D),
        (0xFFFF000000000000, 0x400D), (0xFFFE000000000000, 0x400D), (0xFFFFFF0000000000, 0x407E), (0xFFFFFF8000000000, 0x407E),
        (0xFFFFFFFFFFFFF800, 0x43FE), (0xFFFFFFFFFFFFFC00, 0x43FE), (0x8000000000000000, 0x3C01), (0xFFFFFFFFFFFFF800, 0x3C00),
        (0xFFFFFFFFFFFFFFFF, 0x3C00), (0x8000000000000000, 0x3F81), (0xFFFFFFFFFFFFFFFF, 0x3F80), (0xFFFFFF0000000000, 0x3F80),
    ];

    private readonly Random _random = new(seed);

    /// <summary>The next 64-bit operand.</summary>
    public ulong Next64()
    {
        ulong sign = (ulong)_random.Next(2) << 63;
        return sign | _random.Next(6) switch
        {
            0 or 1 => s_special64[_random.Next(s_special64.Length)],
            2 => ((ulong)_random.Next(1020, 1030) << 52) | Bits(52),
            3 => ((ulong)(_random.Next(2) == 0 ? _random.Next(0, 56) : _random.Next(1990, 2047)) << 52) | Bits(52),
            4 => ((ulong)_random.Next(960, 1100) << 52) | Bits(52),
            _ => (ulong)_random.NextInt64() & (ulong.MaxValue >> 1),
        };
    }

    /// <summary>The next 32-bit operand.</summary>
    public uint Next32()
    {
        uint sign = (uint)_random.Next(2) << 31;
        return sign | _random.Next(6) switch
        {
            0 or 1 => s_special32[_random.Next(s_special32.Length)],
            2 => ((uint)_random.Next(124, 132) << 23) | (uint)Bits(23),
            3 => ((uint)(_random.Next(2) == 0 ? _random.Next(0, 28) : _random.Next(230, 255)) << 23) | (uint)Bits(23),
            4 => ((uint)_random.Next(90, 165) << 23) | (uint)Bits(23),
            _ => (uint)_random.NextInt64() & (uint.MaxValue >> 1),
        };
    }

    /// <summary>The next 80-bit operand, unsupported encodings among them.</summary>
    public Float80 Next80()
    {
        int sign = _random.Next(2) << 15;
        switch (_random.Next(7))
        {
            case 0 or 1:
                (ulong significand, ushort exponent) = s_special80[_random.Next(s_special80.Length)];
                return new Float80(significand, (ushort)(sign | exponent));
            case 2:
                return new Float80(Bits(63) | (1UL << 63), (ushort)(sign | _random.Next(16380, 16390)));
            case 3:
                int edge = _random.Next(2) == 0 ? _random.Next(0, 70) : _random.Next(32700, 32767);
                return new Float80(Bits(63) | (edge == 0 ? 0 : 1UL << 63), (ushort)(sign | edge));
            case 4:
                return new Float80(Bits(63) | (1UL << 63), (ushort)(sign | _random.Next(16310, 16460)));
            case 5:
                int range = _random.Next(2) == 0 ? _random.Next(15280, 15400) : _random.Next(16220, 16520);
                return new Float80(Bits(63) | (1UL << 63), (ushort)(sign | range));
            default:
                return new Float80((ulong)_random.NextInt64() | ((ulong)_random.Next(2) << 63), (ushort)_random.Next(65536));
        }
    }

    /// <summary>A number below a bound.</summary>
    public int Next(int bound) => _random.Next(bound);

    /// <summary>Random bits; half of the time few of them, at the top, at the bottom or as long runs.</summary>
    public ulong Bits(int count)
    {
        ulong mask = ulong.MaxValue >> (64 - count);
        ulong bits = ((ulong)_random.NextInt64() << 1) ^ (ulong)_random.NextInt64();
        return mask & _random.Next(6) switch
        {
            0 => ulong.MaxValue << _random.Next(count),
            1 => bits & bits << _random.Next(count),
            2 => (bits & 7) << _random.Next(count),
            3 => (ulong.MaxValue >> _random.Next(64)) ^ (bits & 1),
            _ => bits,
        };
    }
}
