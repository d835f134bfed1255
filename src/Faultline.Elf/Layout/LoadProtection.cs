namespace Faultline.Elf.Layout;

/// <summary>Protection of a mapping, with the values of mmap(2).</summary>
[Flags]
internal enum LoadProtection
{
    /// <summary>No access.</summary>
    PROT_NONE = 0,

    /// <summary>Readable.</summary>
    PROT_READ = 1,

    /// <summary>Writable.</summary>
    PROT_WRITE = 2,

    /// <summary>Executable.</summary>
    PROT_EXEC = 4,
}
