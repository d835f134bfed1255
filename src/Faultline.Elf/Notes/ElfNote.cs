namespace Faultline.Elf.Notes;

/// <summary>One note. Its descriptor stays in the file until it is asked for.</summary>
/// <param name="Name">Owner, such as "GNU", without the NUL; cut after 64 bytes.</param>
/// <param name="Type">Type within the owner's numbering.</param>
/// <param name="DescriptorOffset">File offset of the descriptor.</param>
/// <param name="DescriptorSize">Bytes in the descriptor, all inside the file.</param>
internal readonly record struct ElfNote(string Name, uint Type, ulong DescriptorOffset, uint DescriptorSize)
{
    /// <summary>Owner of the notes below.</summary>
    public const string GNU = "GNU";

    /// <summary>Operating system and least kernel version.</summary>
    public const uint NT_GNU_ABI_TAG = 1;

    /// <summary>Build id.</summary>
    public const uint NT_GNU_BUILD_ID = 3;

    /// <summary>Program properties.</summary>
    public const uint NT_GNU_PROPERTY_TYPE_0 = 5;
}
