namespace Faultline.Memory;

/// <summary>What a guest may do with a page; the bits are Linux's PROT_READ, PROT_WRITE and PROT_EXEC.</summary>
[Flags]
internal enum PageProtection : byte
{
    /// <summary>No access (PROT_NONE).</summary>
    None = 0,

    /// <summary>Loads.</summary>
    Read = 1,

    /// <summary>Stores; x86-64 cannot deny loads where it allows stores.</summary>
    Write = 2,

    /// <summary>Instruction fetch; without protection keys x86-64 cannot deny loads here either.</summary>
    Execute = 4,
}
