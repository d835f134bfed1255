namespace Faultline.Linux.Host.Linux;

/// <summary>Terminals through ioctl(2). The structures named in the interface have one layout on x86-64 and arm64 hosts.</summary>
internal sealed unsafe class LinuxHostTerminal : IHostTerminal
{
    private const uint TCGETS = 0x5401;

    /// <summary>Bytes of the kernel's <c>struct termios</c> with 19 control characters.</summary>
    private const int TermiosSize = 36;

    /// <inheritdoc/>
    public bool IsTerminal(int handle)
    {
        byte* data = stackalloc byte[TermiosSize * 2];
        return Libc.ioctl(handle, TCGETS, data) == 0;
    }

    /// <inheritdoc/>
    public int Control(int handle, uint request, Span<byte> data)
    {
        fixed (byte* p = data)
            return Libc.Result(Libc.ioctl(handle, request, p));
    }

    /// <inheritdoc/>
    public int Control(int handle, uint request, long value) => Libc.Result(Libc.ioctl(handle, request, (void*)value));
}
