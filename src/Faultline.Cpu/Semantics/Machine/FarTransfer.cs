using Faultline.Cpu.State;
using Faultline.Cpu.Table;

namespace Faultline.Cpu.Semantics.Machine;

/// <summary>
/// Far JMP, CALL and RET, and IRET, between user code segments (SDM vol. 2). The 64-bit code segment is the only one there is to go to: the 32-bit one
/// that Linux has at 20h would need compatibility mode and is refused with #GP, like any selector user code cannot use.
/// </summary>
internal static unsafe class FarTransfer
{
    private const ushort Code = 0x33;
    private const ushort Stack = 0x2b;

    public static void Jump16(CpuState* s, Operation* op) => Jump<ushort>(s, op);

    public static void Jump32(CpuState* s, Operation* op) => Jump<uint>(s, op);

    public static void Jump64(CpuState* s, Operation* op) => Jump<ulong>(s, op);

    public static void Call16(CpuState* s, Operation* op) => Call<ushort>(s, op);

    public static void Call32(CpuState* s, Operation* op) => Call<uint>(s, op);

    public static void Call64(CpuState* s, Operation* op) => Call<ulong>(s, op);

    public static void Return16(CpuState* s, Operation* op) => Return<ushort>(s, op);

    public static void Return32(CpuState* s, Operation* op) => Return<uint>(s, op);

    public static void Return64(CpuState* s, Operation* op) => Return<ulong>(s, op);

    public static void Iret16(CpuState* s, Operation* op) => Iret<ushort>(s);

    public static void Iret32(CpuState* s, Operation* op) => Iret<uint>(s);

    public static void Iret64(CpuState* s, Operation* op) => Iret<ulong>(s);

    private static void Jump<T>(CpuState* s, Operation* op)
        where T : unmanaged
    {
        ulong address = Operand.Address(s, op);
        ulong target = Widen(GuestAccess.Load<T>(s, address));
        CheckCode(s, GuestAccess.Load<ushort>(s, address + (ulong)sizeof(T)));
        CheckTarget(s, target);
        s->Rip = target;
    }

    private static void Call<T>(CpuState* s, Operation* op)
        where T : unmanaged
    {
        ulong address = Operand.Address(s, op);
        ulong target = Widen(GuestAccess.Load<T>(s, address));
        CheckCode(s, GuestAccess.Load<ushort>(s, address + (ulong)sizeof(T)));
        CheckTarget(s, target);
        ulong size = (ulong)sizeof(T);
        ulong top = s->Gpr[4] - 2 * size;
        GuestAccess.EnsureWritable(s, top, (int)(2 * size));
        ulong selector = Code;
        ulong next = s->Rip;
        GuestAccess.Store(s, top + size, *(T*)&selector);
        GuestAccess.Store(s, top, *(T*)&next);
        s->Gpr[4] = top;
        s->Rip = target;
    }

    private static void Return<T>(CpuState* s, Operation* op)
        where T : unmanaged
    {
        ulong top = s->Gpr[4];
        ulong size = (ulong)sizeof(T);
        ulong target = Widen(GuestAccess.Load<T>(s, top));
        CheckCode(s, (ushort)Widen(GuestAccess.Load<T>(s, top + size)));
        CheckTarget(s, target);
        s->Gpr[4] = top + 2 * size + op->Immediate;
        s->Rip = target;
    }

    /// <summary>In 64-bit mode IRET always takes RSP and SS too.</summary>
    private static void Iret<T>(CpuState* s)
        where T : unmanaged
    {
        ulong top = s->Gpr[4];
        ulong size = (ulong)sizeof(T);
        if ((Flags.Materialize(s) & Rflags.NT) != 0)
            Raise.GeneralProtection(s);
        ulong target = Widen(GuestAccess.Load<T>(s, top));
        ushort code = (ushort)Widen(GuestAccess.Load<T>(s, top + size));
        ulong flags = Widen(GuestAccess.Load<T>(s, top + 2 * size));
        ulong stack = Widen(GuestAccess.Load<T>(s, top + 3 * size));
        ushort stackSegment = (ushort)Widen(GuestAccess.Load<T>(s, top + 4 * size));
        CheckCode(s, code);
        if (stackSegment != Stack)
            Raise.GeneralProtection(s, (uint)(stackSegment & ~3));
        CheckTarget(s, target);
        if (size == 2)
            flags |= Flags.Materialize(s) & 0xffff0000;
        Flags.Load(s, (uint)flags);
        s->Gpr[4] = stack;
        s->Rip = target;
    }

    private static void CheckCode(CpuState* s, ushort selector)
    {
        if (selector != Code)
            Raise.GeneralProtection(s, (uint)(selector & ~3));
    }

    private static void CheckTarget(CpuState* s, ulong target)
    {
        if (!GuestAccess.IsCanonical(target))
            Raise.GeneralProtection(s);
    }

    private static ulong Widen<T>(T value)
        where T : unmanaged => sizeof(T) == 2 ? *(ushort*)&value : sizeof(T) == 4 ? *(uint*)&value : *(ulong*)&value;
}
