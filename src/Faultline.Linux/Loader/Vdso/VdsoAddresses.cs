namespace Faultline.Linux.Loader.Vdso;

/// <summary>Where the sections of the vDSO are: addresses and offsets in the image are the same.</summary>
internal sealed class VdsoAddresses(IReadOnlyList<VdsoSection> sections)
{
    private readonly ulong[] _addresses = new ulong[sections.Count];

    /// <summary>The address of a section.</summary>
    public ulong this[string name]
    {
        get => _addresses[IndexOf(name) - 1];
        set => _addresses[IndexOf(name) - 1] = value;
    }

    /// <summary>The number of a section; the first is 1, after the header of none.</summary>
    public int IndexOf(string name)
    {
        for (int i = 0; i < sections.Count; i++)
        {
            if (sections[i].Name == name)
                return i + 1;
        }
        return 0;
    }
}
