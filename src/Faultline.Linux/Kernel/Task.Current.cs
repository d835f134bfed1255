namespace Faultline.Linux.Kernel;

// Who is running.
internal sealed partial class Task
{
    [ThreadStatic]
    private static Task? _current;

    /// <summary>The task whose code the calling host thread runs, or null: what /proc/self means.</summary>
    public static Task? Current => _current;

    /// <summary>Makes the calling host thread stand for this task, for who calls the kernel without running guest code.</summary>
    public void MakeCurrent()
    {
        _current = this;
        Vfs.Pins.Current = Pins;
    }
}
