using Faultline.Memory;
using Iced.Intel;

namespace Faultline.Cpu.Interpreter;

/// <summary>Feeds the decoder from guest memory a page at a time, marking each page it reads as code.</summary>
internal sealed unsafe class GuestCodeReader : CodeReader
{
    private readonly AddressSpace _memory;
    private byte* _page;
    private ulong _pageStart = ulong.MaxValue;

    /// <summary>Makes a reader of an address space.</summary>
    public GuestCodeReader(AddressSpace memory) => _memory = memory;

    /// <summary>Address of the next byte.</summary>
    public ulong Position { get; private set; }

    /// <summary>Why the last read failed.</summary>
    public MemoryFault Fault { get; private set; }

    /// <summary>Starts a new block: pages looked up before may have changed since.</summary>
    public void Begin(ulong address)
    {
        Position = address;
        _pageStart = ulong.MaxValue;
        Fault = MemoryFault.None;
    }

    /// <summary>Goes back to an address.</summary>
    public void Seek(ulong address) => Position = address;

    /// <summary>The next byte, or -1 when fetching it faults.</summary>
    public override int ReadByte()
    {
        ulong start = GuestPage.Floor(Position);
        if (start != _pageStart)
        {
            byte* host = _memory.Resolve(start, MemoryAccess.Execute, out MemoryFault fault);
            if (host is null || !_memory.MarkCode(start >> GuestPage.Shift))
            {
                Fault = fault;
                return -1;
            }
            _page = host;
            _pageStart = start;
        }
        return _page[Position++ & GuestPage.Mask];
    }
}
