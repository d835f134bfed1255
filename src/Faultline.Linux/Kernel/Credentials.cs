namespace Faultline.Linux.Kernel;

/// <summary>
/// A thread's user and group ids (Linux's struct cred). Immutable; a change replaces the object, so that a reader sees one state.
/// </summary>
/// <remarks>
/// The guest acts on the host as the user of this host process whatever the ids say, and it holds no capabilities beyond what user id 0 is
/// shown to have: changing to an id that is not one of its own is refused with EPERM.
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

    /// <summary>Whether the thread has all capabilities, as user id 0 has on Linux.</summary>
    public bool IsPrivileged => Euid == 0;
}
