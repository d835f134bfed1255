using System.Buffers.Binary;
using Faultline.Cpu.State;
using Faultline.Cpu.Table;

namespace Faultline.Cpu.Semantics.Machine;

/// <summary>
/// XSAVE, XSAVEOPT, XSAVEC and XRSTOR of the x87, SSE and AVX state, LDMXCSR and STMXCSR (SDM vol. 1, chapter 13), with the same images for signal
/// frames.
/// </summary>
internal static unsafe class Xsave
{
    /// <summary>Offset of the XSAVE header, after the FXSAVE area.</summary>
    public const int HeaderOffset = 512;

    /// <summary>Bytes of the FXSAVE area and the header: the shortest XSAVE area.</summary>
    public const int MinimumSize = 576;

    private const ulong X87Bit = 1;
    private const ulong SseBit = 2;
    private const ulong AvxBit = 4;
    private const ulong Compacted = 1UL << 63;
    private const int MxcsrOffset = 24;
    private const int XmmOffset = 160;
    private const int AvxOffset = 576;
    private const int AvxSize = 256;

    public static void Save32(CpuState* s, Operation* op) => Save(s, op, wide: false, skipInitial: false);

    public static void Save64(CpuState* s, Operation* op) => Save(s, op, wide: true, skipInitial: false);

    public static void SaveOptimized32(CpuState* s, Operation* op) => Save(s, op, wide: false, skipInitial: true);

    public static void SaveOptimized64(CpuState* s, Operation* op) => Save(s, op, wide: true, skipInitial: true);

    public static void SaveCompacted32(CpuState* s, Operation* op) => SaveCompacted(s, op, wide: false);

    public static void SaveCompacted64(CpuState* s, Operation* op) => SaveCompacted(s, op, wide: true);

    public static void Restore32(CpuState* s, Operation* op) => Restore(s, op, wide: false);

    public static void Restore64(CpuState* s, Operation* op) => Restore(s, op, wide: true);

    /// <summary>LDMXCSR: #GP for reserved bits.</summary>
    public static void Ldmxcsr(CpuState* s, Operation* op)
    {
        uint value = Operand.Load<uint>(s, op);
        if ((value & ~X87.X87.MxcsrMask) != 0)
            Raise.GeneralProtection(s);
        s->Mxcsr = value;
    }

    public static void Stmxcsr(CpuState* s, Operation* op) => Operand.Store(s, op, s->Mxcsr);

    /// <summary>Which components of <paramref name="mask"/> are not in their initial state (XINUSE).</summary>
    public static ulong InUse(CpuState* s, ulong mask)
    {
        ulong used = 0;
        if ((mask & X87Bit) != 0 && !X87IsInitial(s))
            used |= X87Bit;
        for (int i = 0; i < 16; i++)
        {
            ulong* register = (ulong*)((byte*)s + CpuState.VectorOffset(i));
            if ((register[0] | register[1]) != 0)
                used |= SseBit;
            if ((register[2] | register[3]) != 0)
                used |= AvxBit;
        }
        return used & mask;
    }

    /// <summary>
    /// The same as XSAVEC and XGETBV(1) see it: to them MXCSR belongs to the SSE state (SDM vol. 1, 13.6 and 13.10), to XSAVE and XSAVEOPT it does not.
    /// </summary>
    public static ulong InUseWithControl(CpuState* s, ulong mask) => InUse(s, mask) | (s->Mxcsr != MxcsrBits.Initial ? mask & SseBit : 0);

    /// <summary>Writes components into an area in standard format, header included, as the kernel does for a signal frame.</summary>
    /// <param name="s">The processor state.</param>
    /// <param name="area">As long as the highest component of <paramref name="mask"/> needs; its header is overwritten.</param>
    /// <param name="mask">Components, a subset of XCR0.</param>
    public static void SaveArea(CpuState* s, Span<byte> area, ulong mask)
    {
        SaveLegacy(s, area, mask, mask, wide: true);
        area.Slice(HeaderOffset, MinimumSize - HeaderOffset).Clear();
        BinaryPrimitives.WriteUInt64LittleEndian(area[HeaderOffset..], mask);
        if ((mask & AvxBit) != 0)
            CopyAvxOut(s, area.Slice(AvxOffset, AvxSize));
    }

