using System.Runtime.CompilerServices;
using Faultline.Cpu.State;
using Faultline.Cpu.Table;
using Faultline.Memory;

namespace Faultline.Cpu.Semantics.Integer;

/// <summary>
/// CMPS and SCAS (SDM vol. 2). Flags change when the instruction ends: a fault in the middle of a repetition leaves them as they were, as the
/// manual has it under REP.
/// </summary>
internal static unsafe class StringCompare
{
    public static void Cmps<T>(CpuState* s, Operation* op)
        where T : unmanaged
    {
        if (!StringRegisters.Repeated(op))
        {
            T single = GuestAccess.Load<T>(s, StringRegisters.Source(s, op));
            Compare(s, single, GuestAccess.Load<T>(s, StringRegisters.Destination(s, op)));
            StringRegisters.AdvanceSource(s, op, 1, sizeof(T));
            StringRegisters.AdvanceDestination(s, op, 1, sizeof(T));
            return;
        }

        ulong count = StringRegisters.Count(s, op);
        if (count == 0)
            return;
        bool whileEqual = (op->Flags & OperationFlags.Repe) != 0;
        bool bulk = StringRegisters.Bulk(s, op);
        while (true)
        {
            T a = default;
            T b = default;
            ulong done = bulk ? CompareInPage(s, op, count, whileEqual, ref a, ref b) : 0;
            if (done == 0)
            {
                a = GuestAccess.Load<T>(s, StringRegisters.Source(s, op));
                b = GuestAccess.Load<T>(s, StringRegisters.Destination(s, op));
                done = 1;
            }
            StringRegisters.AdvanceSource(s, op, done, sizeof(T));
            StringRegisters.AdvanceDestination(s, op, done, sizeof(T));
            StringRegisters.Consume(s, op, done);
            count -= done;
            if (count == 0 || Widen(a) == Widen(b) != whileEqual)
            {
                Compare(s, a, b);
                return;
            }
            StringRegisters.NoticeInterrupt(s);
        }
    }

    public static void Scas<T>(CpuState* s, Operation* op)
        where T : unmanaged
    {
        T a = Operand.Register<T>(s, 0);
        if (!StringRegisters.Repeated(op))
        {
            Compare(s, a, GuestAccess.Load<T>(s, StringRegisters.Destination(s, op)));
            StringRegisters.AdvanceDestination(s, op, 1, sizeof(T));
            return;
        }

        ulong count = StringRegisters.Count(s, op);
        if (count == 0)
            return;
        bool whileEqual = (op->Flags & OperationFlags.Repe) != 0;
        bool bulk = StringRegisters.Bulk(s, op);
        while (true)
        {
            T b = default;
            ulong done = bulk ? ScanInPage(s, op, count, whileEqual, a, ref b) : 0;
            if (done == 0)
            {
                b = GuestAccess.Load<T>(s, StringRegisters.Destination(s, op));
                done = 1;
            }
            StringRegisters.AdvanceDestination(s, op, done, sizeof(T));
            StringRegisters.Consume(s, op, done);
            count -= done;
            if (count == 0 || Widen(a) == Widen(b) != whileEqual)
            {
                Compare(s, a, b);
                return;
            }
            StringRegisters.NoticeInterrupt(s);
        }
    }

    /// <summary>Compares within the current pages up to the element that ends the repetition; returns how many, and the last pair.</summary>
    private static ulong CompareInPage<T>(CpuState* s, Operation* op, ulong count, bool whileEqual, ref T a, ref T b)
        where T : unmanaged
    {
        ulong source = StringRegisters.Source(s, op);
        ulong destination = StringRegisters.Destination(s, op);
        int elements = (int)Math.Min(count, (GuestPage.Size - Math.Max(source & GuestPage.Mask, destination & GuestPage.Mask)) / (ulong)sizeof(T));
        if (elements == 0)
            return 0;
        byte* left = GuestAccess.Readable(s, source);
        byte* right = GuestAccess.Readable(s, destination);
        int i = 0;
        if (whileEqual)
        {
            int equal = new ReadOnlySpan<byte>(left, elements * sizeof(T)).CommonPrefixLength(new ReadOnlySpan<byte>(right, elements * sizeof(T)));
            i = Math.Min(equal / sizeof(T), elements - 1);
        }
        else
        {
            while (i < elements - 1 && Widen(Unsafe.ReadUnaligned<T>(left + i * sizeof(T))) != Widen(Unsafe.ReadUnaligned<T>(right + i * sizeof(T))))
                i++;
        }
        a = Unsafe.ReadUnaligned<T>(left + i * sizeof(T));
        b = Unsafe.ReadUnaligned<T>(right + i * sizeof(T));
        MemoryOrder.Loaded();
        return (ulong)i + 1;
    }

    /// <summary>Scans within the current page up to the element that ends the repetition; returns how many, and the last one.</summary>
    private static ulong ScanInPage<T>(CpuState* s, Operation* op, ulong count, bool whileEqual, T a, ref T b)
        where T : unmanaged
    {
        ulong destination = StringRegisters.Destination(s, op);
        int elements = (int)Math.Min(count, (GuestPage.Size - (destination & GuestPage.Mask)) / (ulong)sizeof(T));
        if (elements == 0)
            return 0;
        byte* p = GuestAccess.Readable(s, destination);
        int i = 0;
        if (sizeof(T) == 1 && !whileEqual)
        {
            i = new ReadOnlySpan<byte>(p, elements).IndexOf(*(byte*)&a);
            if (i < 0)
                i = elements - 1;
        }
        else
        {
            while (i < elements - 1 && Widen(a) == Widen(Unsafe.ReadUnaligned<T>(p + i * sizeof(T))) == whileEqual)
                i++;
        }
        b = Unsafe.ReadUnaligned<T>(p + i * sizeof(T));
        MemoryOrder.Loaded();
        return (ulong)i + 1;
    }

    private static void Compare<T>(CpuState* s, T a, T b)
        where T : unmanaged
    {
        if (sizeof(T) == 1)
            Alu.Cmp8(s, (byte)Widen(a), (byte)Widen(b));
        else if (sizeof(T) == 2)
            Alu.Cmp16(s, (ushort)Widen(a), (ushort)Widen(b));
        else if (sizeof(T) == 4)
            Alu.Cmp32(s, (uint)Widen(a), (uint)Widen(b));
        else
            Alu.Cmp64(s, Widen(a), Widen(b));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Widen<T>(T value)
        where T : unmanaged => sizeof(T) == 1 ? *(byte*)&value : sizeof(T) == 2 ? *(ushort*)&value : sizeof(T) == 4 ? *(uint*)&value : *(ulong*)&value;
}
