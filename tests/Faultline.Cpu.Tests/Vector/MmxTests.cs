using Faultline.Cpu.State;
using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace Faultline.Cpu.Tests.Vector;

public sealed unsafe class MmxTests
{
    private const ulong Unmapped = 0x10000;

    [Fact]
    public void RegistersAreSignificandsOfTheX87()
    {
        using GuestCode guest = new();
        guest.State->X87Top = 5;
        guest.State->X87Tag = 0;
        guest.State->Gpr[0] = 0x8877665544332211;
        guest.Run(a =>
        {
            a.movq(mm3, rax);
            a.paddb(mm3, mm3);
        });
        Assert.Equal(0x10eeccaa88664422UL, *(ulong*)((byte*)guest.State + CpuState.X87Offset(3)));
        Assert.Equal(0xffff, *(ushort*)((byte*)guest.State + CpuState.X87Offset(3) + 8));
        Assert.Equal(0, *(ushort*)((byte*)guest.State + CpuState.X87Offset(2) + 8));
        Assert.Equal(0, guest.State->X87Top);
        Assert.Equal(0xff, guest.State->X87Tag);

        guest.Run(a => a.emms());
        Assert.Equal(0, guest.State->X87Tag);
    }

    [Fact]
    public void ReadingARegisterEntersMmxStateToo()
    {
        using GuestCode guest = new();
        guest.State->X87Top = 5;
        guest.State->X87Tag = 0;
        guest.Run(a => a.movd(eax, mm1));
        Assert.Equal(0, guest.State->X87Top);
        Assert.Equal(0xff, guest.State->X87Tag);
    }

    [Fact]
    public void FaultLeavesTheX87Alone()
    {
        using GuestCode guest = new();
        guest.State->X87Top = 5;
        guest.State->X87Tag = 1;
        guest.Assemble(a => a.paddb(mm0, __qword_ptr[Unmapped]));
        Assert.Equal(ExitReason.PageFault, guest.Processor.Run());
        Assert.Equal(5, guest.State->X87Top);
        Assert.Equal(1, guest.State->X87Tag);
    }

    [Fact]
    public void PendingExceptionComesFirst()
    {
        // An unmasked invalid operation is pending: #MF, before the page fault, and for EMMS too.
        foreach (Action<Assembler> write in new Action<Assembler>[] { a => a.paddb(mm0, __qword_ptr[Unmapped]), a => a.movq(__qword_ptr[Unmapped], mm0), a => a.emms() })
        {
            using GuestCode guest = new();
            guest.State->X87Control = 0x37e;
            guest.State->X87Status = 0x8081;
            guest.Assemble(write);
            Assert.Equal(ExitReason.FloatingPoint, guest.Processor.Run());
        }
    }
}
