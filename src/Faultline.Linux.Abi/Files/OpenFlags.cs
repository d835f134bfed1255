namespace Faultline.Linux.Abi.Files;

/// <summary>Flags of <c>open(2)</c> with x86-64's values (asm-generic/fcntl.h).</summary>
internal static class OpenFlags
{
    public const int O_RDONLY = 0;
    public const int O_WRONLY = 1;
    public const int O_RDWR = 2;
    public const int O_ACCMODE = 3;
    public const int O_CREAT = 0x40;
    public const int O_EXCL = 0x80;
    public const int O_NOCTTY = 0x100;
    public const int O_TRUNC = 0x200;
    public const int O_APPEND = 0x400;
    public const int O_NONBLOCK = 0x800;
    public const int O_DSYNC = 0x1000;
    public const int O_ASYNC = 0x2000;
    public const int O_DIRECT = 0x4000;
    public const int O_LARGEFILE = 0x8000;
    public const int O_DIRECTORY = 0x10000;
    public const int O_NOFOLLOW = 0x20000;
    public const int O_NOATIME = 0x40000;
    public const int O_CLOEXEC = 0x80000;
    public const int O_SYNC = 0x101000;
    public const int O_PATH = 0x200000;
    public const int O_TMPFILE = 0x410000;

    /// <summary>The bit of <see cref="O_TMPFILE"/> that is not <see cref="O_DIRECTORY"/>.</summary>
    public const int O_TMPFILE_BIT = 0x400000;

    /// <summary>Every flag <c>open</c> knows; <c>open</c> ignores others and <c>openat2</c> refuses them (VALID_OPEN_FLAGS).</summary>
    public const int Valid = O_ACCMODE | O_CREAT | O_EXCL | O_NOCTTY | O_TRUNC | O_APPEND | O_NONBLOCK | O_SYNC | O_ASYNC | O_DIRECT | O_LARGEFILE
        | O_DIRECTORY | O_NOFOLLOW | O_NOATIME | O_CLOEXEC | O_PATH | O_TMPFILE;

    /// <summary>What <c>fcntl(F_SETFL)</c> can change (SETFL_MASK).</summary>
    public const int Settable = O_APPEND | O_NONBLOCK | O_ASYNC | O_DIRECT | O_NOATIME;
}
