using Faultline.Linux.Abi;
using static Faultline.Linux.Abi.Files.AtFlags;

namespace Faultline.Linux.Host.Linux;

// Making, removing and renaming entries.
internal sealed unsafe partial class LinuxHostFiles
{
    /// <inheritdoc/>
    public int MakeDirectory(int directory, string name, uint mode)
    {
        byte* path = stackalloc byte[NativePath.Size];
        return NativePath.TryEncode(name, path) ? Libc.Result(Libc.mkdirat(directory, path, mode)) : -Errno.ENAMETOOLONG;
    }

    /// <inheritdoc/>
    public int MakeNode(int directory, string name, uint mode, ulong device)
    {
        byte* path = stackalloc byte[NativePath.Size];
        return NativePath.TryEncode(name, path) ? Libc.Result(Libc.mknodat(directory, path, mode, device)) : -Errno.ENAMETOOLONG;
    }

    /// <inheritdoc/>
    public int MakeSymbolicLink(string target, int directory, string name)
    {
        byte* path = stackalloc byte[NativePath.Size];
        byte* text = stackalloc byte[NativePath.Size];
        return NativePath.TryEncode(name, path) && NativePath.TryEncode(target, text)
            ? Libc.Result(Libc.symlinkat(text, directory, path))
            : -Errno.ENAMETOOLONG;
    }

    /// <inheritdoc/>
    public int Link(int oldDirectory, string oldName, int newDirectory, string newName)
    {
        byte* from = stackalloc byte[NativePath.Size];
        byte* to = stackalloc byte[NativePath.Size];
        if (!NativePath.TryEncode(oldName, from) || !NativePath.TryEncode(newName, to))
            return -Errno.ENAMETOOLONG;
        if (oldName.Length > 0)
            return Libc.Result(Libc.linkat(oldDirectory, from, newDirectory, to, 0));
        NativePath.WriteHandlePath(oldDirectory, from);
        return Libc.Result(Libc.linkat(Libc.AT_FDCWD, from, newDirectory, to, AT_SYMLINK_FOLLOW));
    }

    /// <inheritdoc/>
    public int Remove(int directory, string name, bool isDirectory)
    {
        byte* path = stackalloc byte[NativePath.Size];
        return NativePath.TryEncode(name, path)
            ? Libc.Result(Libc.unlinkat(directory, path, isDirectory ? AT_REMOVEDIR : 0))
            : -Errno.ENAMETOOLONG;
    }

    /// <inheritdoc/>
    public int Rename(int oldDirectory, string oldName, int newDirectory, string newName, int flags)
    {
        byte* from = stackalloc byte[NativePath.Size];
        byte* to = stackalloc byte[NativePath.Size];
        if (!NativePath.TryEncode(oldName, from) || !NativePath.TryEncode(newName, to))
            return -Errno.ENAMETOOLONG;
        return (int)Libc.Result(Libc.syscall(HostCallNumbers.Renameat2, oldDirectory, (nint)from, newDirectory, (nint)to, flags));
    }
}
