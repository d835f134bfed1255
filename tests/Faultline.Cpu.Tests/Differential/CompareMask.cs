namespace Faultline.Cpu.Tests.Differential;

/// <summary>What a case leaves undefined, and so is not compared. Default compares everything.</summary>
internal sealed class CompareMask
{
    private const uint Compared = Cpu.State.Rflags.Status | Cpu.State.Rflags.DF;

    /// <summary>Bits of RFLAGS that are compared.</summary>
    public uint Rflags { get; set; } = Compared;

    /// <summary>Bits of the x87 status word that are compared.</summary>
    public ushort X87Status { get; set; } = 0xffff;

    /// <summary>General registers that are not compared, one bit each.</summary>
    public int IgnoredGprs { get; set; }

    /// <summary>Vector registers that are not compared, one bit each.</summary>
    public int IgnoredVectors { get; set; }

    /// <summary>Bytes of memory that are not compared: address and length.</summary>
    public List<(ulong Address, int Length)> IgnoredMemory { get; } = [];

    /// <summary>Nothing of the outcome is compared but how it ended.</summary>
    public bool IgnoreAll { get; set; }
}
