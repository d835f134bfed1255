namespace Faultline.Linux.Vfs;

/// <summary>
/// What a thread's present system call holds on to (fdget): another thread may close the descriptor or leave the directory meanwhile, and a host descriptor that is closed
/// then could be another file's by the time it is used. Used by its own thread only.
/// </summary>
internal sealed class Pins
{
    [ThreadStatic]
    private static Pins? t_current;

    private readonly List<OpenFile> _files = [];
    private readonly List<DirectoryNode> _directories = [];

    /// <summary>Those of the calling host thread; null when it runs no guest thread.</summary>
    public static Pins? Current
    {
        get => t_current;
        set => t_current = value;
    }

    /// <summary>Whether anything is held.</summary>
    public bool Any { get; private set; }

    /// <summary>Takes over a reference until the end of the call.</summary>
    public void Hold(OpenFile file)
    {
        _files.Add(file);
        Any = true;
    }

    /// <summary>Takes over a reference until the end of the call.</summary>
    public void Hold(DirectoryNode directory)
    {
        _directories.Add(directory);
        Any = true;
    }

    /// <summary>The call has ended.</summary>
    public void Release()
    {
        Any = false;
        foreach (OpenFile file in _files)
            file.Release();
        _files.Clear();
        foreach (DirectoryNode directory in _directories)
            directory.Release();
        _directories.Clear();
    }
}
