using System.Text;
using Faultline.Cpu.State;
using static Iced.Intel.AssemblerRegisters;

namespace Faultline.Cpu.Tests.Vector;

public sealed unsafe class StringCompareTests
{
    [Theory]
    // Equal any, as strpbrk: the first vowel.
    [InlineData("aeiou", "xyzzy plugh", 0x00, 8, true, true)]
    [InlineData("aeiou", "xyz", 0x00, 16, false, true)]
    // Ranges: the first character that is no letter or digit (negative polarity within the string).
    [InlineData("azAZ09", "Fault17-line", 0x34, 7, true, true)]
    // Equal each: the first difference.
    [InlineData("interpreter", "interpol", 0x18, 6, true, true)]
    [InlineData("same", "same", 0x18, 16, false, true)]
    // Equal ordered: where a substring begins, and where it may continue beyond the end.
    [InlineData("line", "Faultline", 0x0c, 5, true, true)]
    [InlineData("lines", "0123456789abclin", 0x0c, 13, true, false)]
    // The highest index.
    [InlineData("z", "xyzzy", 0x40, 3, true, true)]
    public void ImplicitLengths(string a, string b, byte control, ulong index, bool carry, bool zero)
    {
        using GuestCode guest = new();
        Write(guest, 0, a);
        Write(guest, 1, b);
        guest.Run(c =>
        {
            c.pcmpistri(xmm0, xmm1, (sbyte)control);
            // SYSCALL takes RCX.
            c.mov(r8, rcx);
        });
        Assert.Equal(index, guest.State->Gpr[8]);
        Assert.Equal(carry, Flags.Carry(guest.State));
        Assert.Equal(zero, Flags.Zero(guest.State));
        Assert.Equal(a.Length < 16, Flags.Sign(guest.State));
    }

    [Theory]
    [InlineData(-3L, 99L)]
    [InlineData(3L, 0L)]
    [InlineData(long.MinValue, 3L)]
    public void ExplicitLengthsAreAbsoluteAndLimited(long lengthA, long lengthB)
    {
        // Equal each of equal vectors, bit mask: equal while both are valid or both are not.
        using GuestCode guest = new();
        Write(guest, 0, "0123456789abcdef");
        Write(guest, 1, "0123456789abcdef");
        guest.State->Gpr[0] = (ulong)lengthA;
        guest.State->Gpr[2] = (ulong)lengthB;
        guest.Run(c => c.pcmpestrm64(xmm0, xmm1, 0x08));
        int validA = (int)Math.Min(lengthA == long.MinValue ? 16 : Math.Abs(lengthA), 16);
        int validB = (int)Math.Min(lengthB, 16);
        uint expected = 0xffff;
        for (int i = Math.Min(validA, validB); i < Math.Max(validA, validB); i++)
            expected &= ~(1u << i);
        Assert.Equal(expected, *(ulong*)((byte*)guest.State + CpuState.VectorOffset(0)));
        Assert.Equal(validB < 16, Flags.Zero(guest.State));
        Assert.Equal(validA < 16, Flags.Sign(guest.State));
    }

    private static void Write(GuestCode guest, int register, string text)
    {
        Span<byte> bytes = new((byte*)guest.State + CpuState.VectorOffset(register), 16);
        bytes.Clear();
        Encoding.ASCII.GetBytes(text, bytes);
    }
}
