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

    /// <summary>CR2 is not compared: processors touch the pieces of a large operand in different orders.</summary>
    public bool IgnoreFaultAddress { get; set; }

    /// <summary>#SS and #GP count as the same: which of two faults of one operand comes first is the processor's choice.</summary>
    public bool StackFaultIsProtection { get; set; }

    /// <summary>Units in the last place by which x87 registers may differ.</summary>
    public ulong Ulps { get; set; }

    /// <summary>Nothing of the outcome is compared but how it ended.</summary>
    public bool IgnoreAll { get; set; }
}
