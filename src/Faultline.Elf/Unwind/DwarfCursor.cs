using System.Buffers.Binary;

namespace Faultline.Elf.Unwind;

/// <summary>
/// Reads DWARF data by address through a small window. A read past the end or of unreadable memory gives 0 and sets
/// <see cref="Failed"/>, which stays set until the next <see cref="Seek"/>.
/// </summary>
internal sealed class DwarfCursor
{
    /// <summary>Bytes read at a time unless said otherwise: entries of unwind tables are short and far apart.</summary>
    public const int DefaultWindow = 512;

    private readonly IMemoryReader _memory;
    private readonly byte[] _window;
    private ulong _windowStart;
    private int _windowLength;

    /// <summary>Reads from <paramref name="memory"/>, <paramref name="window"/> bytes at a time (at least 8).</summary>
    public DwarfCursor(IMemoryReader memory, int window = DefaultWindow)
    {
        _memory = memory;
        _window = new byte[window];
    }

    /// <summary>Address of the next byte.</summary>
    public ulong Position { get; private set; }

    /// <summary>First address that may not be read.</summary>
    public ulong End { get; private set; }

    /// <summary>Whether a read has failed since the last seek.</summary>
    public bool Failed { get; private set; }

    /// <summary>Whether nothing more can be read: at the end, or failed.</summary>
    public bool IsDone => Failed || Position >= End;

    /// <summary>Goes to an address and sets how far reads may go.</summary>
    public void Seek(ulong position, ulong end)
    {
        Position = position;
        End = end;
        Failed = false;
    }

    /// <summary>Passes over bytes.</summary>
    public void Skip(ulong count)
    {
        if (Position > End || count > End - Position)
        {
            Failed = true;
        }
        else
        {
            Position += count;
        }
    }

    /// <summary>Passes over a string and the NUL that ends it.</summary>
    public void SkipString()
    {
        while (U8() != 0)
        {
        }
    }

    /// <summary>One byte.</summary>
    public byte U8()
    {
        ReadOnlySpan<byte> bytes = Take(1);
        return bytes.Length == 0 ? (byte)0 : bytes[0];
    }

    /// <summary>Two bytes, unsigned.</summary>
    public ushort U16()
    {
        ReadOnlySpan<byte> bytes = Take(2);
        return bytes.Length == 0 ? (ushort)0 : BinaryPrimitives.ReadUInt16LittleEndian(bytes);
    }

    /// <summary>Four bytes, unsigned.</summary>
    public uint U32()
    {
        ReadOnlySpan<byte> bytes = Take(4);
        return bytes.Length == 0 ? 0 : BinaryPrimitives.ReadUInt32LittleEndian(bytes);
    }

    /// <summary>Eight bytes, unsigned.</summary>
    public ulong U64()
    {
        ReadOnlySpan<byte> bytes = Take(8);
        return bytes.Length == 0 ? 0 : BinaryPrimitives.ReadUInt64LittleEndian(bytes);
    }

    /// <summary>An unsigned LEB128 number; bits past 64 are dropped, and more than 16 bytes are a failure.</summary>
    public ulong Uleb() => Leb(out _, out _);

    /// <summary>A signed LEB128 number.</summary>
    public long Sleb()
    {
        ulong value = Leb(out int shift, out bool isNegative);
        return (long)(isNegative && shift < 64 ? value | (ulong.MaxValue << shift) : value);
    }

    private ulong Leb(out int shift, out bool isNegative)
    {
        const int LongestEncoding = 16;
        ulong value = 0;
        shift = 0;
        for (int i = 0; i < LongestEncoding; i++)
        {
            byte part = U8();
            if (shift < 64)
            {
                value |= (ulong)(part & 0x7f) << shift;
            }

            shift += 7;
            if ((part & 0x80) == 0)
            {
                isNegative = (part & 0x40) != 0;
                return value;
            }
        }

        Failed = true;
        isNegative = false;
        return 0;
    }

    private ReadOnlySpan<byte> Take(int count)
    {
        if (Failed || Position > End || End - Position < (ulong)count)
        {
            Failed = true;
            return default;
        }

        ulong offset = Position - _windowStart;
        if (offset >= (ulong)_windowLength || (ulong)_windowLength - offset < (ulong)count)
        {
            _windowStart = Position;
            _windowLength = Math.Clamp(_memory.Read(Position, _window), 0, _window.Length);
            offset = 0;
            if (_windowLength < count)
            {
                Failed = true;
                return default;
            }
        }

        Position += (ulong)count;
        return _window.AsSpan((int)offset, count);
    }
}
