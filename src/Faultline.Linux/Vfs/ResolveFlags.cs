namespace Faultline.Linux.Vfs;

/// <summary>How far a walk may go (openat2(2), RESOLVE_).</summary>
[Flags]
internal enum ResolveFlags
{
    /// <summary>As far as the path leads.</summary>
    None = 0,

    /// <summary>Not into another mount: -EXDEV.</summary>
    NoMounts = 1,

    /// <summary>Through no magic link of /proc: -ELOOP.</summary>
    NoMagicLinks = 2,

    /// <summary>Through no symbolic link: -ELOOP.</summary>
    NoSymbolicLinks = 4,

    /// <summary>Not out of the directory it starts from: -EXDEV.</summary>
    Beneath = 8,

    /// <summary>As if the directory it starts from were the root.</summary>
    InRoot = 16,

    /// <summary>Only what is in the kernel's cache: -EAGAIN for all else, which here is everything.</summary>
    Cached = 32,
}
