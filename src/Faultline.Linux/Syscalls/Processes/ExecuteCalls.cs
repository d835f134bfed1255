using Faultline.Linux.Abi;
using Faultline.Linux.Abi.Files;
using Faultline.Linux.Kernel;
using Faultline.Linux.Loader;
using Faultline.Linux.Vfs;

namespace Faultline.Linux.Syscalls.Processes;

/// <summary>Ending and executing.</summary>
internal static class ExecuteCalls
{
    private const int PathMax = 4096;

    public static long Exit(Task task, in SyscallArguments a)
    {
        task.End((a.Int0 & 0xFF) << 8);
        return 0;
    }

    public static long ExitGroup(Task task, in SyscallArguments a)
    {
        task.Process.Exit((a.Int0 & 0xFF) << 8);
        return 0;
    }

    public static long Execve(Task task, in SyscallArguments a)
    {
        int result = task.Memory.ReadString(a.A0, PathMax, out string path);
        if (result < 0)
            return result;
        return Execute(task, path, null, a.A1, a.A2);
    }

    public static long Execveat(Task task, in SyscallArguments a)
    {
        int flags = a.Int4;
        int result = task.Memory.ReadString(a.A1, PathMax, out string path);
        if (result < 0)
            return result;
        if ((flags & ~(AtFlags.AT_EMPTY_PATH | AtFlags.AT_SYMLINK_NOFOLLOW)) != 0)
            return -Errno.EINVAL;
        bool isRelative = path.Length == 0 || path[0] != '/';
        if (!isRelative || (a.Int0 == AtFlags.AT_FDCWD && path.Length != 0 && (flags & AtFlags.AT_SYMLINK_NOFOLLOW) == 0))
            return Execute(task, path, null, a.A2, a.A3);

        FsContext context = task.Process.FileSystem;
        OpenFile? file;
        if (path.Length == 0)
        {
            if ((flags & AtFlags.AT_EMPTY_PATH) == 0)
                return -Errno.ENOENT;
            file = task.Process.Files.Get(a.Int0);
            if (file is null)
                return -Errno.EBADF;
            result = file.Reopen(OpenFlags.O_RDONLY, out file);
        }
        else
        {
            DirectoryNode? start = a.Int0 == AtFlags.AT_FDCWD ? context.Current : task.Process.Files.Get(a.Int0)?.Directory;
            if (start is null)
                return task.Process.Files.Get(a.Int0) is null ? -Errno.EBADF : -Errno.ENOTDIR;
            int open = OpenFlags.O_RDONLY | OpenFlags.O_NONBLOCK | ((flags & AtFlags.AT_SYMLINK_NOFOLLOW) != 0 ? OpenFlags.O_NOFOLLOW : 0);
            result = context.Vfs.Open(context, start, path, open, 0, out file);
        }
        if (result < 0)
            return result;
        string name = a.Int0 == AtFlags.AT_FDCWD ? path : path.Length == 0 ? $"/dev/fd/{a.Int0}" : $"/dev/fd/{a.Int0}/{path}";
        return Execute(task, name, file, a.A2, a.A3);
    }

    private static long Execute(Task task, string path, OpenFile? file, ulong argv, ulong envp)
    {
        ulong budget = ArgumentLimits.Total(task.Process.Limits);
        int result = ReadStrings(task, argv, ref budget, out List<string> arguments);
        List<string> environment = [];
        if (result == 0)
            result = ReadStrings(task, envp, ref budget, out environment);
        if (result < 0)
        {
            file?.Release();
            return result;
        }
        ExecuteRequest request = new() { Path = path, Arguments = arguments, Environment = environment };
        ExecuteError error = task.Execute(request, file);
        if (error.Errno == 0)
            return 0;
        if (error.IsFatal)
            task.FailExecute(error);
        return -error.Errno;
    }

    /// <summary>Reads a NULL-terminated array of strings, as far as the limit on their size goes.</summary>
    private static int ReadStrings(Task task, ulong array, ref ulong budget, out List<string> strings)
    {
        strings = [];
        // Linux takes a null array for an empty one.
        if (array == 0)
            return 0;
        while (true)
        {
            if (!task.Memory.TryRead(array, out ulong address))
                return -Errno.EFAULT;
            if (address == 0)
                return 0;
            int result = task.Memory.ReadString(address, ArgumentLimits.MaxString, out string text);
            if (result < 0)
                return result == -Errno.ENAMETOOLONG ? -Errno.E2BIG : result;
            ulong size = (ulong)text.Length + 1 + sizeof(ulong);
            if (size > budget)
                return -Errno.E2BIG;
            budget -= size;
            strings.Add(text);
            array += sizeof(ulong);
        }
    }
}
