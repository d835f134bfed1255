namespace Faultline.Linux.Host;

/// <summary>Terminals of the host. The bytes are the Linux structures of the ioctl named; every call returns 0 or a negative errno.</summary>
internal interface IHostTerminal
{
    /// <summary>Whether a handle is a terminal.</summary>
    bool IsTerminal(int handle);

    /// <summary>
    /// Carries out a terminal ioctl whose argument is a structure: the host reads or writes <paramref name="data"/>
    /// (TCGETS, TCSETS*, TIOCGWINSZ, TIOCSWINSZ, TIOCGPGRP, TIOCSPGRP, TIOCGSID, FIONREAD, TIOCOUTQ).
    /// </summary>
    int Control(int handle, uint request, Span<byte> data);

    /// <summary>Carries out a terminal ioctl whose argument is a number (TCSBRK, TCXONC, TCFLSH).</summary>
    int Control(int handle, uint request, long value);
}
