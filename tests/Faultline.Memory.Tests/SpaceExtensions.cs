namespace Faultline.Memory.Tests;

/// <summary>One-byte accesses that say what happened.</summary>
internal static class SpaceExtensions
{
    /// <summary>The byte at an address, or minus the fault.</summary>
    public static int Load(this AddressSpace space, ulong address)
    {
        Span<byte> one = stackalloc byte[1];
        int n = space.Read(address, one, out MemoryFault fault);
        Assert.Equal(fault == MemoryFault.None ? 1 : 0, n);
        return n == 1 ? one[0] : -(int)fault;
    }

    public static MemoryFault Store(this AddressSpace space, ulong address, byte value)
    {
        int n = space.Write(address, [value], out MemoryFault fault);
        Assert.Equal(fault == MemoryFault.None ? 1 : 0, n);
        return fault;
    }

    public static MemoryFault Execute(this AddressSpace space, ulong address)
    {
        space.Fetch(address, new byte[1], out MemoryFault fault);
        return fault;
    }
}
