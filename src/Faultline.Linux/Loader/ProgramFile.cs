using Faultline.Linux.Abi;
using Faultline.Linux.Abi.Files;
using Faultline.Linux.Kernel;
using Faultline.Linux.Vfs;

namespace Faultline.Linux.Loader;

/// <summary>Opening a file in order to execute it (do_open_execat, open_exec).</summary>
internal static class ProgramFile
{
    /// <summary>Opens a program by path.</summary>
    /// <param name="process">Whose root and current directory count.</param>
    /// <param name="path">The path, one char per byte.</param>
    /// <param name="file">The file with a reference for the caller.</param>
    /// <param name="status">Its status.</param>
    /// <returns>0 or a negative errno.</returns>
    public static int Open(Process process, string path, out OpenFile? file, out FileStatus status)
    {
        status = default;
        FsContext context = process.FileSystem;
        // A FIFO must not make us wait before we see that it is none of the files that can be executed.
        int result = context.Vfs.Open(context, context.Current, path, OpenFlags.O_RDONLY | OpenFlags.O_NONBLOCK | OpenFlags.O_NOCTTY, 0, out file);
        return result < 0 ? result : Check(ref file, out status);
    }

    /// <summary>Checks that an open file may be executed; releases it when not.</summary>
    public static int Check(ref OpenFile? file, out FileStatus status)
    {
        int result = file!.Stat(out status);
        if (result == 0 && !status.IsRegular)
            result = -Errno.EACCES;
        if (result == 0)
            result = file.Access(AtFlags.X_OK, effective: true);
        if (result == 0)
            return 0;
        file.Release();
        file = null;
        return result;
    }
}
