using System.Numerics;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Faultline.Cpu.State;
using V = System.Runtime.Intrinsics.Vector128<byte>;

namespace Faultline.Cpu.Semantics.Vector;

/// <summary>Polynomials over GF(2): PCLMULQDQ, and GFNI in GF(2^8) modulo x^8 + x^4 + x^3 + x + 1, the field of AES.</summary>
internal static unsafe class GaloisField
{
    /// <summary>PCLMULQDQ: the 128-bit product of one half of each operand.</summary>
    public static V CarrylessMultiply(CpuState* s, V a, V b, byte halves)
    {
        ulong x = a.AsUInt64()[halves & 1];
        ulong y = b.AsUInt64()[(halves >> 4) & 1];
        if (Pclmulqdq.IsSupported)
            return Pclmulqdq.CarrylessMultiply(Vector128.CreateScalar(x), Vector128.CreateScalar(y), 0).AsByte();
        ulong low = 0;
        ulong high = 0;
        for (; y != 0; y &= y - 1)
        {
            int shift = BitOperations.TrailingZeroCount(y);
            low ^= x << shift;
            // In two steps: a shift by 64 would be one by 0.
            high ^= x >> 1 >> (63 - shift);
        }
        return Vector128.Create(low, high).AsByte();
    }

    /// <summary>GF2P8MULB.</summary>
    public static V Multiply(CpuState* s, V a, V b)
    {
        if (Gfni.IsSupported)
            return Gfni.GaloisFieldMultiply(a, b);
        V result = V.Zero;
        for (int bit = 7; bit >= 0; bit--)
            result = Double(result) ^ (a & ((b << (7 - bit)).AsSByte() >> 7).AsByte());
        return result;
    }

    /// <summary>GF2P8AFFINEQB: each byte times the 8 by 8 bit matrix in its half of <paramref name="matrix"/>, plus a constant.</summary>
    public static V Affine(CpuState* s, V a, V matrix, byte constant)
    {
        if (Gfni.IsSupported)
            return Gfni.GaloisFieldAffineTransform(a, matrix, 0) ^ Vector128.Create(constant);
        V result = Vector128.Create(constant);
        for (int bit = 0; bit < 8; bit++)
        {
            // Row i of the matrix is byte 7 - i; it gives bit i.
            V row = Vector128.Create(Vector64.Create(matrix[7 - bit]), Vector64.Create(matrix[15 - bit]));
            V product = a & row;
            product ^= product >>> 4;
            product ^= product >>> 2;
            product ^= product >>> 1;
            result ^= (product & V.One) << bit;
        }
        return result;
    }

    /// <summary>GF2P8AFFINEINVQB: the same of each byte's inverse; zero has itself.</summary>
    public static V AffineInverse(CpuState* s, V a, V matrix, byte constant)
    {
        // The inverse is the 254th power.
        V power = a;
        V inverse = V.One;
        for (int i = 1; i < 8; i++)
        {
            power = Multiply(s, power, power);
            inverse = Multiply(s, inverse, power);
        }
        return Affine(s, inverse, matrix, constant);
    }

    /// <summary>Every byte times x.</summary>
    public static V Double(V a) => (a << 1) ^ ((a.AsSByte() >> 7).AsByte() & Vector128.Create((byte)0x1b));
}