    /// <summary>Loads what <see cref="SaveArea"/> wrote, or what a program made of it; absent components get their initial state.</summary>
    /// <returns>False, with the state unchanged, where XRSTOR raises #GP.</returns>
    public static bool RestoreArea(CpuState* s, ReadOnlySpan<byte> area, ulong mask) => Restore(s, area, mask, wide: true);

    private static void Save(CpuState* s, Operation* op, bool wide, bool skipInitial)
    {
        ulong address = AlignedArea(s, op);
        ulong mask = RequestedComponents(s);
        ulong used = InUse(s, mask);
        ulong old = GuestAccess.Load<ulong>(s, address + HeaderOffset);
        int size = (mask & AvxBit) != 0 ? AvxOffset + AvxSize : MinimumSize;
        GuestAccess.EnsureWritable(s, address, size);

        Span<byte> area = stackalloc byte[HeaderOffset];
        GuestAccess.Read(s, address, area);
        SaveLegacy(s, area, mask, skipInitial ? used : mask, wide);
        GuestAccess.Write(s, address, area);
        if ((mask & AvxBit) != 0 && (!skipInitial || (used & AvxBit) != 0))
            WriteAvx(s, address + AvxOffset);
        GuestAccess.Store(s, address + HeaderOffset, old & ~mask | used);
    }

    private static void SaveCompacted(CpuState* s, Operation* op, bool wide)
    {
        ulong address = AlignedArea(s, op);
        ulong mask = RequestedComponents(s);
        ulong used = InUseWithControl(s, mask);
        // AVX is the only component beyond the legacy ones, so compaction moves nothing.
        GuestAccess.EnsureWritable(s, address, (used & AvxBit) != 0 ? AvxOffset + AvxSize : MinimumSize);
        Span<byte> area = stackalloc byte[HeaderOffset];
        GuestAccess.Read(s, address, area);
        // MXCSR belongs to the SSE component here.
        SaveLegacy(s, area, used & ~AvxBit, used, wide);
        GuestAccess.Write(s, address, area);
        if ((used & AvxBit) != 0)
            WriteAvx(s, address + AvxOffset);
        GuestAccess.Store(s, address + HeaderOffset, used);
        GuestAccess.Store(s, address + HeaderOffset + 8, mask | Compacted);
    }

    private static void Restore(CpuState* s, Operation* op, bool wide)
    {
        ulong address = AlignedArea(s, op);
        ulong mask = RequestedComponents(s);
        Span<byte> area = stackalloc byte[AvxOffset + AvxSize];
        GuestAccess.Read(s, address, area[..MinimumSize]);
        if ((mask & BinaryPrimitives.ReadUInt64LittleEndian(area[HeaderOffset..]) & AvxBit) != 0)
            GuestAccess.Read(s, address + AvxOffset, area[AvxOffset..]);
        if (!Restore(s, area, mask, wide))
            Raise.GeneralProtection(s);
    }

