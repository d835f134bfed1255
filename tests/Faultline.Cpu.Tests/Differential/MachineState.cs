using System.Runtime.InteropServices;

namespace Faultline.Cpu.Tests.Differential;

/// <summary>
/// What a differential case starts from and ends in, in one layout for both sides. The native trampoline reads and writes it by offset. Vector registers
/// lie in <see cref="Ymm"/> whole; the XMM area of the FXSAVE image is not looked at.
/// </summary>
[StructLayout(LayoutKind.Explicit, Size = Size)]
internal unsafe struct MachineState
{
    public const int Size = 0x500;
    public const int FlagsOffset = 0x80;
    public const int TrapOffset = 0x88;
    public const int TrapRipOffset = 0x90;
    public const int TrapAddressOffset = 0x98;
    public const int TrapErrorOffset = 0xa0;
    public const int GsBaseOffset = 0xa8;
    public const int FxOffset = 0x100;
    public const int YmmOffset = 0x300;

    /// <summary>RAX to R15 in encoding order.</summary>
    [FieldOffset(0)]
    public fixed ulong Gpr[16];

    /// <summary>RFLAGS.</summary>
    [FieldOffset(FlagsOffset)]
    public ulong Rflags;

    /// <summary>Vector of the exception that ended the case; every case ends in one, #UD after its last instruction unless something failed before.</summary>
    [FieldOffset(TrapOffset)]
    public ulong Trap;

    /// <summary>RIP at the exception.</summary>
    [FieldOffset(TrapRipOffset)]
    public ulong TrapRip;

    /// <summary>CR2 of a page fault.</summary>
    [FieldOffset(TrapAddressOffset)]
    public ulong TrapAddress;

    /// <summary>Error code of the exception.</summary>
    [FieldOffset(TrapErrorOffset)]
    public ulong TrapError;

    /// <summary>Base of GS; a host without FSGSBASE leaves what was there.</summary>
    [FieldOffset(GsBaseOffset)]
    public ulong GsBase;

    /// <summary>FXSAVE64 image (SDM vol. 1, 10.5.1).</summary>
    [FieldOffset(FxOffset)]
    public fixed byte Fx[512];

    /// <summary>YMM0 to YMM15.</summary>
    [FieldOffset(YmmOffset)]
    public fixed byte Ymm[16 * 32];

    /// <summary>x87 control word.</summary>
    [FieldOffset(FxOffset)]
    public ushort X87Control;

    /// <summary>x87 status word with TOP.</summary>
    [FieldOffset(FxOffset + 2)]
    public ushort X87Status;

    /// <summary>Abridged tag word.</summary>
    [FieldOffset(FxOffset + 4)]
    public byte X87Tag;

    /// <summary>MXCSR.</summary>
    [FieldOffset(FxOffset + 24)]
    public uint Mxcsr;

    /// <summary>ST(0) in the image, 16 bytes a register.</summary>
    public const int StOffset = 32;
}
