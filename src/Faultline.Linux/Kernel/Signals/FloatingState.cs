using System.Runtime.InteropServices;
using Faultline.Cpu.Semantics.X87;
using Faultline.Cpu.State;
using Faultline.Linux.Abi.Signals;

namespace Faultline.Linux.Kernel.Signals;

/// <summary>
/// The floating-point part of a signal frame: an FXSAVE image in whose reserved bytes Linux describes the XSAVE area around it
/// (<c>arch/x86/kernel/fpu/signal.c</c>). Components: x87, SSE, and AVX where the processor model has it.
/// </summary>
internal static unsafe class FloatingState
{
    /// <summary>Bytes of the FXSAVE image and the XSAVE header: the least an XSAVE area has.</summary>
    private const int HeaderEnd = 576;

    private const int LegacySize = 512;
    private const int MxcsrOffset = 24;
    private const int XmmOffset = 160;
    private const int AvxBit = 4;
    private const int AvxSize = 256;
    private const ulong X87AndSse = 3;

    /// <summary>Alignment of the area on the stack.</summary>
    public const int Alignment = 64;

    /// <summary>The largest frame of any model.</summary>
    public const int MaxSize = HeaderEnd + AvxSize + sizeof(uint);

    /// <summary>Bytes of the area with the magic number behind it; 512 on a processor without XSAVE.</summary>
    public static int FrameSize(ulong xcr0) => xcr0 == 0 ? LegacySize : AreaSize(xcr0) + sizeof(uint);

    /// <summary>Writes the state as Linux leaves it for a handler.</summary>
    /// <param name="s">The processor.</param>
    /// <param name="area">Zeroed, <see cref="FrameSize"/> bytes.</param>
    public static void Save(CpuState* s, Span<byte> area)
    {
        X87.SaveX87Area(s, area, wide: true);
        MemoryMarshal.Write(area[MxcsrOffset..], s->Mxcsr);
        MemoryMarshal.Write(area[(MxcsrOffset + 4)..], X87.MxcsrMask);
        for (int i = 0; i < 16; i++)
            new ReadOnlySpan<byte>((byte*)s + CpuState.VectorOffset(i), 16).CopyTo(area[(XmmOffset + i * 16)..]);
        if (s->Xcr0 == 0)
            return;

        int size = AreaSize(s->Xcr0);
        ulong inUse = X87AndSse;
        if ((s->Xcr0 & AvxBit) != 0 && SaveUpperHalves(s, area[HeaderEnd..]))
            inUse |= AvxBit;
        MemoryMarshal.Write(area[LegacySize..], inUse);
        FpxSwBytes description = new()
        {
            magic1 = FpxSwBytes.FP_XSTATE_MAGIC1,
            extended_size = (uint)(size + sizeof(uint)),
            xfeatures = s->Xcr0,
            xstate_size = (uint)size,
        };
        MemoryMarshal.Write(area[FpxSwBytes.Offset..], description);
        MemoryMarshal.Write(area[size..], FpxSwBytes.FP_XSTATE_MAGIC2);
    }

    /// <summary>Loads the state from a frame.</summary>
    /// <param name="s">The processor.</param>
    /// <param name="area">The frame's area, <see cref="FrameSize"/> bytes; what the guest did not have mapped reads as zeros.</param>
    /// <param name="isComplete">All of it could be read; otherwise the FXSAVE image alone was.</param>
    /// <returns>False when the guest put something there that the processor refuses.</returns>
    public static bool Load(CpuState* s, ReadOnlySpan<byte> area, bool isComplete)
    {
        uint mxcsr = MemoryMarshal.Read<uint>(area[MxcsrOffset..]);
        if ((mxcsr & ~X87.MxcsrMask) != 0)
            return false;

        ulong present = X87AndSse;
        bool extended = false;
        if (s->Xcr0 != 0 && isComplete)
        {
            FpxSwBytes description = MemoryMarshal.Read<FpxSwBytes>(area[FpxSwBytes.Offset..]);
            int size = AreaSize(s->Xcr0);
            extended = description.magic1 == FpxSwBytes.FP_XSTATE_MAGIC1 && description.xstate_size >= HeaderEnd && description.xstate_size <= size
                && MemoryMarshal.Read<uint>(area[(int)description.xstate_size..]) == FpxSwBytes.FP_XSTATE_MAGIC2;
            if (extended)
            {
                present = MemoryMarshal.Read<ulong>(area[LegacySize..]);
                // XRSTOR refuses unknown components and a compacted area (SDM vol. 1, 13.8.1).
                if ((present & ~s->Xcr0) != 0 || MemoryMarshal.Read<ulong>(area[(LegacySize + 8)..]) != 0)
                    return false;
                present &= description.xfeatures;
            }
        }

        ResetX87AndSse(s);
        if ((present & 1) != 0)
            X87.LoadX87Area(s, area, wide: true);
        if ((present & 6) != 0 || !extended)
            s->Mxcsr = mxcsr;
        for (int i = 0; i < 16; i++)
        {
            Span<byte> register = new((byte*)s + CpuState.VectorOffset(i), CpuState.VectorStride);
            register.Clear();
            if ((present & 2) != 0)
                area.Slice(XmmOffset + i * 16, 16).CopyTo(register);
            if ((present & AvxBit) != 0)
                area.Slice(HeaderEnd + i * 16, 16).CopyTo(register[16..]);
        }
        return true;
    }

    /// <summary>The state in which a handler starts, and a program (fpu__clear_user_states).</summary>
    public static void Reset(CpuState* s)
    {
        ResetX87AndSse(s);
        new Span<ulong>(s->Vectors, 32 * 8).Clear();
        new Span<ulong>(s->Opmask, 8).Clear();
    }

    private static void ResetX87AndSse(CpuState* s)
    {
        new Span<ulong>(s->X87Registers, 16).Clear();
        s->X87Control = 0x37F;
        s->X87Status = 0;
        s->X87Top = 0;
        s->X87Tag = 0;
        s->X87Opcode = 0;
        s->X87InstructionPointer = 0;
        s->X87DataPointer = 0;
        s->Mxcsr = 0x1F80;
    }

    private static int AreaSize(ulong components) => HeaderEnd + ((components & AvxBit) != 0 ? AvxSize : 0);

    private static bool SaveUpperHalves(CpuState* s, Span<byte> area)
    {
        for (int i = 0; i < 16; i++)
            new ReadOnlySpan<byte>((byte*)s + CpuState.VectorOffset(i) + 16, 16).CopyTo(area[(i * 16)..]);
        return area[..AvxSize].ContainsAnyExcept((byte)0);
    }
}
