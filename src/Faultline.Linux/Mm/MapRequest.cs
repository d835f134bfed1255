using Faultline.Memory;

namespace Faultline.Linux.Mm;

/// <summary>What a caller of <see cref="ProcessMemory.Map"/> wants.</summary>
internal readonly struct MapRequest
{
    /// <summary>A hint, or the address with MAP_FIXED; 0 for no preference.</summary>
    public ulong Address { get; init; }

    /// <summary>Bytes; rounded up to pages.</summary>
    public required ulong Length { get; init; }

    /// <summary>PROT_ bits.</summary>
    public required int Protection { get; init; }

    /// <summary>MAP_ bits; the sharing type has been checked already.</summary>
    public required int Flags { get; init; }

    /// <summary>Stores reach the object.</summary>
    public bool IsShared { get; init; }

    /// <summary>The object, or null for anonymous memory.</summary>
    public IPageSource? Source { get; init; }

    /// <summary>Byte offset in the object, whole pages.</summary>
    public ulong Offset { get; init; }

    /// <summary>What mprotect may raise the protection to.</summary>
    public PageProtection MaxProtection { get; init; } = PageProtection.Read | PageProtection.Write | PageProtection.Execute;

    /// <summary>What /proc/self/maps shows.</summary>
    public string Name { get; init; } = "";

    /// <summary>The open file behind the object.</summary>
    public object? Tag { get; init; }

    /// <summary>The caller may map below vm.mmap_min_addr.</summary>
    public bool MayMapLow { get; init; }

    /// <summary>The caller is a 32-bit call: without an address the place is below 4 GiB.</summary>
    public bool IsCompat { get; init; }

    /// <summary>Makes an empty request.</summary>
    public MapRequest()
    {
    }
}
