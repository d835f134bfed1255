using System.Buffers.Binary;
using Faultline.Cpu.State;
using Faultline.Cpu.Table;

namespace Faultline.Cpu.Semantics.X87;

/// <content>FXSAVE and FXRSTOR (SDM Vol. 1, 10.5), and the same area for XSAVE and for signal frames.</content>
internal static unsafe partial class X87
{
    /// <summary>Bytes of the area that FXSAVE and FXRSTOR may touch; a fault in any of them is raised, in the last one first as AMD's processors do.</summary>
    public const int FxsaveSize = 512;

    /// <summary>Bytes that FXSAVE writes; the rest of the area belongs to software.</summary>
    public const int FxsaveWritten = 416;

    /// <summary>Bytes of the area that hold the x87 state, up to the XMM registers.</summary>
    public const int FxsaveX87Size = 160;

    /// <summary>MXCSR_MASK: the bits of MXCSR that may be set.</summary>
    public const uint MxcsrMask = 0x0000FFFF;

    private const int MxcsrOffset = 24;
    private const int XmmCount = 16;

    public static void Fxsave(CpuState* s, Operation* o) => StoreArea(s, o, wide: false);

    public static void Fxsave64(CpuState* s, Operation* o) => StoreArea(s, o, wide: true);

    public static void Fxrstor(CpuState* s, Operation* o) => LoadArea(s, o, wide: false);

    public static void Fxrstor64(CpuState* s, Operation* o) => LoadArea(s, o, wide: true);

    /// <summary>Writes the x87 part of an FXSAVE area: its bytes 0 to 23 and 32 to 159.</summary>
    /// <param name="s">The processor state.</param>
    /// <param name="area">At least <see cref="FxsaveX87Size"/> bytes; MXCSR's eight bytes are left alone.</param>
    /// <param name="wide">64-bit pointers (REX.W) instead of 32-bit ones with selectors.</param>
    public static void SaveX87Area(CpuState* s, Span<byte> area, bool wide)
    {
        BinaryPrimitives.WriteUInt16LittleEndian(area, s->X87Control);
        BinaryPrimitives.WriteUInt16LittleEndian(area[2..], StatusWord(s));
        BinaryPrimitives.WriteUInt16LittleEndian(area[4..], s->X87Tag);
        BinaryPrimitives.WriteUInt16LittleEndian(area[6..], Opcode(s));
        BinaryPrimitives.WriteUInt64LittleEndian(
            area[8..], wide ? s->X87InstructionPointer : (uint)s->X87InstructionPointer | ((ulong)CodeSegment(s) << 32));
        BinaryPrimitives.WriteUInt64LittleEndian(area[16..], wide ? s->X87DataPointer : (uint)s->X87DataPointer);
        for (int i = 0; i < 8; i++)
        {
            ulong* register = s->X87Registers + (Physical(s, i) * 2);
            BinaryPrimitives.WriteUInt64LittleEndian(area[(32 + (i * 16))..], register[0]);
            BinaryPrimitives.WriteUInt64LittleEndian(area[(40 + (i * 16))..], (ushort)register[1]);
        }
    }

    /// <summary>Loads the x87 part of an FXSAVE area.</summary>
    /// <param name="s">The processor state.</param>
    /// <param name="area">At least <see cref="FxsaveX87Size"/> bytes.</param>
    /// <param name="wide">64-bit pointers (REX.W) instead of 32-bit ones with selectors.</param>
    public static void LoadX87Area(CpuState* s, ReadOnlySpan<byte> area, bool wide)
    {
        SetControl(s, BinaryPrimitives.ReadUInt16LittleEndian(area));
        SetStatus(s, BinaryPrimitives.ReadUInt16LittleEndian(area[2..]));
        s->X87Tag = area[4];
        s->X87Opcode = (ushort)(BinaryPrimitives.ReadUInt16LittleEndian(area[6..]) & 0x7FF);
        ulong pointer = BinaryPrimitives.ReadUInt64LittleEndian(area[8..]);
        ulong data = BinaryPrimitives.ReadUInt64LittleEndian(area[16..]);
        s->X87InstructionPointer = wide ? pointer : (uint)pointer;
        s->X87DataPointer = wide ? data : (uint)data;
        for (int i = 0; i < 8; i++)
        {
            ulong* register = s->X87Registers + (Physical(s, i) * 2);
            register[0] = BinaryPrimitives.ReadUInt64LittleEndian(area[(32 + (i * 16))..]);
            register[1] = BinaryPrimitives.ReadUInt16LittleEndian(area[(40 + (i * 16))..]);
        }
    }

    private static void StoreArea(CpuState* s, Operation* o, bool wide)
    {
        ulong address = AlignedArea(s, o);
        Span<byte> area = stackalloc byte[FxsaveWritten];
        SaveX87Area(s, area, wide);
        BinaryPrimitives.WriteUInt32LittleEndian(area[MxcsrOffset..], s->Mxcsr);
        BinaryPrimitives.WriteUInt32LittleEndian(area[(MxcsrOffset + 4)..], MxcsrMask);
        for (int i = 0; i < XmmCount; i++)
            new ReadOnlySpan<byte>((byte*)s + CpuState.VectorOffset(i), 16).CopyTo(area[(FxsaveX87Size + (i * 16))..]);
        GuestAccess.EnsureWritable(s, address + FxsaveSize - 1, 1);
        GuestAccess.Write(s, address, area);
    }

    private static void LoadArea(CpuState* s, Operation* o, bool wide)
    {
        ulong address = AlignedArea(s, o);
        Span<byte> area = stackalloc byte[FxsaveWritten];
        GuestAccess.Load<byte>(s, address + FxsaveSize - 1);
        GuestAccess.Read(s, address, area);
        uint mxcsr = BinaryPrimitives.ReadUInt32LittleEndian(area[MxcsrOffset..]);
        if ((mxcsr & ~MxcsrMask) != 0)
            Raise.GeneralProtection(s);
        LoadX87Area(s, area, wide);
        s->Mxcsr = mxcsr;
        for (int i = 0; i < XmmCount; i++)
            area.Slice(FxsaveX87Size + (i * 16), 16).CopyTo(new Span<byte>((byte*)s + CpuState.VectorOffset(i), 16));
    }

    /// <summary>The area's address; #GP unless it is a multiple of 16.</summary>
    private static ulong AlignedArea(CpuState* s, Operation* o)
    {
        ulong address = Operand.Address(s, o);
        if ((address & 15) != 0)
            Raise.GeneralProtection(s);
        return address;
    }
}
