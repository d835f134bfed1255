using System.Runtime.CompilerServices;
using Faultline.Cpu.State;
using Faultline.Cpu.Table;
using Faultline.Memory;

namespace Faultline.Cpu.Semantics.Integer;

/// <summary>
/// MOVS, STOS and LODS (SDM vol. 2). Repeated forms work a page at a time where nothing wraps; registers always say which element is next, so that a
/// fault or an interrupt leaves an instruction that can be resumed.
/// </summary>
internal static unsafe class StringMove
{
    public static void Movs<T>(CpuState* s, Operation* op)
        where T : unmanaged
    {
        if (!StringRegisters.Repeated(op))
        {
            MoveOne<T>(s, op);
            return;
        }
        bool bulk = StringRegisters.Bulk(s, op);
        ulong count = StringRegisters.Count(s, op);
        while (count != 0)
        {
            ulong done = bulk ? MoveInPage<T>(s, op, count) : 0;
            if (done == 0)
            {
                MoveOne<T>(s, op);
                done = 1;
            }
            StringRegisters.Consume(s, op, done);
            count -= done;
            if (count != 0)
                StringRegisters.NoticeInterrupt(s);
        }
    }

    public static void Stos<T>(CpuState* s, Operation* op)
        where T : unmanaged
    {
        if (!StringRegisters.Repeated(op))
        {
            StoreOne<T>(s, op);
            return;
        }
        bool bulk = StringRegisters.Bulk(s, op);
        ulong count = StringRegisters.Count(s, op);
        while (count != 0)
        {
            ulong done = bulk ? StoreInPage<T>(s, op, count) : 0;
            if (done == 0)
            {
                StoreOne<T>(s, op);
                done = 1;
            }
            StringRegisters.Consume(s, op, done);
            count -= done;
            if (count != 0)
                StringRegisters.NoticeInterrupt(s);
        }
    }

    public static void Lods<T>(CpuState* s, Operation* op)
        where T : unmanaged
    {
        bool repeated = StringRegisters.Repeated(op);
        if (repeated && StringRegisters.Count(s, op) == 0)
            return;
        while (true)
        {
            Operand.SetRegister(s, 0, GuestAccess.Load<T>(s, StringRegisters.Source(s, op)));
            StringRegisters.AdvanceSource(s, op, 1, sizeof(T));
            if (!repeated)
                return;
            StringRegisters.Consume(s, op, 1);
            if (StringRegisters.Count(s, op) == 0)
                return;
            StringRegisters.NoticeInterrupt(s);
        }
    }

    private static void MoveOne<T>(CpuState* s, Operation* op)
        where T : unmanaged
    {
        T value = GuestAccess.Load<T>(s, StringRegisters.Source(s, op));
        GuestAccess.Store(s, StringRegisters.Destination(s, op), value);
        StringRegisters.AdvanceSource(s, op, 1, sizeof(T));
        StringRegisters.AdvanceDestination(s, op, 1, sizeof(T));
    }

    private static void StoreOne<T>(CpuState* s, Operation* op)
        where T : unmanaged
    {
        GuestAccess.Store(s, StringRegisters.Destination(s, op), Operand.Register<T>(s, 0));
        StringRegisters.AdvanceDestination(s, op, 1, sizeof(T));
    }

    /// <summary>Moves the elements that lie whole in the current source and destination pages; returns how many, 0 when the next one crosses a page.</summary>
    private static ulong MoveInPage<T>(CpuState* s, Operation* op, ulong count)
        where T : unmanaged
    {
        ulong source = StringRegisters.Source(s, op);
        ulong destination = StringRegisters.Destination(s, op);
        ulong elements = Math.Min(count, (GuestPage.Size - Math.Max(source & GuestPage.Mask, destination & GuestPage.Mask)) / (ulong)sizeof(T));
        if (elements == 0)
            return 0;

        // The load faults first. Making the destination writable may give the source page another frame, so its pointer is taken after that.
        GuestAccess.Readable(s, source);
        byte* to = GuestAccess.Modify<byte>(s, destination);
        byte* from = GuestAccess.Readable(s, source);
        // Among themselves the stores of a string instruction have no order (SDM vol. 3, 8.2.4).
        MemoryOrder.Storing();
        Copy<T>(from, to, (nuint)elements * (nuint)sizeof(T));
        MemoryOrder.Loaded();
        StringRegisters.AdvanceSource(s, op, elements, sizeof(T));
        StringRegisters.AdvanceDestination(s, op, elements, sizeof(T));
        return elements;
    }

    private static ulong StoreInPage<T>(CpuState* s, Operation* op, ulong count)
        where T : unmanaged
    {
        ulong destination = StringRegisters.Destination(s, op);
        ulong elements = Math.Min(count, (GuestPage.Size - (destination & GuestPage.Mask)) / (ulong)sizeof(T));
        if (elements == 0)
            return 0;
        byte* to = GuestAccess.Modify<byte>(s, destination);
        MemoryOrder.Storing();
        new Span<T>(to, (int)elements).Fill(Operand.Register<T>(s, 0));
        StringRegisters.AdvanceDestination(s, op, elements, sizeof(T));
        return elements;
    }

    /// <summary>Copies upwards one element after the other, so that bytes propagate when the destination begins inside the source.</summary>
    private static void Copy<T>(byte* from, byte* to, nuint bytes)
        where T : unmanaged
    {
        nuint distance = (nuint)to - (nuint)from;
        if (distance >= bytes || distance == 0)
        {
            Buffer.MemoryCopy(from, to, bytes, bytes);
            return;
        }
        if (distance >= (nuint)sizeof(T))
        {
            // Pieces as long as the distance do not overlap, and each reads what the piece before it wrote.
            for (nuint done = 0; done < bytes; done += distance)
            {
                nuint piece = Math.Min(distance, bytes - done);
                Buffer.MemoryCopy(from + done, to + done, piece, piece);
            }
            return;
        }
        for (nuint done = 0; done < bytes; done += (nuint)sizeof(T))
            Unsafe.WriteUnaligned(to + done, Unsafe.ReadUnaligned<T>(from + done));
    }
}
