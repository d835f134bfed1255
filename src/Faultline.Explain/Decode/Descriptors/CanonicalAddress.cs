namespace Faultline.Explain.Decode.Descriptors;

/// <summary>Whether a linear address can exist.</summary>
internal static class CanonicalAddress
{
    /// <summary>A sentence about an address that no processor accepts, or that needs five levels of page tables; null when it is good.</summary>
    /// <param name="what">What the address is of: <c>The base</c>.</param>
    /// <param name="address">The address.</param>
    public static string? Complain(string what, ulong address)
    {
        if (Is(address, 48))
            return null;
        return Is(address, 57)
            ? $"{what} is canonical only with five levels of page tables (CR4.LA57)."
            : $"{what} is not canonical: using it raises #GP.";
    }

    private static bool Is(ulong address, int bits) => (ulong)((long)(address << (64 - bits)) >> (64 - bits)) == address;
}
