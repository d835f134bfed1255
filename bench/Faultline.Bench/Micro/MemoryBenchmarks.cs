using BenchmarkDotNet.Attributes;
using Faultline.Memory;

namespace Faultline.Bench.Micro;

/// <summary>Address spaces: mapping, the first touch of pages, fork and the copies after it.</summary>
public class MemoryBenchmarks : IDisposable
{
    private const ulong Start = 0x10000000;
    private const int Pages = 256;
    private const int CopiedPages = 64;

    private static readonly byte[] _byte = [1];

    private FramePool _frames = null!;
    private AddressSpace _space = null!;
    private AddressSpace _parent = null!;

    /// <summary>Makes an empty address space, and one with <see cref="Pages"/> pages that have been stored to.</summary>
    [GlobalSetup]
    public void Setup()
    {
        _frames = new FramePool();
        _space = new AddressSpace(_frames);
        _parent = new AddressSpace(_frames);
        Map(_parent);
        Touch(_parent, Pages);
    }

    /// <summary>Maps and unmaps 1 MiB that no one touches.</summary>
    [Benchmark]
    public void MapAndUnmap()
    {
        Map(_space);
        Unmap(_space);
    }

    /// <summary>The same with a store to every page; the time is per page.</summary>
    [Benchmark(OperationsPerInvoke = Pages)]
    public void MapTouchAndUnmap()
    {
        Map(_space);
        Touch(_space, Pages);
        Unmap(_space);
    }

    /// <summary>A fork of an address space with 1 MiB in use, and the end of the child.</summary>
    [Benchmark]
    public void Fork()
    {
        using AddressSpace child = _parent.Fork();
    }

    /// <summary>The same with stores of the child to <see cref="CopiedPages"/> pages, each of which copies one.</summary>
    [Benchmark]
    public void ForkAndCopy()
    {
        using AddressSpace child = _parent.Fork();
        Touch(child, CopiedPages);
    }

    /// <summary>Frees what <see cref="Setup"/> made.</summary>
    [GlobalCleanup]
    public void Dispose()
    {
        GC.SuppressFinalize(this);
        _parent.Dispose();
        _space.Dispose();
        _frames.Dispose();
    }

    private static void Map(AddressSpace space) => space.Map(new Mapping
    {
        Start = Start,
        End = Start + (Pages * GuestPage.Size),
        Protection = PageProtection.Read | PageProtection.Write,
    });

    private static void Unmap(AddressSpace space) => space.Unmap(Start, Start + (Pages * GuestPage.Size));

    private static void Touch(AddressSpace space, int pages)
    {
        for (int i = 0; i < pages; i++)
        {
            if (space.Write(Start + (ulong)(i * GuestPage.Size), _byte, out MemoryFault fault) == 0)
                throw new InvalidOperationException($"page {i}: {fault}");
        }
    }
}
