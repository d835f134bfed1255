namespace Faultline.Elf.Headers;

/// <summary>p_flags. Note that the bits are in the opposite order of mmap's PROT_ bits.</summary>
[Flags]
internal enum SegmentFlags : uint
{
    /// <summary>Executable.</summary>
    PF_X = 1,

    /// <summary>Writable.</summary>
    PF_W = 2,

    /// <summary>Readable.</summary>
    PF_R = 4,
}
