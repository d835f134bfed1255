using Faultline.Memory;
using Iced.Intel;

namespace Faultline.Cpu.Interpreter;

/// <summary>Feeds the decoder from guest memory a page at a time, marking each page it reads as code.</summary>
internal sealed unsafe class GuestCodeReader : CodeReader
{
    private readonly AddressSpace _memory;
    private byte* _page;
    private ulong _pageStart = ulong.MaxValue;

    /// <summary>A byte could not be fetched since the last <see cref="Seek"/>.</summary>
    private bool _failed;

    /// <summary>This thread has waited since it read bytes after <see cref="Begin"/>, so that others may have stored to them.</summary>
    private bool _hasLetGo;

    /// <summary>Makes a reader of an address space.</summary>
    public GuestCodeReader(AddressSpace memory) => _memory = memory;

    /// <summary>Address of the next byte.</summary>
    public ulong Position { get; private set; }

    /// <summary>Why the last read failed.</summary>
    public MemoryFault Fault { get; private set; }

    /// <summary>Starts a new block: pages looked up before may have changed since.</summary>
    public void Begin(ulong address)
    {
        Seek(address);
        _pageStart = ulong.MaxValue;
        _hasLetGo = false;
        Fault = MemoryFault.None;
    }

    /// <summary>Goes back to an address.</summary>
    public void Seek(ulong address)
    {
        Position = address;
        _failed = false;
    }

    /// <summary>The next byte, or -1 when fetching it faults.</summary>
    public override int ReadByte()
    {
        ulong start = GuestPage.Floor(Position);
        if (_failed || (start != _pageStart && !Enter(start)))
        {
            // The decoder asks on. Another thread may have given the right to execute back meanwhile, but the instruction has missed this byte.
            _failed = true;
            return -1;
        }
        return _page[Position++ & GuestPage.Mask];
    }

    /// <summary>Whether some bytes are at an address. Those that were compared count as code.</summary>
    public bool Holds(ulong address, ReadOnlySpan<byte> text)
    {
        Begin(address);
        while (!text.IsEmpty)
        {
            if (Here(text.Length) is not { IsEmpty: false } here || !here.SequenceEqual(text[..here.Length]))
                return false;
            text = text[here.Length..];
            Position += (ulong)here.Length;
        }
        return true;
    }

    /// <summary>
    /// Reads bytes once more that have been read since <see cref="Begin"/>; false when they may be others now. What is decoded belongs to the bytes that it was decoded from: it
    /// must not be kept for others together with bytes that another thread has stored meanwhile.
    /// </summary>
    public bool TryReadAgain(ulong address, Span<byte> text)
    {
        Seek(address);
        while (!text.IsEmpty)
        {
            if (Here(text.Length) is not { IsEmpty: false } here)
                return false;
            here.CopyTo(text);
            text = text[here.Length..];
            Position += (ulong)here.Length;
        }
        return !_hasLetGo;
    }

    /// <summary>So many bytes at the position, or as many as its page has; none when they cannot be fetched.</summary>
    private ReadOnlySpan<byte> Here(int length)
    {
        ulong start = GuestPage.Floor(Position);
        if (start != _pageStart && !Enter(start))
            return default;
        int offset = (int)(Position & GuestPage.Mask);
        return new ReadOnlySpan<byte>(_page + offset, Math.Min(length, GuestPage.Size - offset));
    }

    private bool Enter(ulong start)
    {
        byte* host;
        bool waited, isMarked;
        do
        {
            host = _memory.Resolve(start, MemoryAccess.Execute, out MemoryFault fault);
            if (host is null)
            {
                Fault = fault;
                return false;
            }
            isMarked = _memory.MarkCode(start >> GuestPage.Shift, host, out waited);
            _hasLetGo |= waited && _pageStart != ulong.MaxValue;
        }
        while (waited || !isMarked);
        _page = host;
        _pageStart = start;
        return true;
    }
}
