using System.Buffers.Binary;
using System.Runtime.Intrinsics;
using System.Security.Cryptography;
using Faultline.Cpu.Semantics.Vector;

namespace Faultline.Cpu.Tests.Vector;

/// <summary>AES, SHA, GFNI and PCLMULQDQ put together the way libraries use them, against published vectors and .NET.</summary>
public sealed unsafe class CryptographyTests
{
    [Fact]
    public void AesEncryptsAndDecryptsTheExampleOfFips197()
    {
        Vector128<byte>[] keys = new Vector128<byte>[11];
        keys[0] = Bytes("2b7e151628aed2a6abf7158809cf4f3c");
        byte constant = 1;
        for (int i = 1; i < keys.Length; i++)
        {
            Vector128<uint> last = keys[i - 1].AsUInt32();
            uint word = AesRound.KeyGenAssist(null, keys[i - 1], constant).AsUInt32()[3];
            uint w0 = last[0] ^ word;
            uint w1 = last[1] ^ w0;
            uint w2 = last[2] ^ w1;
            keys[i] = Vector128.Create(w0, w1, w2, last[3] ^ w2).AsByte();
            constant = (byte)((constant << 1) ^ (constant >= 0x80 ? 0x1b : 0));
        }

        Vector128<byte> plain = Bytes("3243f6a8885a308d313198a2e0370734");
        Vector128<byte> state = plain ^ keys[0];
        for (int i = 1; i < 10; i++)
            state = AesRound.Encrypt(null, state, keys[i]);
        state = AesRound.EncryptLast(null, state, keys[10]);
        Assert.Equal(Bytes("3925841d02dc09fbdc118597196a0b32"), state);

        state ^= keys[10];
        for (int i = 9; i > 0; i--)
            state = AesRound.Decrypt(null, state, AesRound.InverseMixColumns(null, keys[i]));
        Assert.Equal(plain, AesRound.DecryptLast(null, state, keys[0]));
    }

    [Fact]
    public void AffineInverseGivesTheSubstitutionOfAes()
    {
        Vector128<byte> matrix = Vector128.Create(0xF1E3C78F1F3E7CF8UL).AsByte();
        for (int i = 0; i < 256; i++)
        {
            // With sixteen equal bytes ShiftRows changes nothing.
            Vector128<byte> value = Vector128.Create((byte)i);
            Assert.Equal(AesRound.EncryptLast(null, value, Vector128<byte>.Zero), GaloisField.AffineInverse(null, value, matrix, 0x63));
        }
    }

    [Fact]
    public void Sha256HashesABlock()
    {
        byte[] block = Block("abc"u8);
        uint[] k = RoundConstants();
        Vector128<uint>[] w = new Vector128<uint>[16];
        for (int i = 0; i < 4; i++)
            w[i] = Words(block, i * 16);
        for (int i = 4; i < 16; i++)
        {
            Vector128<uint> sum = Sha.Sha256Message1(null, w[i - 4].AsByte(), w[i - 3].AsByte()).AsUInt32()
                + Vector128.Create(w[i - 2][1], w[i - 2][2], w[i - 2][3], w[i - 1][0]);
            w[i] = Sha.Sha256Message2(null, sum.AsByte(), w[i - 1].AsByte()).AsUInt32();
        }

        uint[] h = [0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19];
        Vector128<byte> abef = Vector128.Create(h[5], h[4], h[1], h[0]).AsByte();
        Vector128<byte> cdgh = Vector128.Create(h[7], h[6], h[3], h[2]).AsByte();
        for (int i = 0; i < 32; i++)
        {
            Vector128<uint> words = w[i / 2];
            int at = 2 * (i & 1);
            Vector128<byte> next = Sha.Sha256Rounds(null, cdgh, abef, Vector128.Create(words[at] + k[2 * i], words[at + 1] + k[2 * i + 1], 0, 0).AsByte());
            cdgh = abef;
            abef = next;
        }
        uint[] order = [abef.AsUInt32()[3], abef.AsUInt32()[2], cdgh.AsUInt32()[3], cdgh.AsUInt32()[2],
            abef.AsUInt32()[1], abef.AsUInt32()[0], cdgh.AsUInt32()[1], cdgh.AsUInt32()[0]];
        byte[] hash = new byte[32];
        for (int i = 0; i < 8; i++)
            BinaryPrimitives.WriteUInt32BigEndian(hash.AsSpan(4 * i), h[i] + order[i]);
        Assert.Equal(SHA256.HashData("abc"u8), hash);
    }

    [Fact]
    public void CarrylessProductHas128Bits()
    {
        Vector128<byte> a = Vector128.Create(3UL, ulong.MaxValue).AsByte();
        Assert.Equal(Vector128.Create(5UL, 0).AsByte(), GaloisField.CarrylessMultiply(null, a, a, 0x00));
        Assert.Equal(Vector128.Create(1UL, 1UL).AsByte(), GaloisField.CarrylessMultiply(null, a, a, 0x10));
        Assert.Equal(Vector128.Create(0x5555555555555555UL, 0x5555555555555555).AsByte(), GaloisField.CarrylessMultiply(null, a, a, 0x11));
    }

    private static Vector128<byte> Bytes(string hex) => Vector128.Create(Convert.FromHexString(hex));

    private static byte[] Block(ReadOnlySpan<byte> message)
    {
        byte[] block = new byte[64];
        message.CopyTo(block);
        block[message.Length] = 0x80;
        block[63] = (byte)(message.Length * 8);
        return block;
    }

    private static Vector128<uint> Words(byte[] block, int at) => Vector128.Create(
        BinaryPrimitives.ReadUInt32BigEndian(block.AsSpan(at)),
        BinaryPrimitives.ReadUInt32BigEndian(block.AsSpan(at + 4)),
        BinaryPrimitives.ReadUInt32BigEndian(block.AsSpan(at + 8)),
        BinaryPrimitives.ReadUInt32BigEndian(block.AsSpan(at + 12)));

    /// <summary>The fractions of the cube roots of the first 64 primes.</summary>
    private static uint[] RoundConstants()
    {
        List<uint> constants = [];
        for (int n = 2; constants.Count < 64; n++)
        {
            bool prime = true;
            for (int d = 2; d * d <= n; d++)
                prime &= n % d != 0;
            if (!prime)
                continue;
            // floor(cbrt(n) * 2^32) by bisection; the cube fits 128 bits.
            UInt128 target = (UInt128)(uint)n << 96;
            ulong root = 0;
            for (int bit = 35; bit >= 0; bit--)
            {
                UInt128 candidate = root | 1UL << bit;
                if (candidate * candidate * candidate <= target)
                    root = (ulong)candidate;
            }
            constants.Add((uint)root);
        }
        return [.. constants];
    }
}
