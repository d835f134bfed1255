using Faultline.Cpu.State;

namespace Faultline.Cpu.Tests.State;

public sealed unsafe class CpuStateTests
{
    [Fact]
    public void OffsetConstantsAreTheLayout()
    {
        CpuState state = default;
        byte* origin = (byte*)&state;
        Assert.Equal(CpuState.GprOffset(0), (byte*)state.Gpr - origin);
        Assert.Equal(CpuState.ZeroOffset, (byte*)&state.Zero - origin);
        Assert.Equal(CpuState.FsBaseOffset, (byte*)&state.FsBase - origin);
        Assert.Equal(CpuState.GsBaseOffset, (byte*)&state.GsBase - origin);
        Assert.Equal(CpuState.SelectorsOffset, (byte*)state.Selectors - origin);
        Assert.Equal(CpuState.OpmaskOffset, (byte*)state.Opmask - origin);
        Assert.Equal(CpuState.X87Offset(0), (byte*)state.X87Registers - origin);
        Assert.Equal(CpuState.VectorOffset(0), (byte*)state.Vectors - origin);
        // All thirty-two lie before what follows them.
        Assert.Equal(CpuState.VectorOffset(32), (byte*)&state.HomeTable - origin);
        Assert.Equal(0, CpuState.VectorOffset(0) % CpuState.VectorStride);
    }
}
