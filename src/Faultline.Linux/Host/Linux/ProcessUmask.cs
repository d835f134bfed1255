namespace Faultline.Linux.Host.Linux;

/// <summary>
/// The umask of this host process. It would be applied to files that guests make on top of their own: a program of its own, as the command is, gives it up and
/// starts the guest with it. A library leaves its host program's alone.
/// </summary>
internal static class ProcessUmask
{
    /// <summary>What the umask was before it was given up; null while it was not.</summary>
    public static uint? Taken { get; private set; }

    /// <summary>Gives it up for the rest of this process.</summary>
    public static void Take() => Taken ??= Libc.umask(0);
}
