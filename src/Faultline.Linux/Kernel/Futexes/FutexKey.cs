using Faultline.Linux.Mm;
using Faultline.Memory;

namespace Faultline.Linux.Kernel.Futexes;

/// <summary>What a futex word is, wherever it is mapped (union futex_key): an address of one address space, or a place in an object that several map.</summary>
/// <param name="Owner">The <see cref="AddressSpace"/> or the object behind a shared mapping.</param>
/// <param name="Offset">Address or offset in the object, in bytes.</param>
internal readonly record struct FutexKey(object Owner, ulong Offset)
{
    /// <summary>The key of an address.</summary>
    /// <param name="memory">Whose address.</param>
    /// <param name="address">A multiple of 4.</param>
    /// <param name="isPrivate">FUTEX_PRIVATE_FLAG: the word is used within one process.</param>
    public static FutexKey Of(GuestMemory memory, ulong address, bool isPrivate)
    {
        if (!isPrivate && memory.Space.Find(address) is { Shared: true, Source: { } source } mapping)
            return new FutexKey(source.Identity, mapping.Offset + (address - mapping.Start));
        return new FutexKey(memory.Space, address);
    }
}
