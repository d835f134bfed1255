using Faultline.Cpu.State;
using Faultline.Cpu.Table;

namespace Faultline.Cpu.Semantics.Machine;

/// <summary>
/// Segment registers and descriptors as user code meets them. The global descriptor table is the one Linux sets up: 32-bit code at 20h, data at 28h,
/// 64-bit code at 30h and, at 78h, a segment whose limit is the processor's number. There is no local table.
/// </summary>
internal static unsafe class Segments
{
    private const int Cs = 1;
    private const int Ss = 2;
    private const int Fs = 4;
    private const int Gs = 5;

    private const ushort Data = 0x28;
    private const ushort UserData = Data | 3;

    /// <summary>MOV from a segment register: 16 bits to memory, and zero-extended to a 32- or 64-bit register.</summary>
    public static void Store16(CpuState* s, Operation* op) => Operand.Write0(s, op, *(ushort*)((byte*)s + op->Op1));

    public static void Store(CpuState* s, Operation* op)
    {
        ushort selector = *(ushort*)((byte*)s + op->Op1);
        if ((op->Flags & OperationFlags.Memory0) != 0)
            Operand.Store(s, op, selector);
        else
            Operand.SetRegister(s, op->Op0, (uint)selector);
    }

    /// <summary>MOV to a segment register; to CS it is #UD.</summary>
    public static void Load(CpuState* s, Operation* op)
    {
        int register = (op->Op0 - CpuState.SelectorsOffset) / 2;
        if (register == Cs)
            Raise.InvalidOpcode(s);
        SetSelector(s, register, Operand.Read1<ushort>(s, op));
    }

    // LSS, LFS and LGS: a far pointer, offset first.

    public static void Lss16(CpuState* s, Operation* op) => LoadFar<ushort>(s, op, Ss);

    public static void Lss32(CpuState* s, Operation* op) => LoadFar<uint>(s, op, Ss);

    public static void Lss64(CpuState* s, Operation* op) => LoadFar<ulong>(s, op, Ss);

    public static void Lfs16(CpuState* s, Operation* op) => LoadFar<ushort>(s, op, Fs);

    public static void Lfs32(CpuState* s, Operation* op) => LoadFar<uint>(s, op, Fs);

    public static void Lfs64(CpuState* s, Operation* op) => LoadFar<ulong>(s, op, Fs);

    public static void Lgs16(CpuState* s, Operation* op) => LoadFar<ushort>(s, op, Gs);

    public static void Lgs32(CpuState* s, Operation* op) => LoadFar<uint>(s, op, Gs);

    public static void Lgs64(CpuState* s, Operation* op) => LoadFar<ulong>(s, op, Gs);

    /// <summary>PUSH FS or GS with a 64-bit operand.</summary>
    public static void Push64(CpuState* s, Operation* op) => Push(s, (ulong)*(ushort*)((byte*)s + op->Op0));

    public static void Push16(CpuState* s, Operation* op) => Push(s, *(ushort*)((byte*)s + op->Op0));

    /// <summary>POP FS or GS with a 64-bit operand.</summary>
    public static void Pop64(CpuState* s, Operation* op)
    {
        SetSelector(s, (op->Op0 - CpuState.SelectorsOffset) / 2, (ushort)GuestAccess.Load<ulong>(s, s->Gpr[4]));
        s->Gpr[4] += 8;
    }

    public static void Pop16(CpuState* s, Operation* op)
    {
        SetSelector(s, (op->Op0 - CpuState.SelectorsOffset) / 2, GuestAccess.Load<ushort>(s, s->Gpr[4]));
        s->Gpr[4] += 2;
    }

    /// <summary>LAR: access rights, and ZF for a selector that user code may see; otherwise ZF is clear and the destination stays.</summary>
    public static void Lar16(CpuState* s, Operation* op)
    {
        if (Describe(s, Operand.Read1<ushort>(s, op), out uint rights, out _))
            Operand.SetRegister(s, op->Op0, (ushort)rights);
    }

    public static void Lar(CpuState* s, Operation* op)
    {
        if (Describe(s, Operand.Read1<ushort>(s, op), out uint rights, out _))
            Operand.SetRegister(s, op->Op0, rights);
    }

    /// <summary>LSL: the limit in bytes.</summary>
    public static void Lsl16(CpuState* s, Operation* op)
    {
        if (Describe(s, Operand.Read1<ushort>(s, op), out _, out uint limit))
            Operand.SetRegister(s, op->Op0, (ushort)limit);
    }

    public static void Lsl(CpuState* s, Operation* op)
    {
        if (Describe(s, Operand.Read1<ushort>(s, op), out _, out uint limit))
            Operand.SetRegister(s, op->Op0, limit);
    }

    public static void Verr(CpuState* s, Operation* op) => Describe(s, Operand.Read0<ushort>(s, op), out _, out _);

    public static void Verw(CpuState* s, Operation* op) => SetZero(s, (Operand.Read0<ushort>(s, op) & ~3) == Data);

    // RDFSBASE and its siblings.

    public static void ReadFsBase32(CpuState* s, Operation* op) => Operand.SetRegister(s, op->Op0, (uint)s->FsBase);

    public static void ReadFsBase64(CpuState* s, Operation* op) => Operand.SetRegister(s, op->Op0, s->FsBase);

    public static void ReadGsBase32(CpuState* s, Operation* op) => Operand.SetRegister(s, op->Op0, (uint)s->GsBase);