    private static bool Restore(CpuState* s, ReadOnlySpan<byte> area, ulong mask, bool wide)
    {
        ulong present = BinaryPrimitives.ReadUInt64LittleEndian(area[HeaderOffset..]);
        ulong format = BinaryPrimitives.ReadUInt64LittleEndian(area[(HeaderOffset + 8)..]);
        bool compacted = format != 0;
        if (compacted)
        {
            // Compacted images need XSAVEC; every byte of the header that means nothing must be 0 then.
            ulong components = format & ~Compacted;
            if (format == components || !Processor.Of(s).Model.Has(CpuFeature.Xsavec) || (components & ~s->Xcr0) != 0 || (present & ~components) != 0
                || area[(HeaderOffset + 16)..MinimumSize].ContainsAnyExcept((byte)0))
                return false;
        }
        else if ((present & ~s->Xcr0) != 0 || BinaryPrimitives.ReadUInt64LittleEndian(area[(HeaderOffset + 16)..]) != 0)
        {
            return false;
        }

        // In standard format MXCSR is loaded with either vector component, present or not.
        bool loadMxcsr = compacted ? (mask & present & SseBit) != 0 : (mask & (SseBit | AvxBit)) != 0;
        uint mxcsr = BinaryPrimitives.ReadUInt32LittleEndian(area[MxcsrOffset..]);
        if (loadMxcsr && (mxcsr & ~X87.X87.MxcsrMask) != 0)
            return false;

        if ((mask & X87Bit) != 0)
        {
            if ((present & X87Bit) != 0)
                X87.X87.LoadX87Area(s, area, wide);
            else
                InitializeX87(s);
        }
        if (loadMxcsr)
            s->Mxcsr = mxcsr;
        else if (compacted && (mask & SseBit) != 0)
            s->Mxcsr = MxcsrBits.Initial;
        for (int i = 0; i < 16; i++)
        {
            Span<byte> register = new((byte*)s + CpuState.VectorOffset(i), 32);
            if ((mask & SseBit) != 0)
                CopyOrClear(register[..16], area.Slice(XmmOffset + i * 16, 16), (present & SseBit) != 0);
            if ((mask & AvxBit) != 0)
                CopyOrClear(register[16..], (present & AvxBit) != 0 ? area.Slice(AvxOffset + i * 16, 16) : default, (present & AvxBit) != 0);
        }
        return true;
    }

    /// <summary>Writes the FXSAVE part: MXCSR with either vector component of <paramref name="mask"/>, the rest by <paramref name="written"/>.</summary>
    private static void SaveLegacy(CpuState* s, Span<byte> area, ulong mask, ulong written, bool wide)
    {
        if ((written & X87Bit) != 0)
            X87.X87.SaveX87Area(s, area, wide);
        if ((mask & (SseBit | AvxBit)) != 0)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(area[MxcsrOffset..], s->Mxcsr);
            BinaryPrimitives.WriteUInt32LittleEndian(area[(MxcsrOffset + 4)..], X87.X87.MxcsrMask);
        }
        for (int i = 0; (written & SseBit) != 0 && i < 16; i++)
            new ReadOnlySpan<byte>((byte*)s + CpuState.VectorOffset(i), 16).CopyTo(area[(XmmOffset + i * 16)..]);
    }

    private static void WriteAvx(CpuState* s, ulong address)
    {
        Span<byte> upper = stackalloc byte[AvxSize];
        CopyAvxOut(s, upper);
        GuestAccess.Write(s, address, upper);
    }

    private static void CopyAvxOut(CpuState* s, Span<byte> upper)
    {
        for (int i = 0; i < 16; i++)
            new ReadOnlySpan<byte>((byte*)s + CpuState.VectorOffset(i) + 16, 16).CopyTo(upper[(i * 16)..]);
    }

    private static void CopyOrClear(Span<byte> register, ReadOnlySpan<byte> value, bool present)
    {
        if (present)
            value.CopyTo(register);
        else
            register.Clear();
    }

    private static bool X87IsInitial(CpuState* s) =>
        s->X87Control == 0x37f && s->X87Status == 0 && s->X87Top == 0 && s->X87Tag == 0 && s->X87Opcode == 0
        && s->X87InstructionPointer == 0 && s->X87DataPointer == 0 && !new ReadOnlySpan<ulong>(s->X87Registers, 16).ContainsAnyExcept(0UL);

    private static void InitializeX87(CpuState* s)
    {
        s->X87Control = 0x37f;
        s->X87Status = 0;
        s->X87Top = 0;
        s->X87Tag = 0;
        s->X87Opcode = 0;
        s->X87InstructionPointer = 0;
        s->X87DataPointer = 0;
        new Span<ulong>(s->X87Registers, 16).Clear();
    }

    /// <summary>XCR0 and EDX:EAX.</summary>
    private static ulong RequestedComponents(CpuState* s) => s->Xcr0 & (s->Gpr[2] << 32 | (uint)s->Gpr[0]);

    /// <summary>The area's address; #GP unless it is a multiple of 64.</summary>
    private static ulong AlignedArea(CpuState* s, Operation* op)
    {
        ulong address = Operand.Address(s, op);
        if ((address & 63) != 0)
            Raise.GeneralProtection(s);
        return address;
    }
}
