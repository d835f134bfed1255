using System.Runtime.InteropServices;

namespace Faultline.Cpu.Tests.Float;

/// <summary>What <see cref="NativeCode"/> works on: its code gets a pointer to this in RDI.</summary>
[StructLayout(LayoutKind.Explicit, Size = 96)]
internal struct NativeOperands
{
    /// <summary>The first operand; its first 10 bytes in the 80-bit format.</summary>
    [FieldOffset(0)]
    public ulong A;

    /// <summary>Sign and exponent of the first operand.</summary>
    [FieldOffset(8)]
    public ushort AHigh;

    /// <summary>The second operand.</summary>
    [FieldOffset(16)]
    public ulong B;

    /// <summary>Sign and exponent of the second operand.</summary>
    [FieldOffset(24)]
    public ushort BHigh;

    /// <summary>The third operand.</summary>
    [FieldOffset(32)]
    public ulong C;

    /// <summary>The result.</summary>
    [FieldOffset(48)]
    public ulong Result;

    /// <summary>Sign and exponent of the result.</summary>
    [FieldOffset(56)]
    public ushort ResultHigh;

    /// <summary>MXCSR or the x87 control word to run under.</summary>
    [FieldOffset(64)]
    public uint Control;

    /// <summary>MXCSR or the x87 status word afterwards.</summary>
    [FieldOffset(72)]
    public uint Status;

    /// <summary>The host's own MXCSR or control word, restored at the end.</summary>
    [FieldOffset(80)]
    public uint Saved;
}
