namespace Faultline.Memory;

/// <summary>Why an access could not be made. Numbers are internal; the kernel turns them into signals.</summary>
internal enum MemoryFault : byte
{
    /// <summary>No fault.</summary>
    None,

    /// <summary>No mapping covers the address (SIGSEGV, SEGV_MAPERR).</summary>
    NotMapped,

    /// <summary>A mapping covers the address and forbids the access (SIGSEGV, SEGV_ACCERR).</summary>
    Protection,

    /// <summary>The mapped object ends before the page (SIGBUS, BUS_ADRERR).</summary>
    BeyondObject,

    /// <summary>The address is not canonical: #GP rather than #PF, and no address is reported (SDM vol. 1, 3.3.7.1).</summary>
    NonCanonical,

    /// <summary>The host has no memory left for a frame (SIGBUS here; Linux's OOM killer would send SIGKILL).</summary>
    OutOfMemory,
}
