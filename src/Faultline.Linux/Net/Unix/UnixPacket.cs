using Faultline.Linux.Abi.Net;
using Faultline.Linux.Vfs;

namespace Faultline.Linux.Net.Unix;

/// <summary>Bytes in a receive queue: one message, or part of a byte stream.</summary>
internal sealed class UnixPacket
{
    /// <summary>Room of a part of a byte stream that was made for less: what comes next joins it.</summary>
    private const int StreamRoom = 4096;

    private readonly byte[] _bytes;
    private int _start;
    private int _end;

    /// <summary>Copies bytes in.</summary>
    /// <param name="data">The bytes.</param>
    /// <param name="canGrow">Whether more may join it.</param>
    public UnixPacket(ReadOnlySpan<byte> data, bool canGrow)
    {
        _bytes = new byte[canGrow ? Math.Max(data.Length, StreamRoom) : data.Length];
        data.CopyTo(_bytes);
        _end = data.Length;
    }

    /// <summary>What has not been received yet.</summary>
    public ReadOnlySpan<byte> Data => _bytes.AsSpan(_start, _end - _start);

    /// <summary>The sender's ids, when either end wants them.</summary>
    public Ucred? Credentials { get; init; }

    /// <summary>Open files that come along, one reference each; null once they have been received.</summary>
    public OpenFile[]? Files { get; set; }

    /// <summary>The sender's name as an address; empty when it has none.</summary>
    public byte[] Sender { get; init; } = [];

    /// <summary>Whose send buffer it counts against until it is received; null in a byte stream.</summary>
    public UnixSocket? Owner { get; init; }

    /// <summary>What it counts there.</summary>
    public int Charge { get; init; }

    /// <summary>Shortens the message (a filter said how much to keep).</summary>
    public void Trim(int length) => _end = Math.Min(_end, _start + length);

    /// <summary>Forgets bytes that were received.</summary>
    public void Consume(int length) => _start += length;

    /// <summary>Appends as much as there is room for.</summary>
    public int Append(ReadOnlySpan<byte> data)
    {
        int length = Math.Min(data.Length, _bytes.Length - _end);
        data[..length].CopyTo(_bytes.AsSpan(_end));
        _end += length;
        return length;
    }

    /// <summary>Gives up the files that nobody received.</summary>
    public void Drop(UnixInFlight inFlight)
    {
        OpenFile[]? files = Files;
        Files = null;
        foreach (OpenFile file in files ?? [])
            inFlight.Land(file);
    }
}
