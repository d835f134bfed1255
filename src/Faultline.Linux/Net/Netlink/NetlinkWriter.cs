using System.Buffers;
using System.Buffers.Binary;

namespace Faultline.Linux.Net.Netlink;

/// <summary>Writes netlink messages: a header, fixed fields, attributes, all on multiples of 4.</summary>
/// <param name="sequence">nlmsg_seq of every message.</param>
/// <param name="port">nlmsg_pid.</param>
/// <param name="flags">nlmsg_flags.</param>
/// <param name="batch">Bytes after which messages go into another datagram.</param>
/// <param name="answers">Gets the datagrams.</param>
internal sealed class NetlinkWriter(uint sequence, uint port, ushort flags, int batch, Queue<byte[]> answers)
{
    private readonly ArrayBufferWriter<byte> _message = new();
    private readonly ArrayBufferWriter<byte> _datagram = new();
    private ushort _type;

    /// <summary>Starts a message.</summary>
    public void Begin(ushort type)
    {
        _type = type;
        _message.Clear();
    }

    /// <summary>Appends two bytes.</summary>
    public void Short(ushort value)
    {
        BinaryPrimitives.WriteUInt16LittleEndian(_message.GetSpan(sizeof(ushort)), value);
        _message.Advance(sizeof(ushort));
    }

    /// <summary>Appends four bytes.</summary>
    public void Int(int value)
    {
        BinaryPrimitives.WriteInt32LittleEndian(_message.GetSpan(sizeof(int)), value);
        _message.Advance(sizeof(int));
    }

    /// <summary>Appends bytes.</summary>
    public void Bytes(ReadOnlySpan<byte> bytes) => _message.Write(bytes);

    /// <summary>Appends an attribute.</summary>
    public void Attribute(ushort type, ReadOnlySpan<byte> value)
    {
        Short((ushort)(value.Length + 4));
        Short(type);
        Bytes(value);
        Pad(_message);
    }

    /// <summary>Appends an attribute of four bytes.</summary>
    public void Attribute(ushort type, int value)
    {
        Span<byte> bytes = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, value);
        Attribute(type, bytes);
    }

    /// <summary>Ends the message.</summary>
    public void End()
    {
        const int headerSize = 16;
        int length = headerSize + _message.WrittenCount;
        // The end of a list comes by itself, as from the kernel.
        const ushort done = 3;
        if (_datagram.WrittenCount > 0 && (_type == done || _datagram.WrittenCount + length > batch))
            Flush();
        Span<byte> header = _datagram.GetSpan(headerSize);
        BinaryPrimitives.WriteInt32LittleEndian(header, length);
        BinaryPrimitives.WriteUInt16LittleEndian(header[4..], _type);
        BinaryPrimitives.WriteUInt16LittleEndian(header[6..], flags);
        BinaryPrimitives.WriteUInt32LittleEndian(header[8..], sequence);
        BinaryPrimitives.WriteUInt32LittleEndian(header[12..], port);
        _datagram.Advance(headerSize);
        _datagram.Write(_message.WrittenSpan);
        Pad(_datagram);
    }

    /// <summary>Sends what is left.</summary>
    public void Flush()
    {
        if (_datagram.WrittenCount > 0)
            answers.Enqueue(_datagram.WrittenSpan.ToArray());
        _datagram.Clear();
    }

    private static void Pad(ArrayBufferWriter<byte> writer)
    {
        int padding = -writer.WrittenCount & 3;
        writer.GetSpan(4)[..padding].Clear();
        writer.Advance(padding);
    }
}
