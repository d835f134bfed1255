using System.Runtime.CompilerServices;

namespace Faultline.Memory;

// Bulk access for the kernel and the slow path of the processor.
internal sealed unsafe partial class AddressSpace
{
    /// <summary>Copies out of guest memory.</summary>
    /// <returns>Bytes copied before the first byte that faults: less than asked for only with a fault.</returns>
    public int Read(ulong address, Span<byte> destination, out MemoryFault fault) => Read(address, destination, MemoryAccess.Read, out fault);

    /// <summary>Copies instruction bytes out of guest memory, which takes the right to execute them.</summary>
    public int Fetch(ulong address, Span<byte> destination, out MemoryFault fault) => Read(address, destination, MemoryAccess.Execute, out fault);

    /// <summary>Copies into guest memory.</summary>
    /// <returns>Bytes copied before the first byte that faults.</returns>
    public int Write(ulong address, ReadOnlySpan<byte> source, out MemoryFault fault)
    {
        fault = MemoryFault.None;
        int done = 0;
        AddressSpaceUser? storing = AddressSpaceUser.BeginStores();
        while (done < source.Length)
        {
            ulong at = address + (ulong)done;
            byte* host = HostPointer(at, MemoryAccess.Write, out fault);
            if (host is null)
                break;
            int length = Math.Min(source.Length - done, GuestPage.Size - (int)(at & GuestPage.Mask));
            source.Slice(done, length).CopyTo(new Span<byte>(host, length));
            if (IsShared && !Holds(at, host))
                continue;
            done += length;
        }
        storing?.EndStores();
        return done;
    }

    /// <summary>
    /// Says that bytes were stored through a span that <see cref="TryGetSpan"/> gave. Where a fork and the next store by another thread have given a
    /// page another frame meanwhile, they would be lost: they are stored again.
    /// </summary>
    /// <remarks>
    /// Called before <see cref="AddressSpaceUser.EndStores"/>: from then on the frame that the span showed may be another page's, or this page's again with what it has been given meanwhile.
    /// Guest code never needs this: a fork waits until its stores are made.
    /// </remarks>
    public void Confirm(ulong address, ReadOnlySpan<byte> stored)
    {
        if (!IsShared)
            return;
        fixed (byte* host = stored)
        {
            for (int done = 0, length; done < stored.Length; done += length)
            {
                ulong at = address + (ulong)done;
                length = Math.Min(stored.Length - done, GuestPage.Size - (int)(at & GuestPage.Mask));
                if (!Holds(at, host + done))
                {
                    // The store may wait, and who waits lets go of the frame with the bytes.
                    byte[] kept = stored.Slice(done, length).ToArray();
                    _ = Write(at, kept, out _);
                }
            }
        }
    }

    /// <summary>Whether a page still has the frame that its bytes were just stored to, or none at all any more.</summary>
    private bool Holds(ulong address, byte* host)
    {
        // The store before the look: who copies the page has taken the entry away first.
        Interlocked.MemoryBarrier();
        ulong page = address >> GuestPage.Shift;
        if (page < PageLimit && WriteTable[page] is not 0 and long direct)
            return (byte*)((long)address + direct) == host;
        lock (_lock)
        {
            nuint entry = _pages[page];
            return entry == 0 || FrameOf(entry) + (address & GuestPage.Mask) == host;
        }
    }

    /// <summary>
    /// A piece of guest memory as a host span: from <paramref name="address"/> to the end of its page or of <paramref name="length"/>, longer
    /// where the following pages happen to follow in host memory too. Valid until the mapping changes;
    /// <see cref="Confirm"/> what was stored in it.
    /// </summary>
    /// <returns>False when the first byte faults.</returns>
    public bool TryGetSpan(ulong address, int length, MemoryAccess access, out Span<byte> span, out MemoryFault fault)
    {
        span = default;
        fault = MemoryFault.None;
        if (length <= 0)
            return true;
        while (true)
        {
            byte* host = HostPointer(address, access, out fault);
            if (host is null)
                return false;
            long have = GuestPage.Size - (int)(address & GuestPage.Mask);
            Duty duty = Duty.None;
            while (have < length && CachedPointer(address + (ulong)have, access, ref duty) == host + have)
                have += GuestPage.Size;
            if (duty == Duty.None)
            {
                span = new Span<byte>(host, (int)Math.Min(have, length));
                return true;
            }
            // Whoever waits holds nothing, and what it had looked up is to be looked up again.
            FinishChange();
            if (duty == Duty.WaitAndRetry)
            {
                WaitForOthers();
                Interlocked.Decrement(ref _storesToCode);
            }
        }
    }

    private byte* CachedPointer(ulong address, MemoryAccess access, ref Duty duty)
    {
        ulong page = address >> GuestPage.Shift;
        if (page < PageLimit && access != MemoryAccess.Execute)
        {
            long entry = (access == MemoryAccess.Write ? WriteTable : ReadTable)[page];
            if (entry != 0)
                return (byte*)((long)address + entry);
        }
        return ResolveOnce(address, access, out _, out duty);
    }

    private int Read(ulong address, Span<byte> destination, MemoryAccess access, out MemoryFault fault)
    {
        fault = MemoryFault.None;
        int done = 0;
        while (done < destination.Length)
        {
            ulong at = address + (ulong)done;
            byte* host = HostPointer(at, access, out fault);
            if (host is null)
                return done;
            int length = Math.Min(destination.Length - done, GuestPage.Size - (int)(at & GuestPage.Mask));
            new ReadOnlySpan<byte>(host, length).CopyTo(destination.Slice(done, length));
            done += length;
        }
        return done;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private byte* HostPointer(ulong address, MemoryAccess access, out MemoryFault fault)
    {
        ulong page = address >> GuestPage.Shift;
        if (page < PageLimit && access != MemoryAccess.Execute)
        {
            long entry = (access == MemoryAccess.Write ? WriteTable : ReadTable)[page];
            if (entry != 0)
            {
                fault = MemoryFault.None;
                return (byte*)((long)address + entry);
            }
        }
        return Resolve(address, access, out fault);
    }
}
