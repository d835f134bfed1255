namespace Faultline.Elf;

/// <summary>The Linux error numbers that execve(2) gives for a bad image. This room depends on no other, so it has its own.</summary>
internal static class ElfErrno
{
    /// <summary>Operation not permitted: what a wrong type of interpreter ends in.</summary>
    public const int EPERM = 1;

    /// <summary>Input/output error: a header that the file does not have in full.</summary>
    public const int EIO = 5;

    /// <summary>Exec format error.</summary>
    public const int ENOEXEC = 8;

    /// <summary>Out of memory: an interpreter segment beyond TASK_SIZE.</summary>
    public const int ENOMEM = 12;

    /// <summary>Bad address: a zero-filled tail in a page that the file does not reach.</summary>
    public const int EFAULT = 14;

    /// <summary>Invalid argument.</summary>
    public const int EINVAL = 22;

    /// <summary>Value too large: a mapping offset past the largest file.</summary>
    public const int EOVERFLOW = 75;

    /// <summary>Accessing a corrupted shared library: what a bad interpreter gives.</summary>
    public const int ELIBBAD = 80;
}
