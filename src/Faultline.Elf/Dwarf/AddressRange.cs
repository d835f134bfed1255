namespace Faultline.Elf.Dwarf;

/// <summary>Addresses from <paramref name="Low"/> up to, and without, <paramref name="High"/>.</summary>
internal readonly record struct AddressRange(ulong Low, ulong High)
{
    /// <summary>Whether an address is among them.</summary>
    public bool Contains(ulong address) => address >= Low && address < High;
}
