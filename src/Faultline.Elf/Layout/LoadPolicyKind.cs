namespace Faultline.Elf.Layout;

/// <summary>How a loader rounds segments to pages when the host's pages are larger than the guest's 4 KiB.</summary>
internal enum LoadPolicyKind
{
    /// <summary>What Linux does on x86-64, exactly (elf_load in fs/binfmt_elf.c).</summary>
    Linux,

    /// <summary>Every segment is rounded to 4 KiB pages, whatever the host's are.</summary>
    GuestPage,

    /// <summary>A segment whose p_align is a multiple of the host's page is widened down to it, whatever lies there.</summary>
    HostPage,

    /// <summary>The same, where what it is widened over belongs to no other PT_LOAD; elsewhere 4 KiB pages.</summary>
    HostPageUnlessOverlap,

    /// <summary>Every segment gets fresh host pages of zeros, into which its own bytes are read.</summary>
    HostPageBlank,
}
