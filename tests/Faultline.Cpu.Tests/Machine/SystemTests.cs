using Faultline.Cpu.State;
using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace Faultline.Cpu.Tests.Machine;

public sealed unsafe class SystemTests
{
    [Theory]
    [InlineData("CC", nameof(ExitReason.Breakpoint), 0u, 1)]
    [InlineData("F1", nameof(ExitReason.Debug), 0u, 1)]
    [InlineData("CD03", nameof(ExitReason.Breakpoint), 0u, 2)]
    [InlineData("CD80", nameof(ExitReason.SoftwareInterrupt), 0u, 2)]
    [InlineData("CD20", nameof(ExitReason.GeneralProtection), 0x102u, 0)]
    [InlineData("CD01", nameof(ExitReason.GeneralProtection), 0xau, 0)]
    [InlineData("F4", nameof(ExitReason.GeneralProtection), 0u, 0)]
    [InlineData("6C", nameof(ExitReason.GeneralProtection), 0u, 0)]
    [InlineData("0F32", nameof(ExitReason.GeneralProtection), 0u, 0)]
    [InlineData("0F20C0", nameof(ExitReason.GeneralProtection), 0u, 0)]
    [InlineData("0F34", nameof(ExitReason.InvalidOpcode), 0u, 0)]
    [InlineData("0F01C8", nameof(ExitReason.InvalidOpcode), 0u, 0)]
    [InlineData("0F01D6", nameof(ExitReason.InvalidOpcode), 0u, 0)]
    [InlineData("F30FAEC0", nameof(ExitReason.InvalidOpcode), 0u, 0)]
    [InlineData("0F0B", nameof(ExitReason.InvalidOpcode), 0u, 0)]
    [InlineData("CE", nameof(ExitReason.InvalidOpcode), 0u, 0)]
    [InlineData("F090", nameof(ExitReason.InvalidOpcode), 0u, 0)]
    [InlineData("F03907", nameof(ExitReason.InvalidOpcode), 0u, 0)]
    [InlineData("F08907", nameof(ExitReason.InvalidOpcode), 0u, 0)]
    [InlineData("F00FA307", nameof(ExitReason.InvalidOpcode), 0u, 0)]
    [InlineData("F0D127", nameof(ExitReason.InvalidOpcode), 0u, 0)]
    [InlineData("8EC8", nameof(ExitReason.InvalidOpcode), 0u, 0)]
    public void Exits(string code, string exit, uint errorCode, int ripOffset)
    {
        using GuestCode guest = new();
        guest.State->Gpr[7] = GuestCode.DataStart;
        guest.WriteCode(Convert.FromHexString(code));
        Assert.Equal(exit, guest.Processor.Run().ToString());
        Assert.Equal(errorCode, guest.State->ExitCode);
        Assert.Equal(GuestCode.CodeStart + (ulong)ripOffset, guest.State->Rip);
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(3, true)]
    [InlineData(0x2b, true)]
    [InlineData(0x33, true)]
    [InlineData(0x23, true)]
    [InlineData(0x10, false)]
    [InlineData(0x63, false)]
    [InlineData(0x07, false)]
    public void DataSegmentsTakeUserSelectors(int selector, bool valid)
    {
        using GuestCode guest = new();
        guest.Assemble(a =>
        {
            a.mov(eax, selector);
            a.mov(ds, eax);
            a.mov(ecx, ds);
        });
        Assert.Equal(valid ? ExitReason.SystemCall : ExitReason.GeneralProtection, guest.Processor.Run());
        if (valid)
            Assert.Equal((ulong)selector, guest.State->Selectors[3]);
        else
            Assert.Equal((uint)selector & ~3u, guest.State->ExitCode);
    }

