namespace Faultline;

/// <summary>
/// How a <see cref="Machine"/> rounds a program's segments to pages. Loaders on hosts whose pages are larger than the guest's 4 KiB have to choose; with a
/// <see cref="MachineOptions.HostPageSize"/> of 4096 all load alike.
/// </summary>
public enum GuestLoadPolicy
{
    /// <summary>As Linux on x86-64 does, whatever the host's pages are. The one to use.</summary>
    Linux,

    /// <summary>To 4 KiB pages, as emulators do that keep the guest's pages apart from the host's.</summary>
    GuestPage,

    /// <summary>
    /// Down to the host's page where the segment's alignment is a multiple of it, whatever lies there: a defect of loaders, which destroys the end of the segment
    /// before it. For reproducing such failures: the fault report names the cause.
    /// </summary>
    HostPage,

    /// <summary>The same, but to 4 KiB where the host's page has bytes of another segment.</summary>
    HostPageUnlessOverlap,

    /// <summary>Each segment into fresh pages of the host, whatever lay there: another defect of loaders.</summary>
    HostPageBlank,
}
