namespace Faultline.Linux.Kernel;

/// <summary>
/// A thread's user and group ids (Linux's struct cred). Immutable; a change replaces the object, so that a reader sees one state.
/// </summary>
/// <remarks>
/// The guest acts on the host as the user of this host process whatever the ids say: changing to an id that is not one of its own is refused with
/// EPERM. Capabilities that are given up are gone from this kernel's own checks; files of the host are opened as its user all the same.
/// </remarks>
internal sealed record Credentials
{
    public required uint Uid { get; init; }

    public required uint Euid { get; init; }

    public required uint Suid { get; init; }

    public required uint Fsuid { get; init; }

    public required uint Gid { get; init; }

    public required uint Egid { get; init; }

    public required uint Sgid { get; init; }

    public required uint Fsgid { get; init; }

    /// <summary>Supplementary groups.</summary>
    public required uint[] Groups { get; init; }

    /// <summary>PR_SET_NO_NEW_PRIVS.</summary>
    public bool NoNewPrivileges { get; init; }

    /// <summary>CAP_LAST_CAP of Linux 6.1 (CAP_CHECKPOINT_RESTORE).</summary>
    public const int LastCapability = 40;

    /// <summary>Every capability there is.</summary>
    public const ulong AllCapabilities = (1UL << (LastCapability + 1)) - 1;

    /// <summary>Capabilities in force; a subset of <see cref="PermittedCapabilities"/>.</summary>
    public ulong EffectiveCapabilities { get; init; }

    /// <summary>Capabilities that may be put in force.</summary>
    public ulong PermittedCapabilities { get; init; }

    /// <summary>Capabilities that execve may keep.</summary>
    public ulong InheritableCapabilities { get; init; }

    /// <summary>Whether the thread has all capabilities in force, as user id 0 has on Linux until it gives some up.</summary>
    public bool IsPrivileged => EffectiveCapabilities == AllCapabilities;

    /// <summary>What they are after execve of a file without capabilities of its own (cap_bprm_creds_from_file): user id 0 gets all back, unless that was given up too.</summary>
    public Credentials AfterExecute()
    {
        ulong permitted = Uid == 0 || Euid == 0 ? AllCapabilities : 0;
        if (NoNewPrivileges)
            permitted &= PermittedCapabilities;
        return this with { PermittedCapabilities = permitted, EffectiveCapabilities = Euid == 0 ? permitted : 0 };
    }
}
