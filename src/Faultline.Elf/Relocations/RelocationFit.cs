namespace Faultline.Elf.Relocations;

/// <summary>What a relocated field is read back as, which limits what may be stored in it.</summary>
internal enum RelocationFit
{
    /// <summary>The field has all bits of the value.</summary>
    Any,

    /// <summary>The processor or the data's reader fills up with zeros: addresses below 2^(8 * width).</summary>
    ZeroExtended,

    /// <summary>The processor fills up with copies of the top bit.</summary>
    SignExtended,
}
