using Faultline.Linux.Kernel;
using Faultline.Linux.Vfs;

namespace Faultline.Linux.Syscalls.Files;

/// <summary>A descriptor's file for the length of one system call: another thread may close the descriptor meanwhile.</summary>
internal readonly ref struct FileUse : IDisposable
{
    private readonly OpenFile? _file;

    private FileUse(OpenFile? file) => _file = file;

    /// <summary>The file.</summary>
    public OpenFile File => _file!;

    /// <summary>The descriptor is not open, or names a file opened with O_PATH (fdget).</summary>
    public bool IsBad => _file is null || _file.IsPath;

    /// <summary>The descriptor is not open; O_PATH is allowed (fdget_raw).</summary>
    public bool IsClosed => _file is null;

    /// <summary>Looks a descriptor up.</summary>
    public static FileUse Of(Task task, int fd) => new(task.Process.Files.Acquire(fd));

    /// <summary>Gives the file up.</summary>
    public void Dispose() => _file?.Release();
}
