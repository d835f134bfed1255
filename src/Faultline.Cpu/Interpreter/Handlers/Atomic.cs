using System.Runtime.CompilerServices;

namespace Faultline.Cpu.Interpreter.Handlers;

/// <summary>Host atomics for LOCK forms and XCHG.</summary>
internal static unsafe class Atomic
{
    /// <summary>Serialises locked accesses that no host atomic can make: across a page, or misaligned where the host cannot.</summary>
    public static readonly Lock SplitLock = new();

    /// <summary>Whether a host atomic works at a pointer; null is a page-crossing operand.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool CanUse<T>(T* p)
        where T : unmanaged
    {
        if (p is null)
            return false;
        return System.Runtime.Intrinsics.X86.X86Base.IsSupported || ((nuint)p & (nuint)(sizeof(T) - 1)) == 0;
    }

    /// <summary>Reads a whole value at once.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Read<T>(T* p)
        where T : unmanaged => Unsafe.ReadUnaligned<T>(p);

    /// <summary>Stores <paramref name="updated"/> if the value is still <paramref name="old"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryReplace<T>(T* p, T old, T updated)
        where T : unmanaged
    {
        if (sizeof(T) == 1)
            return Interlocked.CompareExchange(ref *(byte*)p, *(byte*)&updated, *(byte*)&old) == *(byte*)&old;
        if (sizeof(T) == 2)
            return Interlocked.CompareExchange(ref *(ushort*)p, *(ushort*)&updated, *(ushort*)&old) == *(ushort*)&old;
        if (sizeof(T) == 4)
            return Interlocked.CompareExchange(ref *(uint*)p, *(uint*)&updated, *(uint*)&old) == *(uint*)&old;
        return Interlocked.CompareExchange(ref *(ulong*)p, *(ulong*)&updated, *(ulong*)&old) == *(ulong*)&old;
    }
}
