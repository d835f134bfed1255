using System.Runtime.InteropServices;

namespace Faultline.Memory;

/// <summary>Reserves host address space. Pages come zeroed and cost nothing until they are touched.</summary>
internal static unsafe partial class HostMemory
{
    private const int PROT_READ_WRITE = 3;
    private const int MAP_PRIVATE = 0x02;
    private const int MAP_ANONYMOUS_LINUX = 0x20;
    private const int MAP_NORESERVE_LINUX = 0x4000;
    private const int MAP_ANONYMOUS_BSD = 0x1000;
    private const int MADV_DONTNEED_LINUX = 4;
    private const uint MEM_COMMIT_RESERVE = 0x3000;
    private const uint PAGE_READWRITE = 4;
    private const uint MEM_RELEASE = 0x8000;

    /// <summary>Reserves zeroed memory, or returns null when the host refuses.</summary>
    /// <param name="length">Bytes; rounded up by the host to its own page size.</param>
    /// <remarks>
    /// On Windows memory is committed at once, so reservations that exceed what the host will promise are refused there and callers
    /// fall back to smaller structures.
    /// </remarks>
    public static byte* Reserve(nuint length)
    {
        if (OperatingSystem.IsWindows())
            return (byte*)VirtualAlloc(null, length, MEM_COMMIT_RESERVE, PAGE_READWRITE);

        int flags = OperatingSystem.IsLinux() ? MAP_PRIVATE | MAP_ANONYMOUS_LINUX | MAP_NORESERVE_LINUX : MAP_PRIVATE | MAP_ANONYMOUS_BSD;
        void* p = mmap(null, length, PROT_READ_WRITE, flags, -1, 0);
        return p == (void*)-1 ? null : (byte*)p;
    }

    /// <summary>Reserves zeroed memory at an address; false when the host has something else there, or refuses.</summary>
    /// <param name="address">Where, a multiple of the host's page size.</param>
    /// <param name="length">Bytes.</param>
    public static bool ReserveAt(byte* address, nuint length)
    {
        if (OperatingSystem.IsWindows() || sizeof(nuint) < 8)
            return false;
        // A hint, so that nothing is ever replaced; what came out elsewhere is given back.
        int flags = OperatingSystem.IsLinux() ? MAP_PRIVATE | MAP_ANONYMOUS_LINUX | MAP_NORESERVE_LINUX : MAP_PRIVATE | MAP_ANONYMOUS_BSD;
        void* p = mmap(address, length, PROT_READ_WRITE, flags, -1, 0);
        if (p == address)
            return true;
        if (p != (void*)-1)
            _ = munmap(p, length);
        return false;
    }

    /// <summary>Gives back what <see cref="Reserve"/> returned.</summary>
    public static void Free(byte* memory, nuint length)
    {
        if (memory is null)
            return;
        if (OperatingSystem.IsWindows())
            _ = VirtualFree(memory, 0, MEM_RELEASE);
        else
            _ = munmap(memory, length);
    }

    /// <summary>Lets the host take back the memory behind a range that reads as zero, which stays reserved and goes on reading as zero.</summary>
    /// <remarks>
    /// Only Linux promises zeros afterwards (madvise(2), MADV_DONTNEED); elsewhere, and where the range is not whole host pages, nothing happens.
    /// </remarks>
    /// <returns>Whether the range reads as zero now.</returns>
    public static bool Discard(byte* memory, nuint length)
    {
        nuint page = (nuint)Environment.SystemPageSize;
        return OperatingSystem.IsLinux() && (nuint)memory % page == 0 && length % page == 0 && madvise(memory, length, MADV_DONTNEED_LINUX) == 0;
    }

    [LibraryImport("libc")]
    private static partial void* mmap(void* address, nuint length, int protection, int flags, int descriptor, nint offset);

    [LibraryImport("libc")]
    private static partial int munmap(void* address, nuint length);

    [LibraryImport("libc")]
    private static partial int madvise(void* address, nuint length, int advice);

    [LibraryImport("kernel32")]
    private static partial void* VirtualAlloc(void* address, nuint size, uint type, uint protection);

    [LibraryImport("kernel32")]
    private static partial int VirtualFree(void* address, nuint size, uint type);
}
