namespace Faultline.Elf.Layout;

/// <summary>What one step of a load plan does.</summary>
internal enum LoadStepKind
{
    /// <summary>A private mapping of the file, replacing whatever earlier steps left in its pages (MAP_PRIVATE | MAP_FIXED).</summary>
    MapFile,

    /// <summary>Zeros are written into a mapping that an earlier step made, giving the page a private copy (padzero).</summary>
    ZeroFill,

    /// <summary>A private mapping of zeros, replacing whatever earlier steps left in its pages (vm_brk_flags).</summary>
    MapZero,
}
