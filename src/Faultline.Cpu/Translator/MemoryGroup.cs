using System.Reflection.Emit;

namespace Faultline.Cpu.Translator;

/// <summary>
/// Accesses at constant distances from each other, in blocks that follow each other without a join. They share one check: that all of the group's bytes lie in one page that
/// the table has.
/// </summary>
internal sealed class MemoryGroup
{
    /// <summary>Makes a group of one access.</summary>
    /// <param name="home">The block of that access, which is executed whenever the check is.</param>
    /// <param name="start">See <see cref="Start"/>.</param>
    /// <param name="size">Bytes.</param>
    /// <param name="writes">See <see cref="Writes"/>.</param>
    public MemoryGroup(RegionBlock home, long start, int size, bool writes)
    {
        Home = home;
        Start = start;
        End = start + size;
        Writes = writes;
        Largest = size;
    }

    /// <summary>The block in which it begins.</summary>
    public RegionBlock Home { get; }

    /// <summary>Where its first byte is, relative to the unknown part of the address that its accesses have in common.</summary>
    public long Start { get; private set; }

    /// <summary>Where its last byte ends.</summary>
    public long End { get; private set; }

    /// <summary>Whether an access stores: then all go by the table for stores, in which an entry means the frame that the table for loads has.</summary>
    public bool Writes { get; private set; }

    /// <summary>Bytes of its largest access.</summary>
    public int Largest { get; private set; }

    /// <summary>Whether one access has all of its bytes: then it crosses a page no more often than that.</summary>
    public bool IsOneAccess => End - Start == Largest;

    /// <summary>Accesses in it.</summary>
    public int Members { get; private set; } = 1;

    /// <summary>Accesses that are not emitted yet.</summary>
    public int Remaining { get; set; } = 1;

    /// <summary>The host address of <see cref="Start"/>, where the check has passed; null before the first check is emitted.</summary>
    public LocalBuilder? Host { get; set; }

    /// <summary>Bytes that it would have with an access added.</summary>
    public long SpanWith(long start, int size) => Math.Max(End, start + size) - Math.Min(Start, start);

    /// <summary>Adds an access.</summary>
    public void Add(long start, int size, bool writes)
    {
        Start = Math.Min(Start, start);
        End = Math.Max(End, start + size);
        Writes |= writes;
        Largest = Math.Max(Largest, size);
        Members++;
        Remaining++;
    }

    /// <summary>Whether its check allows an access.</summary>
    public bool Covers(long start, int size, bool write) => start >= Start && start + size <= End && (Writes || !write);
}