    public static void ReadGsBase64(CpuState* s, Operation* op) => Operand.SetRegister(s, op->Op0, s->GsBase);

    public static void WriteFsBase32(CpuState* s, Operation* op) => s->FsBase = Operand.Register<uint>(s, op->Op0);

    public static void WriteGsBase32(CpuState* s, Operation* op) => s->GsBase = Operand.Register<uint>(s, op->Op0);

    public static void WriteFsBase64(CpuState* s, Operation* op) => s->FsBase = CanonicalRegister(s, op);

    public static void WriteGsBase64(CpuState* s, Operation* op) => s->GsBase = CanonicalRegister(s, op);

    // What UMIP keeps from user code, with the values that Linux gives in its place (arch/x86/kernel/umip.c).

    /// <summary>SGDT: a limit of 0 and Linux's dummy base.</summary>
    public static void Sgdt(CpuState* s, Operation* op) => StoreTable(s, op, 0xfffffffffffe0000);

    /// <summary>SIDT.</summary>
    public static void Sidt(CpuState* s, Operation* op) => StoreTable(s, op, 0xffffffffffff0000);

    /// <summary>SLDT: there is none.</summary>
    public static void Sldt(CpuState* s, Operation* op) => StoreWord(s, op, 0);

    /// <summary>STR: the task register holds 40h.</summary>
    public static void Str(CpuState* s, Operation* op) => StoreWord(s, op, 0x40);

    /// <summary>SMSW: CR0 with PE, MP, ET, NE, WP, AM and PG.</summary>
    public static void Smsw(CpuState* s, Operation* op) => StoreWord(s, op, 0x80050033);

    /// <summary>SMSW to a 64-bit register.</summary>
    public static void Smsw64(CpuState* s, Operation* op)
    {
        if ((op->Flags & OperationFlags.Memory0) != 0)
            StoreWord(s, op, 0x80050033);
        else
            Operand.SetRegister(s, op->Op0, 0x80050033UL);
    }

    public static void Sldt16(CpuState* s, Operation* op) => Operand.Write0(s, op, (ushort)0);

    public static void Str16(CpuState* s, Operation* op) => Operand.Write0(s, op, (ushort)0x40);

    public static void Smsw16(CpuState* s, Operation* op) => Operand.Write0(s, op, (ushort)0x33);

    /// <summary>Loads a data segment register: a null selector (not for SS), user data or user code (not for SS); anything else is #GP with the selector.</summary>
    private static void SetSelector(CpuState* s, int register, ushort selector)
    {
        bool valid = register == Ss ? selector == UserData : selector < 4 || IsUserSegment(selector);
        if (!valid)
            Raise.GeneralProtection(s, (uint)(selector & ~3));
        s->Selectors[register] = selector;
        // The descriptors have base 0; a null selector clears the base too, as on Intel's processors.
        if (register == Fs)
            s->FsBase = 0;
        else if (register == Gs)
            s->GsBase = 0;
    }

    private static void LoadFar<T>(CpuState* s, Operation* op, int register)
        where T : unmanaged
    {
        ulong address = Operand.Address(s, op);
        T offset = GuestAccess.Load<T>(s, address);
        SetSelector(s, register, GuestAccess.Load<ushort>(s, address + (ulong)sizeof(T)));
        Operand.SetRegister(s, op->Op0, offset);
    }

    private static bool IsUserSegment(ushort selector) => (selector & ~3) is 0x20 or Data or 0x30 or 0x78;

    /// <summary>Sets ZF when a selector names a segment that user code may see, and gives its descriptor.</summary>
    private static bool Describe(CpuState* s, ushort selector, out uint rights, out uint limit)
    {
        (rights, limit) = (selector & ~3) switch
        {
            0x20 => (0x00cffb00u, uint.MaxValue),
            Data => (0x00cff300u, uint.MaxValue),
            0x30 => (0x00affb00u, uint.MaxValue),
            // Linux keeps the processor's number in the low 12 bits and the node's above.
            0x78 => (0x0040f500u, 0u),
            _ => (0u, 0u),
        };
        SetZero(s, rights != 0);
        return rights != 0;
    }

    private static void SetZero(CpuState* s, bool zero) => Flags.Replace(s, Rflags.ZF, zero ? Rflags.ZF : 0);

    private static ulong CanonicalRegister(CpuState* s, Operation* op)
    {
        ulong value = Operand.Register<ulong>(s, op->Op0);
        if (!GuestAccess.IsCanonical(value))
            Raise.GeneralProtection(s);
        return value;
    }

    private static void Push<T>(CpuState* s, T value)
        where T : unmanaged
    {
        ulong top = s->Gpr[4] - (ulong)sizeof(T);
        GuestAccess.Store(s, top, value);
        s->Gpr[4] = top;
    }

    private static void StoreTable(CpuState* s, Operation* op, ulong tableBase)
    {
        Span<byte> image = stackalloc byte[10];
        image.Clear();
        BitConverter.TryWriteBytes(image[2..], tableBase);
        GuestAccess.Write(s, Operand.Address(s, op), image);
    }

    /// <summary>16 bits to memory; a register gets 32 and keeps its upper half, because Linux's stand-in writes no more.</summary>
    private static void StoreWord(CpuState* s, Operation* op, uint value)
    {
        if ((op->Flags & OperationFlags.Memory0) != 0)
            Operand.Store(s, op, (ushort)value);
        else
            *(uint*)((byte*)s + op->Op0) = value;
    }
}
