namespace Faultline.Linux.Vfs;

/// <summary>How a path walk ends.</summary>
[Flags]
internal enum LookupFlags
{
    /// <summary>The last component is not followed when it is a symbolic link.</summary>
    None = 0,

    /// <summary>A symbolic link as the last component is followed (LOOKUP_FOLLOW).</summary>
    Follow = 1,

    /// <summary>
    /// With <see cref="Follow"/>: the caller uses the last component without following it and comes back with
    /// <see cref="PathWalk.FollowLast"/> when it turns out to be a symbolic link, which saves a look at files that are none.
    /// </summary>
    Optimistic = 2,

    /// <summary>The entry is about to be made, removed or renamed: links and mounts at the last component are left alone (LOOKUP_PARENT).</summary>
    Parent = 4,

    /// <summary>A regular file is to be made when there is none (LOOKUP_CREATE): a slash after its name gives EISDIR before anything is looked up.</summary>
    Create = 8,
}