    [Fact]
    public void FlagsGoThroughTheStackAndAh()
    {
        using GuestCode guest = new();
        guest.Run(a =>
        {
            a.pushfq();
            a.pop(rax);
            a.or(rax, 0x0dd5 | 1 << 14 | 1 << 18 | 1 << 21 | 3 << 12);
            a.and(rax, ~(int)Rflags.TF);
            a.push(rax);
            a.popfq();
            a.pushfq();
            a.pop(rbx);
            a.cld();
            a.cmc();
            a.lahf();
        });
        // IOPL is not the user's to change; TF was left alone.
        Assert.Equal(0x0ed7UL & ~0x100UL | 1 << 14 | 1 << 18 | 1 << 21, guest.State->Gpr[3]);
        Assert.Equal(0xd6, (byte)(guest.State->Gpr[0] >> 8));
    }

    [Fact]
    public void EnterAndLeaveWithNesting()
    {
        using GuestCode guest = new();
        guest.State->Gpr[5] = GuestCode.StackTop - 0x100;
        byte[] display = new byte[16];
        display[0] = 0xbb;
        display[8] = 0xaa;
        guest.Memory.Write(GuestCode.StackTop - 0x110, display, out _);
        guest.Run(a =>
        {
            a.enter(32, 3);
            a.mov(rax, __qword_ptr[rbp - 8]);
            a.mov(rbx, __qword_ptr[rbp - 16]);
            a.mov(rdx, __qword_ptr[rbp - 24]);
            a.mov(rsi, rbp);
            a.mov(rdi, rsp);
            a.leave();
        });
        ulong frame = GuestCode.StackTop - 8;
        Assert.Equal(0xaaUL, guest.State->Gpr[0]);
        Assert.Equal(0xbbUL, guest.State->Gpr[3]);
        Assert.Equal(frame, guest.State->Gpr[2]);
        Assert.Equal(frame, guest.State->Gpr[6]);
        Assert.Equal(frame - 24 - 32, guest.State->Gpr[7]);
        Assert.Equal(GuestCode.StackTop, guest.State->Gpr[4]);
        Assert.Equal(GuestCode.StackTop - 0x100, guest.State->Gpr[5]);
    }

    [Fact]
    public void LoopsCountDown()
    {
        using GuestCode guest = new();
        guest.Run(a =>
        {
            Label again = a.CreateLabel();
            Label out1 = a.CreateLabel();
            a.mov(ecx, 10);
            a.Label(ref again);
            a.inc(eax);
            a.loop(again);
            a.jrcxz(out1);
            a.mov(eax, 99);
            a.Label(ref out1);
            a.nop();
        });
        Assert.Equal(10UL, guest.State->Gpr[0]);
    }

    [Fact]
    public void FarReturnToTheSameSegment()
    {
        using GuestCode guest = new();
        guest.Run(a =>
        {
            Label target = a.CreateLabel();
            a.push(0x33);
            a.lea(rax, __[target]);
            a.push(rax);
            a.db(0x48, 0xcb);
            a.mov(ebx, 1);
            a.Label(ref target);
            a.mov(edx, 2);
        });
        Assert.Equal(0UL, guest.State->Gpr[3]);
        Assert.Equal(2UL, guest.State->Gpr[2]);
        Assert.Equal(GuestCode.StackTop, guest.State->Gpr[4]);
    }

    [Theory]
    [InlineData("C3")]
    [InlineData("FFE0")]
    [InlineData("FFD0")]
    public void NonCanonicalTargetsFaultAtTheBranch(string code)
    {
        using GuestCode guest = new();
        guest.State->Gpr[0] = 0x8000000000000000;
        guest.State->Gpr[4] = GuestCode.StackTop - 8;
        guest.Memory.Write(GuestCode.StackTop - 8, BitConverter.GetBytes(0x8000000000000000), out _);
        guest.WriteCode(Convert.FromHexString(code));
        Assert.Equal(ExitReason.GeneralProtection, guest.Processor.Run());
        Assert.Equal(GuestCode.CodeStart, guest.State->Rip);
        Assert.Equal(GuestCode.StackTop - 8, guest.State->Gpr[4]);
    }

