using System.Runtime.CompilerServices;
using Faultline.Cpu.State;
using Faultline.Memory;

namespace Faultline.Cpu.Semantics;

/// <summary>
/// Loads and stores of the running instruction: the flat table inline, everything else (absent, page-crossing, non-canonical, code pages)
/// in the slow path, which ends in the exact value or raises.
/// </summary>
internal static unsafe class GuestAccess
{
    private const uint ErrorWrite = 2;
    private const uint ErrorUser = 4;
    private const uint ErrorPresent = 1;
    private const uint ErrorFetch = 16;

    /// <summary>Whether an address is canonical: bits 63 to 47 all equal (SDM vol. 1, 3.3.7.1).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool IsCanonical(ulong address) => (long)(address << 16) >> 16 == (long)address;

    /// <summary>Whether an operand is in one page, and the flat tables go so far: one comparison for both, since bits beyond the tables are as bad as an offset too far.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool IsInTables(CpuState* s, ulong address, int size) => (address & s->AddressMask) <= (ulong)(GuestPage.Size - size);

    /// <summary>Loads a value of 1, 2, 4, 8, 16 or 32 bytes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Load<T>(CpuState* s, ulong address)
        where T : unmanaged
    {
        if (IsInTables(s, address, sizeof(T)))
        {
            long entry = s->ReadTable[address >> GuestPage.Shift];
            if (entry != 0)
                return Get((T*)((long)address + entry));
        }
        return LoadSlow<T>(s, address);
    }

    /// <summary>Stores a value of 1, 2, 4, 8, 16 or 32 bytes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store<T>(CpuState* s, ulong address, T value)
        where T : unmanaged
    {
        if (IsInTables(s, address, sizeof(T)))
        {
            long entry = s->WriteTable[address >> GuestPage.Shift];
            if (entry != 0)
            {
                Put((T*)((long)address + entry), value);
                return;
            }
        }
        StoreSlow(s, address, value);
    }

    /// <summary>Host address of a value to load, or null where only <see cref="Load{T}"/> knows.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T* TryRead<T>(CpuState* s, ulong address)
        where T : unmanaged => TryFind<T>(s, s->ReadTable, address);

    /// <summary>Host address of a value to store, or to load and store, or null where only <see cref="Store{T}"/> and <see cref="Modify{T}"/> know.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T* TryWrite<T>(CpuState* s, ulong address)
        where T : unmanaged => TryFind<T>(s, s->WriteTable, address);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T* TryFind<T>(CpuState* s, long* table, ulong address)
        where T : unmanaged
    {
        if (IsInTables(s, address, sizeof(T)))
        {
            long entry = table[address >> GuestPage.Shift];
            if (entry != 0)
                return (T*)((long)address + entry);
        }
        return null;
    }

    /// <summary>Loads from a host address that was found for guest memory, in the order that x86 shows.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Get<T>(T* p)
        where T : unmanaged
    {
        T value = Unsafe.ReadUnaligned<T>(p);
        MemoryOrder.Loaded();
        return value;
    }

    /// <summary>Stores to a host address that was found for guest memory, in the order that x86 shows.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Put<T>(T* p, T value)
        where T : unmanaged
    {
        MemoryOrder.Storing();
        Unsafe.WriteUnaligned(p, value);
    }

    /// <summary>
    /// Host address of a value that will be read and stored, or null when it crosses a page: then both pages are known to be writable, and
    /// the caller loads and stores in two steps that cannot fault. Raises before anything changed.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T* Modify<T>(CpuState* s, ulong address)
        where T : unmanaged
    {
        if (IsInTables(s, address, sizeof(T)))
        {
            long entry = s->WriteTable[address >> GuestPage.Shift];
            if (entry != 0)
                return (T*)((long)address + entry);
        }
        return (T*)ModifySlow(s, address, sizeof(T));
    }

