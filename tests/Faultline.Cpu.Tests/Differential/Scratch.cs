namespace Faultline.Cpu.Tests.Differential;

/// <summary>Where a case's code and data lie, natively and in the guest alike. Everything between is unmapped on both sides.</summary>
internal static class Scratch
{
    /// <summary>Code of the case: two pages of <see cref="Filler"/> with the instructions in them.</summary>
    public const ulong Code = 0x1000_0000;

    public const int CodeSize = 0x2000;

    /// <summary>Trampoline, signal handler and machine state of the native side; the guest has nothing there.</summary>
    public const ulong Control = 0x2000_0000;

    public const int ControlSize = 0x4000;

    /// <summary>A page that can be read only, with nothing on either side.</summary>
    public const ulong ReadOnly = DataEnd + 0x2000;

    public const int ReadOnlySize = 0x1000;

    /// <summary>Data of the case: three pages for memory operands, then a page of stack.</summary>
    public const ulong Data = 0x1001_0000;

    public const int DataSize = 0x4000;

    public const ulong DataEnd = Data + DataSize;

    /// <summary>Middle of the stack page.</summary>
    public const ulong Stack = Data + 0x3800;

    /// <summary>What GS's base is, so that an override shows.</summary>
    public const ulong GsBase = 0x1230;

    /// <summary>
    /// INT3. Whatever leaves the instructions of a case runs into it. An undefined opcode would do as well, but hypervisors have those exit to them: under one, a case took 11 microseconds more.
    /// </summary>
    public const byte Filler = 0xcc;

    /// <summary>What the read-only page holds.</summary>
    public static byte[] ReadOnlyBytes()
    {
        byte[] bytes = new byte[ReadOnlySize];
        for (int i = 0; i < bytes.Length; i++)
            bytes[i] = (byte)(i * 37 + (i >> 8));
        return bytes;
    }
}
