namespace Faultline.Elf.Unwind;

/// <summary>Parses CIEs and FDEs of .eh_frame (LSB, "The .eh_frame section").</summary>
internal sealed class EntryParser
{
    private const int LongestAugmentation = 16;

    private readonly IMemoryReader _memory;
    private readonly PointerBases _bases;
    private readonly DwarfCursor _entry;
    private readonly DwarfCursor _common;
    private CommonEntry _lastCommon;
    private bool _hasLastCommon;

    /// <summary>Parses entries in <paramref name="memory"/>.</summary>
    public EntryParser(IMemoryReader memory, in PointerBases bases)
    {
        _memory = memory;
        _bases = bases;
        _entry = new DwarfCursor(memory);
        _common = new DwarfCursor(memory);
    }

    /// <summary>What an entry turned out to be.</summary>
    public enum Outcome
    {
        /// <summary>An FDE.</summary>
        Frame,

        /// <summary>A CIE.</summary>
        Common,

        /// <summary>The zero length that ends the section.</summary>
        Terminator,

        /// <summary>Its length is right, but something in it is malformed or not supported.</summary>
        Malformed,

        /// <summary>Its length cannot be read or leads out of the section.</summary>
        Broken,
    }

    /// <summary>Parses the entry at an address.</summary>
    /// <param name="address">Address of its length field.</param>
    /// <param name="end">End of the section.</param>
    /// <param name="frame">The FDE, when it is one.</param>
    /// <param name="next">Address of the entry after it, unless the outcome is Terminator or Broken.</param>
    public Outcome Parse(ulong address, ulong end, out FrameEntry frame, out ulong next)
    {
        frame = default;
        _entry.Seek(address, end);
        if (!TryReadLength(_entry, out next))
        {
            return Outcome.Broken;
        }

        if (next == 0)
        {
            return Outcome.Terminator;
        }

        ulong idAddress = _entry.Position;
        uint id = _entry.U32();
        if (_entry.Failed)
        {
            return Outcome.Malformed;
        }

        if (id == 0)
        {
            return Outcome.Common;
        }

        // An FDE holds the distance back to its CIE where a CIE holds 0.
        if (!TryGetCommon(idAddress - id, end, out frame.Common))
        {
            return Outcome.Malformed;
        }

        byte encoding = frame.Common.PointerEncoding;
        if (!PointerEncoding.TryRead(_entry, encoding, _bases, _memory, out frame.Start)
            || !PointerEncoding.TryReadPlain(_entry, encoding, out frame.Size))
        {
            return Outcome.Malformed;
        }

        if (frame.Common.HasAugmentationData)
        {
            _entry.Skip(_entry.Uleb());
        }

        frame.Instructions = _entry.Position;
        frame.InstructionsEnd = next;
        return _entry.Failed ? Outcome.Malformed : Outcome.Frame;
    }

    /// <summary>
    /// Reads a length and narrows the cursor to the entry. False when it leads out of the section; <paramref name="next"/> is the address
    /// after the entry, or 0 for the terminator.
    /// </summary>
    private static bool TryReadLength(DwarfCursor cursor, out ulong next)
    {
        const uint Extended = 0xffffffff;
        ulong end = cursor.End;
        ulong length = cursor.U32();
        if (length == Extended)
        {
            length = cursor.U64();
        }

        next = 0;
        if (cursor.Failed || length > end - cursor.Position)
        {
            return false;
        }

        if (length != 0)
        {
            next = cursor.Position + length;
            cursor.Seek(cursor.Position, next);
        }

        return true;
    }

    private bool TryGetCommon(ulong address, ulong end, out CommonEntry common)
    {
        if (!_hasLastCommon || _lastCommon.Address != address)
        {
            _hasLastCommon = TryParseCommon(address, end, out _lastCommon);
        }

        common = _lastCommon;
        return _hasLastCommon;
    }

    private bool TryParseCommon(ulong address, ulong end, out CommonEntry common)
    {
        common = new CommonEntry { Address = address, LsdaEncoding = PointerEncoding.DW_EH_PE_omit };
        _common.Seek(address, end);
        if (!TryReadLength(_common, out ulong next) || next == 0 || _common.U32() != 0)
        {
            return false;
        }

        byte version = _common.U8();
        if (version is not (1 or 3 or 4))
        {
            return false;
        }

        Span<byte> augmentation = stackalloc byte[LongestAugmentation];
        int length = 0;
        for (byte letter = _common.U8(); letter != 0; letter = _common.U8())
        {
            if (length == LongestAugmentation)
            {
                return false;
            }

            augmentation[length++] = letter;
        }

        if (version == 4)
        {
            // Address size and segment selector size; only flat 64-bit code is x86-64 user code.
            if (_common.U8() != 8 || _common.U8() != 0)
            {
                return false;
            }
        }

        common.CodeAlignment = _common.Uleb();
        common.DataAlignment = _common.Sleb();
        ulong column = version == 1 ? _common.U8() : _common.Uleb();
        if (_common.Failed || column >= RegisterSet.Count)
        {
            return false;
        }

        common.ReturnColumn = (byte)column;
        if (length != 0 && !TryReadAugmentation(augmentation[..length], ref common))
        {
            return false;
        }

        common.Instructions = _common.Position;
        common.InstructionsEnd = next;
        return !_common.Failed;
    }

    private bool TryReadAugmentation(ReadOnlySpan<byte> letters, ref CommonEntry common)
    {
        // Without 'z' there is no length to skip by, so that unknown data could not be passed over.
        if (letters[0] != (byte)'z')
        {
            return false;
        }

        common.HasAugmentationData = true;
        ulong size = _common.Uleb();
        ulong start = _common.Position;
        foreach (byte letter in letters[1..])
        {
            switch (letter)
            {
                case (byte)'L':
                    common.LsdaEncoding = _common.U8();
                    break;
                case (byte)'R':
                    common.PointerEncoding = _common.U8();
                    break;
                case (byte)'P':
                    byte encoding = _common.U8();
                    if (encoding == PointerEncoding.DW_EH_PE_aligned)
                    {
                        _common.Skip((0 - _common.Position) & 7);
                    }

                    // The personality routine is for throwing; only its size matters here.
                    if (encoding == PointerEncoding.DW_EH_PE_omit || !PointerEncoding.TryReadPlain(_common, encoding, out _))
                    {
                        return false;
                    }

                    break;
                case (byte)'S':
                    common.IsSignalFrame = true;
                    break;
                case (byte)'B':
                    // Return addresses signed with the B key, on AArch64; nothing to x86-64.
                    break;
                default:
                    // A letter that changes how the rest is read: refuse rather than misread.
                    return false;
            }
        }

        if (_common.Failed || _common.Position - start > size)
        {
            return false;
        }

        _common.Skip(size - (_common.Position - start));
        return true;
    }
}
