using System.Runtime.Intrinsics;
using Faultline.Cpu.State;
using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace Faultline.Cpu.Tests.Vector;

public sealed unsafe class VectorMoveTests
{
    private static readonly Vector128<ulong> s_a = Vector128.Create(0x1111222233334444UL, 0x5555666677778888);
    private static readonly Vector128<ulong> s_b = Vector128.Create(0x9999aaaabbbbccccUL, 0xddddeeeeffff0000);

    [Fact]
    public void ScalarMovesKeepTheRestAndScalarLoadsClearIt()
    {
        using GuestCode guest = Guest();
        guest.Run(a =>
        {
            a.movss(xmm0, xmm1);
            a.movsd(__qword_ptr[GuestCode.DataStart + 64], xmm1);
            a.movss(xmm2, __dword_ptr[GuestCode.DataStart + 64]);
            a.movsd(xmm3, __qword_ptr[GuestCode.DataStart + 64]);
            a.movq(xmm4, xmm1);
        });
        Assert.Equal(Vector128.Create(0x11112222bbbbccccUL, s_a[1]), Xmm(guest, 0));
        Assert.Equal(Vector128.Create(0xbbbbccccUL, 0), Xmm(guest, 2));
        Assert.Equal(Vector128.Create(s_b[0], 0), Xmm(guest, 3));
        Assert.Equal(Vector128.Create(s_b[0], 0), Xmm(guest, 4));
    }

    [Fact]
    public void HalvesMove()
    {
        using GuestCode guest = Guest();
        guest.Run(a =>
        {
            a.movaps(xmm2, xmm0);
            a.movhlps(xmm2, xmm1);
            a.movaps(xmm3, xmm0);
            a.movlhps(xmm3, xmm1);
            a.movhps(__qword_ptr[GuestCode.DataStart], xmm1);
            a.movaps(xmm4, xmm0);
            a.movlps(xmm4, __qword_ptr[GuestCode.DataStart]);
        });
        Assert.Equal(Vector128.Create(s_b[1], s_a[1]), Xmm(guest, 2));
        Assert.Equal(Vector128.Create(s_a[0], s_b[0]), Xmm(guest, 3));
        Assert.Equal(Vector128.Create(s_b[1], s_a[1]), Xmm(guest, 4));
    }

    [Fact]
    public void MisalignedOperandsRaiseGeneralProtection()
    {
        Fault(a => a.movaps(xmm0, __xmmword_ptr[GuestCode.DataStart + 8]));
        Fault(a => a.movdqa(__xmmword_ptr[GuestCode.DataStart + 1], xmm0));
        Fault(a => a.movntdq(__xmmword_ptr[GuestCode.DataStart + 4], xmm0));
        Fault(a => a.paddb(xmm0, __xmmword_ptr[GuestCode.DataStart + 8]));
        Fault(a => a.ptest(xmm0, __xmmword_ptr[GuestCode.DataStart + 8]));

        static void Fault(Action<Assembler> write)
        {
            using GuestCode guest = Guest();
            guest.Assemble(write);
            Assert.Equal(ExitReason.GeneralProtection, guest.Processor.Run());
            Assert.Equal(GuestCode.CodeStart, guest.State->Rip);
            Assert.Equal(s_a, Xmm(guest, 0));
        }
    }

    [Fact]
    public void SomeFormsTakeMisalignedMemory()
    {
        using GuestCode guest = Guest();
        guest.Run(a =>
        {
            // Across a page.
            a.movups(__xmmword_ptr[GuestCode.DataStart + 0xff9], xmm1);
            a.movdqu(xmm2, __xmmword_ptr[GuestCode.DataStart + 0xff9]);
            a.lddqu(xmm3, __xmmword_ptr[GuestCode.DataStart + 0xff9]);
            a.pcmpistri(xmm1, __xmmword_ptr[GuestCode.DataStart + 0xff9], 0x18);
            a.mov(r8, rcx);
        });
        Assert.Equal(s_b, Xmm(guest, 2));
        Assert.Equal(s_b, Xmm(guest, 3));
        Assert.Equal(16UL, guest.State->Gpr[8]);
    }

    [Fact]
    public void MaskedStoreStoresOnlySelectedBytesButNeedsAllOfThem()
    {
        using GuestCode guest = Guest();
        const ulong end = GuestCode.DataStart + 0x10000;
        guest.State->Gpr[7] = end - 16;
        Xmm(guest, 1) = Vector128.Create(0x80007fff80ff0080UL, 0);
        guest.Run(a => a.maskmovdqu(xmm0, xmm1));
        Span<byte> stored = stackalloc byte[16];
        Assert.Equal(16, guest.Memory.Read(end - 16, stored, out _));
        Assert.Equal(0x1100002233330044UL, BitConverter.ToUInt64(stored));
        Assert.Equal(0UL, BitConverter.ToUInt64(stored[8..]));

        // The last eight bytes fall on a page that is not there: no matter that none of them is selected.
        guest.State->Gpr[7] = end - 8;
        guest.Assemble(a => a.maskmovdqu(xmm0, xmm1));
        Assert.Equal(ExitReason.PageFault, guest.Processor.Run());
        Assert.Equal(end, guest.State->ExitAddress);
        Assert.Equal(8, guest.Memory.Read(end - 8, stored[..8], out _));
        Assert.Equal(0UL, BitConverter.ToUInt64(stored));
    }

    [Fact]
    public void NarrowLoadsReadNoFurther()
    {
        using GuestCode guest = Guest();
        ulong end = GuestCode.DataStart + 0x10000;
        guest.Run(a =>
        {
            a.pmovzxbq(xmm2, __word_ptr[end - 2]);
            a.pmovsxbd(xmm3, __dword_ptr[end - 4]);
            a.movddup(xmm4, __qword_ptr[end - 8]);
            a.pinsrb(xmm0, __byte_ptr[end - 1], 3);
            a.insertps(xmm1, __dword_ptr[end - 4], 0xc0);
        });
        Assert.Equal(s_a[0] & 0xffffffff00ffffff, Xmm(guest, 0)[0]);
        Assert.Equal(s_b[0] & 0xffffffff00000000, Xmm(guest, 1)[0]);
    }

    private static GuestCode Guest()
    {
        GuestCode guest = new();
        Xmm(guest, 0) = s_a;
        Xmm(guest, 1) = s_b;
        return guest;
    }

    private static ref Vector128<ulong> Xmm(GuestCode guest, int number) => ref *(Vector128<ulong>*)((byte*)guest.State + CpuState.VectorOffset(number));
}
