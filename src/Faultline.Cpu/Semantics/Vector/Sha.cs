using System.Numerics;
using System.Runtime.Intrinsics;
using Faultline.Cpu.State;
using V = System.Runtime.Intrinsics.Vector128<byte>;

namespace Faultline.Cpu.Semantics.Vector;

/// <summary>SHA-1 and SHA-256 steps (SDM vol. 2, SHA1RNDS4 and following; FIPS 180-4). Lane 3 holds the first of four words.</summary>
internal static unsafe class Sha
{
    /// <summary>SHA1RNDS4: four rounds; the immediate selects function and constant.</summary>
    public static V Sha1Rounds(CpuState* s, V state, V words, byte function)
    {
        Vector128<uint> st = state.AsUInt32();
        uint a = st[3];
        uint b = st[2];
        uint c = st[1];
        uint d = st[0];
        uint e = 0;
        for (int i = 3; i >= 0; i--)
        {
            uint f = (function & 3) switch
            {
                0 => Choose(b, c, d) + 0x5A827999,
                1 => (b ^ c ^ d) + 0x6ED9EBA1,
                2 => Majority(b, c, d) + 0x8F1BBCDC,
                _ => (b ^ c ^ d) + 0xCA62C1D6,
            };
            // The first word has E added already (SHA1NEXTE).
            uint next = f + BitOperations.RotateLeft(a, 5) + words.AsUInt32()[i] + e;
            e = d;
            d = c;
            c = BitOperations.RotateLeft(b, 30);
            b = a;
            a = next;
        }
        return Vector128.Create(d, c, b, a).AsByte();
    }

    /// <summary>SHA1NEXTE: adds the next E to the first word.</summary>
    public static V Sha1NextE(CpuState* s, V state, V words)
    {
        Vector128<uint> w = words.AsUInt32();
        return w.WithElement(3, w[3] + BitOperations.RotateLeft(state.AsUInt32()[3], 30)).AsByte();
    }

    /// <summary>SHA1MSG1.</summary>
    public static V Sha1Message1(CpuState* s, V a, V b) => a ^ Vector128.Create(b.GetUpper(), a.GetLower());

    /// <summary>SHA1MSG2.</summary>
    public static V Sha1Message2(CpuState* s, V a, V b)
    {
        Vector128<uint> x = a.AsUInt32();
        Vector128<uint> y = b.AsUInt32();
        uint w16 = BitOperations.RotateLeft(x[3] ^ y[2], 1);
        uint w17 = BitOperations.RotateLeft(x[2] ^ y[1], 1);
        uint w18 = BitOperations.RotateLeft(x[1] ^ y[0], 1);
        uint w19 = BitOperations.RotateLeft(x[0] ^ w16, 1);
        return Vector128.Create(w19, w18, w17, w16).AsByte();
    }

    /// <summary>SHA256RNDS2: two rounds; CDGH in the first operand, ABEF in the second, words plus constants in XMM0.</summary>
    public static V Sha256Rounds(CpuState* s, V cdgh, V abef, V words)
    {
        Vector128<uint> x = abef.AsUInt32();
        Vector128<uint> y = cdgh.AsUInt32();
        uint a = x[3];
        uint b = x[2];
        uint c = y[3];
        uint d = y[2];
        uint e = x[1];
        uint f = x[0];
        uint g = y[1];
        uint h = y[0];
        for (int i = 0; i < 2; i++)
        {
            uint sum1 = BitOperations.RotateRight(e, 6) ^ BitOperations.RotateRight(e, 11) ^ BitOperations.RotateRight(e, 25);
            uint sum0 = BitOperations.RotateRight(a, 2) ^ BitOperations.RotateRight(a, 13) ^ BitOperations.RotateRight(a, 22);
            uint t = Choose(e, f, g) + sum1 + words.AsUInt32()[i] + h;
            h = g;
            g = f;
            f = e;
            e = t + d;
            d = c;
            uint next = t + Majority(a, b, c) + sum0;
            c = b;
            b = a;
            a = next;
        }
        return Vector128.Create(f, e, b, a).AsByte();
    }

    /// <summary>SHA256MSG1.</summary>
    public static V Sha256Message1(CpuState* s, V a, V b)
    {
        Vector128<uint> x = a.AsUInt32();
        return Vector128.Create(x[0] + Sigma0(x[1]), x[1] + Sigma0(x[2]), x[2] + Sigma0(x[3]), x[3] + Sigma0(b.AsUInt32()[0])).AsByte();
    }

    /// <summary>SHA256MSG2.</summary>
    public static V Sha256Message2(CpuState* s, V a, V b)
    {
        Vector128<uint> x = a.AsUInt32();
        uint w16 = x[0] + Sigma1(b.AsUInt32()[2]);
        uint w17 = x[1] + Sigma1(b.AsUInt32()[3]);
        return Vector128.Create(w16, w17, x[2] + Sigma1(w16), x[3] + Sigma1(w17)).AsByte();
    }

    private static uint Choose(uint x, uint y, uint z) => (x & y) ^ (~x & z);

    private static uint Majority(uint x, uint y, uint z) => (x & y) ^ (x & z) ^ (y & z);

    private static uint Sigma0(uint x) => BitOperations.RotateRight(x, 7) ^ BitOperations.RotateRight(x, 18) ^ (x >> 3);

    private static uint Sigma1(uint x) => BitOperations.RotateRight(x, 17) ^ BitOperations.RotateRight(x, 19) ^ (x >> 10);
}
