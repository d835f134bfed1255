namespace Faultline.Linux.Host.Linux;

/// <summary>Random bytes from getrandom(2).</summary>
internal sealed unsafe class LinuxHostRandom : IHostRandom
{
    /// <inheritdoc/>
    public void Fill(Span<byte> buffer)
    {
        while (!buffer.IsEmpty)
        {
            nint n;
            fixed (byte* p = buffer)
                n = Libc.getrandom(p, (nuint)buffer.Length, 0);
            if (n > 0)
                buffer = buffer[(int)n..];
            else if (Libc.LastError() is not -Abi.Errno.EINTR and int error)
                throw new IOException("the host gives no random bytes: errno " + -error);
        }
    }
}
