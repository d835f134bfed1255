namespace Faultline.Linux.Fs.Pipe;

/// <summary>One page of a pipe (Linux's pipe_buffer).</summary>
/// <param name="bytes">At least a page, from the shared pool.</param>
/// <param name="isPacket">Written in packet mode: read as a whole.</param>
internal sealed class PipePage(byte[] bytes, bool isPacket)
{
    /// <summary>The page.</summary>
    public byte[] Bytes { get; } = bytes;

    /// <summary>Whether a read takes it whole and nothing beyond it.</summary>
    public bool IsPacket { get; } = isPacket;

    /// <summary>Where unread bytes start.</summary>
    public int Start { get; set; }

    /// <summary>How many there are.</summary>
    public int Length { get; set; }
}