    [Fact]
    public void CpuidAgreesWithWhatExecutes()
    {
        CpuModel model = CpuModel.V2;
        (uint a, uint b, uint c, uint d) = model.Cpuid(1, 0);
        Assert.Equal(model.HwCap, d);
        Assert.Equal(model.Has(CpuFeature.Sse42), (c & 1 << 20) != 0);
        Assert.Equal(model.Has(CpuFeature.Avx), (c & 1 << 28) != 0);
        Assert.Equal(model.Has(CpuFeature.Fsgsbase), (model.Cpuid(7, 0).B & 1) != 0);
        Assert.Equal((3u, 576u, 576u, 0u), model.Cpuid(0xd, 0));
        // Every cache must multiply out to its size, as C libraries compute it.
        foreach ((uint subleaf, uint size) in new[] { (0u, 32u << 10), (1u, 32u << 10), (2u, 256u << 10), (3u, 8u << 20) })
        {
            (a, b, c, _) = model.Cpuid(4, subleaf);
            Assert.NotEqual(0u, a & 31);
            Assert.Equal(size, ((b >> 22) + 1) * ((b >> 12 & 0x3ff) + 1) * ((b & 0xfff) + 1) * (c + 1));
        }
        Assert.Equal(default, model.Cpuid(4, 4));
    }

    [Fact]
    public void XsaveImageRestoresTheState()
    {
        using GuestCode guest = new();
        ulong* xmm3 = (ulong*)((byte*)guest.State + CpuState.VectorOffset(3));
        xmm3[0] = 0x1122334455667788;
        xmm3[1] = 0x99aabbccddeeff00;
        guest.State->Gpr[3] = GuestCode.DataStart;
        guest.State->Mxcsr = 0x1fa0;
        guest.Run(a =>
        {
            a.mov(eax, -1);
            a.mov(edx, -1);
            a.xsave64(__[rbx]);
        });
        byte[] image = new byte[576];
        guest.Memory.Read(GuestCode.DataStart, image, out _);
        Assert.Equal(0x1fa0u, BitConverter.ToUInt32(image, 24));
        Assert.Equal(xmm3[0], BitConverter.ToUInt64(image, 160 + 48));
        // XMM is in use; the x87, untouched since reset, is not.
        Assert.Equal(2UL, BitConverter.ToUInt64(image, 512));

        xmm3[0] = xmm3[1] = 7;
        guest.State->Mxcsr = 0x1f80;
        guest.State->X87Control = 0x27f;
        guest.Run(a => a.xrstor64(__[rbx]));
        Assert.Equal(0x1122334455667788UL, xmm3[0]);
        Assert.Equal(0x99aabbccddeeff00UL, xmm3[1]);
        Assert.Equal(0x1fa0u, guest.State->Mxcsr);
        Assert.Equal(0x37f, guest.State->X87Control);
    }

    [Fact]
    public void XrstorRefusesUnknownComponents()
    {
        using GuestCode guest = new();
        byte[] image = new byte[576];
        image[512] = 4;
        guest.Memory.Write(GuestCode.DataStart, image, out _);
        guest.State->Gpr[3] = GuestCode.DataStart;
        guest.State->Gpr[0] = 7;
        guest.Assemble(a => a.xrstor64(__[rbx]));
        Assert.Equal(ExitReason.GeneralProtection, guest.Processor.Run());
    }

    [Fact]
    public void LdmxcsrRefusesReservedBits()
    {
        using GuestCode guest = new();
        guest.Memory.Write(GuestCode.DataStart, [0x80, 0x1f, 1, 0], out _);
        guest.State->Gpr[3] = GuestCode.DataStart;
        guest.Assemble(a => a.ldmxcsr(__dword_ptr[rbx]));
        Assert.Equal(ExitReason.GeneralProtection, guest.Processor.Run());
        Assert.Equal(0x1f80u, guest.State->Mxcsr);
    }
}
