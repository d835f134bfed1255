using System.Buffers.Binary;
using Faultline.Cpu.State;

namespace Faultline.Cpu.Semantics.Machine;

/// <summary>The 512-byte image of FXSAVE64 in host memory, for signal frames and core files (SDM vol. 1, 10.5).</summary>
internal static unsafe class FxState
{
    /// <summary>Bytes of the image.</summary>
    public const int Size = 512;

    private const int MxcsrOffset = 24;
    private const int XmmOffset = 160;

    /// <summary>Writes the image; bytes 416 to 511, which belong to software, are left alone.</summary>
    public static void Save(CpuState* s, Span<byte> image)
    {
        X87.X87.SaveX87Area(s, image, wide: true);
        BinaryPrimitives.WriteUInt32LittleEndian(image[MxcsrOffset..], s->Mxcsr);
        BinaryPrimitives.WriteUInt32LittleEndian(image[(MxcsrOffset + 4)..], X87.X87.MxcsrMask);
        for (int i = 0; i < 16; i++)
            new ReadOnlySpan<byte>((byte*)s + CpuState.VectorOffset(i), 16).CopyTo(image[(XmmOffset + i * 16)..]);
    }

    /// <summary>Loads the image.</summary>
    /// <returns>False, with the state unchanged, when MXCSR has reserved bits set (FXRSTOR raises #GP).</returns>
    public static bool Restore(CpuState* s, ReadOnlySpan<byte> image)
    {
        uint mxcsr = BinaryPrimitives.ReadUInt32LittleEndian(image[MxcsrOffset..]);
        if ((mxcsr & ~X87.X87.MxcsrMask) != 0)
            return false;
        X87.X87.LoadX87Area(s, image, wide: true);
        s->Mxcsr = mxcsr;
        for (int i = 0; i < 16; i++)
            image.Slice(XmmOffset + i * 16, 16).CopyTo(new Span<byte>((byte*)s + CpuState.VectorOffset(i), 16));
        return true;
    }
}
