namespace Faultline.Elf.Layout;

/// <summary>A policy and the page size of the host that it is for.</summary>
/// <param name="Kind">The policy.</param>
/// <param name="HostPageSize">Bytes in a page of the host, a power of two of at least 4 KiB.</param>
internal readonly record struct LoadPolicy(LoadPolicyKind Kind, ulong HostPageSize)
{
    private static readonly string[] _names = ["linux", "guest-page", "host-page", "host-page-unless-overlap", "host-page-blank"];

    /// <summary>Linux on a host with pages of 4 KiB.</summary>
    public static LoadPolicy Default => new(LoadPolicyKind.Linux, ElfPage.Size);

    /// <summary>The page sizes that hosts have, in bytes.</summary>
    public static IReadOnlyList<ulong> HostPageSizes { get; } = [0x1000, 0x4000, 0x1_0000];

    /// <summary>Whether a size is one of them.</summary>
    public static bool IsHostPageSize(ulong size)
    {
        // A query would be a dozen methods for each program to start with.
        for (int i = 0; i < HostPageSizes.Count; i++)
        {
            if (HostPageSizes[i] == size)
                return true;
        }
        return false;
    }

    /// <summary>The policies' names, in the order of <see cref="LoadPolicyKind"/>.</summary>
    public static IReadOnlyList<string> Names => _names;

    /// <summary>The policy's name.</summary>
    public string Name => _names[(int)Kind];

    /// <summary>Whether a segment may be put over bytes of another one that 4 KiB pages keep apart.</summary>
    public bool IsBroken => Kind is LoadPolicyKind.HostPage or LoadPolicyKind.HostPageBlank && HostPageSize > ElfPage.Size;

    /// <summary>The policy of a name.</summary>
    public static bool TryParse(string name, out LoadPolicyKind kind)
    {
        int index = Array.IndexOf(_names, name);
        kind = (LoadPolicyKind)Math.Max(0, index);
        return index >= 0;
    }

    /// <summary>Such as "host-page with pages of 16 KiB".</summary>
    public override string ToString() => $"{Name} with pages of {HostPageSize / 1024} KiB";
}