    /// <summary>Host address of a byte that can be loaded; the rest of its page follows. Raises when it cannot.</summary>
    public static byte* Readable(CpuState* s, ulong address)
    {
        if (IsInTables(s, address, 1))
        {
            long entry = s->ReadTable[address >> GuestPage.Shift];
            if (entry != 0)
                return (byte*)((long)address + entry);
        }
        byte* host = Processor.Of(s).Memory.Resolve(address, MemoryAccess.Read, out MemoryFault fault);
        if (host is null)
            RaiseFault(s, address, MemoryAccess.Read, fault);
        return host;
    }

    /// <summary>Copies guest bytes of any length out, for large operands; raises at the first byte that faults.</summary>
    public static void Read(CpuState* s, ulong address, Span<byte> destination)
    {
        int done = Processor.Of(s).Memory.Read(address, destination, out MemoryFault fault);
        MemoryOrder.Loaded();
        if (done < destination.Length)
            RaiseFault(s, address + (ulong)done, MemoryAccess.Read, fault);
    }

    /// <summary>Copies bytes into guest memory; raises before the first byte is stored when any of them would fault.</summary>
    public static void Write(CpuState* s, ulong address, ReadOnlySpan<byte> source)
    {
        MemoryOrder.Storing();
        Processor processor = Processor.Of(s);
        int done = processor.Memory.WriteWhole(address, source, out MemoryFault fault);
        processor.TakeChanges();
        if (fault != MemoryFault.None)
            RaiseFault(s, address + (ulong)done, MemoryAccess.Write, fault);
    }

    /// <summary>Raises unless every byte of a range can be stored to.</summary>
    public static void EnsureWritable(CpuState* s, ulong address, int length)
    {
        ulong end = address + (ulong)length;
        for (ulong at = address; at != end; at = Math.Min(GuestPage.Floor(at) + GuestPage.Size, end))
            _ = Writable(s, at);
    }

    /// <summary>Turns a failed access into the exception that hardware raises, with its error code.</summary>
    public static void RaiseFault(CpuState* s, ulong address, MemoryAccess access, MemoryFault fault)
    {
        uint code = ErrorUser | (access == MemoryAccess.Write ? ErrorWrite : 0) | (access == MemoryAccess.Execute ? ErrorFetch : 0);
        switch (fault)
        {
            case MemoryFault.NonCanonical:
                // The address tells the dispatcher why: through the stack segment it is #SS.
                Raise.With(s, ExitReason.GeneralProtection, address, 0);
                break;
            case MemoryFault.Protection:
                Raise.With(s, ExitReason.PageFault, address, code | ErrorPresent);
                break;
            case MemoryFault.BeyondObject:
                Raise.With(s, ExitReason.BusError, address, code);
                break;
            case MemoryFault.OutOfMemory:
                Raise.With(s, ExitReason.OutOfMemory, address, code);
                break;
            default:
                Raise.With(s, ExitReason.PageFault, address, code);
                break;
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static T LoadSlow<T>(CpuState* s, ulong address)
        where T : unmanaged
    {
        T value;
        Read(s, address, new Span<byte>(&value, sizeof(T)));
        return value;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void StoreSlow<T>(CpuState* s, ulong address, T value)
        where T : unmanaged => Write(s, address, new ReadOnlySpan<byte>(&value, sizeof(T)));

    /// <summary>Host address of a byte that can be stored to, from the slow path.</summary>
    private static byte* Writable(CpuState* s, ulong address)
    {
        Processor processor = Processor.Of(s);
        byte* host = processor.Memory.Resolve(address, MemoryAccess.Write, out MemoryFault fault);
        processor.TakeChanges();
        if (host is null)
            RaiseFault(s, address, MemoryAccess.Write, fault);
        return host;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static byte* ModifySlow(CpuState* s, ulong address, int size)
    {
        byte* host = Writable(s, address);
        if ((address & GuestPage.Mask) <= (ulong)(GuestPage.Size - size))
            return host;
        EnsureWritable(s, address, size);
        return null;
    }
}
