using Faultline.Linux.Abi;
using Faultline.Linux.Abi.Files;
using Faultline.Linux.Kernel;
using Faultline.Linux.Vfs;

namespace Faultline.Linux.Syscalls.Files;

/// <summary>A path argument with the directory descriptor it is relative to, held for the length of one system call.</summary>
internal readonly ref struct PathArgument : IDisposable
{
    private readonly OpenFile? _file;

    private PathArgument(Task task, string path, DirectoryNode start, OpenFile? file)
    {
        Context = task.Process.FileSystem;
        Path = path;
        Start = start;
        _file = file;
    }

    /// <summary>The process's place in the tree.</summary>
    public FsContext Context { get; }

    /// <summary>The tree.</summary>
    public VirtualFileSystem Vfs => Context.Vfs;

    /// <summary>The path; empty only when the call was asked to allow that.</summary>
    public string Path { get; }

    /// <summary>Where it starts when it is relative.</summary>
    public DirectoryNode Start { get; }

    /// <summary>
    /// The file itself when an empty path was given with AT_EMPTY_PATH and a descriptor; null for a path, and for AT_FDCWD, where
    /// <see cref="Path"/> is then "." .
    /// </summary>
    public OpenFile? File => Path.Length == 0 ? _file : null;

    /// <summary>Reads the path and finds the directory, with the errors in Linux's order.</summary>
    /// <param name="task">The caller.</param>
    /// <param name="directory">A descriptor or AT_FDCWD.</param>
    /// <param name="address">Guest address of the path.</param>
    /// <param name="argument">The result, to be disposed of.</param>
    /// <param name="allowEmpty">AT_EMPTY_PATH was given. A null pointer counts as empty then, as it does since Linux 6.11.</param>
    /// <returns>0, -EFAULT, -ENAMETOOLONG, -ENOENT, -EBADF, -ENOTDIR.</returns>
    public static int Get(Task task, int directory, ulong address, out PathArgument argument, bool allowEmpty = false)
    {
        argument = default;
        string path = "";
        if (address != 0 || !allowEmpty)
        {
            int result = task.Memory.ReadString(address, PathWalk.PathMax, out path);
            if (result < 0)
                return result;
        }
        if (path.Length == 0 && !allowEmpty)
            return -Errno.ENOENT;
        FsContext context = task.Process.FileSystem;
        if (path.StartsWith('/') || directory == AtFlags.AT_FDCWD)
        {
            argument = new PathArgument(task, path.Length == 0 ? "." : path, context.Current, null);
            return 0;
        }

        OpenFile? file = task.Process.Files.Acquire(directory);
        if (file is null)
            return -Errno.EBADF;
        if (file.Directory is null && path.Length != 0)
        {
            file.Release();
            return -Errno.ENOTDIR;
        }
        argument = new PathArgument(task, path, file.Directory ?? context.Current, file);
        return 0;
    }

    /// <summary>Gives the directory up.</summary>
    public void Dispose() => _file?.Release();
}
