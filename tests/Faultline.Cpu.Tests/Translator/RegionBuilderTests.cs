using Faultline.Cpu.Translator;
using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace Faultline.Cpu.Tests.Translator;

/// <summary>What belongs to a region.</summary>
public sealed class RegionBuilderTests
{
    /// <summary>A function that another region has is taken in once more when it is short, and while much waits for the compiler only when it is very short.</summary>
    [Theory]
    [InlineData(5, false, true)]
    [InlineData(5, true, true)]
    [InlineData(30, false, true)]
    [InlineData(30, true, false)]
    [InlineData(60, false, false)]
    [InlineData(60, true, false)]
    public void ShortFunctionsAreCopied(int length, bool inHaste, bool copied)
    {
        const ulong Function = GuestCode.CodeStart + 0x1000;
        using GuestCode guest = new();
        guest.WriteAt(Function, a =>
        {
            for (int i = 1; i < length; i++)
                a.inc(rax);
            a.ret();
        });
        guest.WriteAt(GuestCode.CodeStart, a =>
        {
            Label loop = a.CreateLabel();
            a.Label(ref loop);
            a.call(Function);
            a.dec(rcx);
            a.jne(loop);
            a.syscall();
        });
        RegionBuilder builder = new(guest.Memory, guest.Processor.Model, _ => 1, _ => [], address => address == Function ? length : 0, _ => false) { IsInHaste = inHaste };
        Region region = builder.Build(GuestCode.CodeStart, Assumptions.All)!;
        Assert.Equal(copied, region.Leaders.ContainsKey(Function));
    }
}
