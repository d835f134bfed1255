namespace Faultline.Linux.Vfs;

/// <summary>What the last component of a path was (LAST_NORM and so on, linux/namei.h).</summary>
internal enum LastComponent : byte
{
    /// <summary>A name.</summary>
    Normal,

    /// <summary>The path was only slashes.</summary>
    Root,

    /// <summary><c>.</c></summary>
    Dot,

    /// <summary><c>..</c></summary>
    DotDot,
}
