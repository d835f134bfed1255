using Faultline.Cpu.State;

namespace Faultline.Cpu.Tests.Models;

/// <summary>Encodings that a processor without the feature executes as something older instead of refusing them.</summary>
public sealed unsafe class DecodingTests
{
    private const ulong Source = 0x0000_00f0_0000_0100;

    /// <summary>Whether each executes on v1, v2 and v3, with RAX afterwards; RDX holds <see cref="Source"/>, RAX 1.</summary>
    [Theory]
    // LZCNT is BSR without the feature, TZCNT is BSF: of a source that is not 0, BSR counts from the other end.
    [InlineData("F3480FBDC2", 39UL, 39UL, 24UL)]
    [InlineData("F30FBDC2", 8UL, 8UL, 23UL)]
    [InlineData("F3480FBCC2", 8UL, 8UL, 8UL)]
    // PAUSE, ENDBR64, ENDBR32, RDSSPQ rax, PREFETCHW and PREFETCH [rdi], CLDEMOTE, PREFETCHIT0, BNDMK, NOPs of 0F 18 to 0F 1F: nothing happens.
    [InlineData("F390", 1UL, 1UL, 1UL)]
    [InlineData("F30F1EFA", 1UL, 1UL, 1UL)]
    [InlineData("F30F1EFB", 1UL, 1UL, 1UL)]
    [InlineData("F3480F1EC8", 1UL, 1UL, 1UL)]
    [InlineData("0F0D0F", 1UL, 1UL, 1UL)]
    [InlineData("0F0D07", 1UL, 1UL, 1UL)]
    [InlineData("0F1C07", 1UL, 1UL, 1UL)]
    [InlineData("0F1F840000000000", 1UL, 1UL, 1UL)]
    // XACQUIRE LOCK ADD [rdi],eax; XRELEASE MOV [rdi],eax: the prefixes are ignored.
    [InlineData("F2F00107", 1UL, 1UL, 1UL)]
    [InlineData("F38907", 1UL, 1UL, 1UL)]
    // REP RET's prefix, on something that does not repeat.
    [InlineData("F3480FAFC2", 0xf0_0000_0100UL, 0xf0_0000_0100UL, 0xf0_0000_0100UL)]
    public void OlderMeaning(string code, ulong v1, ulong v2, ulong v3)
    {
        Assert.Equal(v1, Run(CpuModel.V1, code, out ExitReason exit));
        Assert.Equal(ExitReason.SystemCall, exit);
        Assert.Equal(v2, Run(CpuModel.V2, code, out exit));
        Assert.Equal(ExitReason.SystemCall, exit);
        Assert.Equal(v3, Run(CpuModel.V3, code, out exit));
        Assert.Equal(ExitReason.SystemCall, exit);
    }

    /// <summary>The first level that executes each; 9: none does.</summary>
    [Theory]
    // LAHF, POPCNT, PSHUFB, PCMPEQQ, CRC32, CMPXCHG16B [rdi], RDTSCP, XGETBV with ECX = 0.
    [InlineData("9F", 2)]
    [InlineData("F3480FB8C2", 2)]
    [InlineData("660F3800C1", 2)]
    [InlineData("660F3829C1", 2)]
    [InlineData("F20F38F1C2", 2)]
    [InlineData("480FC70F", 2)]
    [InlineData("0F01F9", 2)]
    [InlineData("0F01D0", 2)]
    // MOVBE rax,[rdi]; ANDN; PDEP; ADCX; AESENC; PCLMULQDQ; SHA1NEXTE; GF2P8MULB; RDRAND; RDSEED; RDPID; RDFSBASE; XSAVEC; CLWB; MOVDIRI; SERIALIZE.
    [InlineData("480F38F007", 3)]
    [InlineData("C4E2F8F2C2", 3)]
    [InlineData("C4E2FBF5C2", 3)]
    [InlineData("66480F38F6C2", 3)]
    [InlineData("660F38DCC1", 3)]
    [InlineData("660F3A44C100", 3)]
    [InlineData("0F38C8C1", 3)]
    [InlineData("660F38CFC1", 3)]
    [InlineData("480FC7F0", 3)]
    [InlineData("480FC7F8", 3)]
    [InlineData("F3480FC7F8", 3)]
    [InlineData("F3480FAEC0", 3)]
    [InlineData("480FC727", 3)]
    [InlineData("660FAE37", 3)]
    [InlineData("480F38F907", 3)]
    [InlineData("0F01E8", 3)]
    // EXTRQ (SSE4a), XBEGIN, XTEST, INCSSPQ, 3DNow! PFADD, MONITORX.
    [InlineData("660F79C1", 9)]
    [InlineData("C7F800000000", 9)]
    [InlineData("0F01D6", 9)]
    [InlineData("F3480FAEE8", 9)]
    [InlineData("0F0FC19E", 9)]
    [InlineData("0F01FA", 9)]
    public void FirstLevelThatExecutes(string code, int level)
    {
        foreach ((CpuModel model, int number) in new[] { (CpuModel.V1, 1), (CpuModel.V2, 2), (CpuModel.V3, 3) })
        {
            Run(model, code, out ExitReason exit);
            Assert.Equal(number >= level ? ExitReason.SystemCall : ExitReason.InvalidOpcode, exit);
        }
    }

    private static ulong Run(CpuModel model, string code, out ExitReason exit)
    {
        using GuestCode guest = new(model);
        guest.WriteCode([.. Convert.FromHexString(code), 0x0f, 0x05]);
        guest.State->Gpr[0] = 1;
        guest.State->Gpr[2] = Source;
        guest.State->Gpr[7] = GuestCode.DataStart;
        exit = guest.Processor.Run(100);
        return guest.State->Gpr[0];
    }
}
