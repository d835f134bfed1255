using Faultline.Elf.Headers;

namespace Faultline.Elf.Sections;

/// <summary>
/// An address for every section of a relocatable object, where all sh_addr are 0: sections that are loaded follow one another in file order from
/// <see cref="Base"/> on, each aligned, so that one number says section and offset, and .text and .text.unlikely are never confused.
/// </summary>
internal sealed class ObjectLayout
{
    /// <summary>The first address. Not 0, so that an unrelocated field is not an address of a section.</summary>
    public const ulong Base = 0x10000;

    /// <summary>Alignments past this are cut: nothing is loaded at these addresses.</summary>
    private const ulong LargestAlignment = 1 << 21;

    private readonly ulong[] _addresses;

    private ObjectLayout(ulong[] addresses)
    {
        _addresses = addresses;
    }

    /// <summary>Places the sections of a file; those of a linked file keep their sh_addr.</summary>
    public static ObjectLayout Create(ElfFile file)
    {
        ReadOnlySpan<SectionHeader> headers = file.Sections.Headers;
        ulong[] addresses = headers.Length == 0 ? [] : new ulong[headers.Length];
        ulong next = Base;
        for (int i = 0; i < headers.Length; i++)
        {
            ref readonly SectionHeader header = ref headers[i];
            addresses[i] = header.sh_addr;
            if (file.Header.e_type != ElfType.ET_REL || (header.sh_flags & SectionFlags.SHF_ALLOC) == 0)
            {
                continue;
            }

            ulong align = Math.Clamp(header.sh_addralign, 1, LargestAlignment);
            ulong address = (next + align - 1) / align * align;

            // A size that leaves no room for the rest is a damaged one; it takes no room, and lookups in it find nothing.
            ulong size = header.sh_size > uint.MaxValue ? 0 : header.sh_size;
            addresses[i] = address;

            // At least a byte apart: an empty section's labels must not be taken for the next section's.
            next = address + size + 1;
        }

        return new ObjectLayout(addresses);
    }

    /// <summary>The address of a section; 0 for sections that are not loaded and indexes out of range.</summary>
    public ulong AddressOf(int section) => (uint)section < (uint)_addresses.Length ? _addresses[section] : 0;
}
