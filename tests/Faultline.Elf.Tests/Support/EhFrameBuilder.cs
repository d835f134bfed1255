using System.Buffers.Binary;
using Faultline.Elf.Unwind;

namespace Faultline.Elf.Tests.Support;

/// <summary>Writes .eh_frame entries at a known address, with any augmentation and pointer encoding.</summary>
internal sealed class EhFrameBuilder
{
    private readonly List<byte> _bytes = [];
    private byte _encoding;
    private bool _hasAugmentation;
    private int _common;

    public EhFrameBuilder(ulong address)
    {
        Address = address;
    }

    /// <summary>Address of the first byte.</summary>
    public ulong Address { get; }

    /// <summary>What was written.</summary>
    public byte[] Bytes => [.. _bytes];

    /// <summary>What DW_EH_PE_datarel is relative to.</summary>
    public ulong DataBase { get; set; }

    /// <summary>Code range and entry address of every FDE so far.</summary>
    public List<(ulong Start, ulong Entry)> Frames { get; } = [];

    /// <summary>A CIE; FDEs that follow point to it.</summary>
    public EhFrameBuilder Common(string augmentation, byte encoding, byte[] instructions, byte version = 1, byte[]? augmentationData = null)
    {
        _common = _bytes.Count;
        _encoding = encoding;
        _hasAugmentation = augmentation.StartsWith('z');
        List<byte> body = [0, 0, 0, 0, version, .. System.Text.Encoding.ASCII.GetBytes(augmentation), 0];
        if (version == 4)
        {
            body.AddRange([8, 0]);
        }

        body.AddRange([1, 0x78, 16]);
        if (_hasAugmentation)
        {
            augmentationData ??= augmentation.Contains('R', StringComparison.Ordinal) ? [encoding] : [];
            body.Add((byte)augmentationData.Length);
            body.AddRange(augmentationData);
        }

        body.AddRange(instructions);
        Append(body);
        return this;
    }

    /// <summary>An FDE of the last CIE.</summary>
    public EhFrameBuilder Frame(ulong start, ulong size, params byte[] instructions)
    {
        int at = _bytes.Count;
        Frames.Add((start, Address + (ulong)at));
        List<byte> body = [.. BitConverter.GetBytes(at + 4 - _common)];
        if (_encoding == PointerEncoding.DW_EH_PE_aligned)
        {
            while ((Address + (ulong)(at + 4 + body.Count)) % 8 != 0)
            {
                body.Add(0);
            }
        }

        ulong self = Address + (ulong)(at + 4 + body.Count);
        body.AddRange(Encode(start - (_encoding & 0x70) switch { 0x10 => self, 0x30 => DataBase, _ => 0UL }));
        body.AddRange(Encode(size));
        if (_hasAugmentation)
        {
            body.Add(0);
        }

        body.AddRange(instructions);
        Append(body);
        return this;
    }

    /// <summary>The zero length that ends a section.</summary>
    public EhFrameBuilder End()
    {
        _bytes.AddRange([0, 0, 0, 0]);
        return this;
    }

    /// <summary>An .eh_frame_hdr with a sorted index, for an address of its own.</summary>
    public byte[] Header(ulong address)
    {
        List<byte> bytes = [1, 0x1b, 0x03, 0x3b];
        bytes.AddRange(BitConverter.GetBytes((int)(Address - (address + 4))));
        bytes.AddRange(BitConverter.GetBytes(Frames.Count));
        foreach ((ulong start, ulong entry) in Frames.OrderBy(frame => frame.Start))
        {
            bytes.AddRange(BitConverter.GetBytes((int)(start - address)));
            bytes.AddRange(BitConverter.GetBytes((int)(entry - address)));
        }

        return [.. bytes];
    }

    private byte[] Encode(ulong value)
    {
        byte[] bytes = new byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, value);
        switch (_encoding & 0x0f)
        {
            case 1:
                return Uleb(value);
            case 9:
                return Sleb((long)value);
            default:
                return bytes[..PointerEncoding.SizeOf(_encoding)];
        }
    }

    /// <summary>Unsigned LEB128.</summary>
    public static byte[] Uleb(ulong value)
    {
        List<byte> bytes = [];
        do
        {
            bytes.Add((byte)((value & 0x7f) | (value > 0x7f ? 0x80UL : 0)));
            value >>= 7;
        }
        while (value != 0);
        return [.. bytes];
    }

    /// <summary>Signed LEB128.</summary>
    public static byte[] Sleb(long value)
    {
        List<byte> bytes = [];
        while (true)
        {
            byte part = (byte)(value & 0x7f);
            value >>= 7;
            if ((value == 0 && (part & 0x40) == 0) || (value == -1 && (part & 0x40) != 0))
            {
                bytes.Add(part);
                return [.. bytes];
            }

            bytes.Add((byte)(part | 0x80));
        }
    }

    private void Append(List<byte> body)
    {
        _bytes.AddRange(BitConverter.GetBytes(body.Count));
        _bytes.AddRange(body);
    }
}
