using Faultline.Memory;
using Iced.Intel;

namespace Faultline.Bench.Micro;

/// <summary>A few instructions in an address space of their own, with a page of data.</summary>
internal sealed class GuestProgram : IDisposable
{
    /// <summary>Address of the first instruction.</summary>
    public const ulong Code = 0x400000;

    /// <summary>Address of the data.</summary>
    public const ulong Data = 0x600000;

    private readonly FramePool _frames = new();

    /// <summary>Assembles instructions, and a SYSCALL after them.</summary>
    public GuestProgram(Action<Assembler> write)
    {
        Assembler assembler = new(64);
        write(assembler);
        assembler.syscall();
        using MemoryStream code = new();
        assembler.Assemble(new StreamCodeWriter(code), Code);
        Memory = new AddressSpace(_frames);
        Memory.Map(new Mapping
        {
            Start = Code,
            End = Code + 0x10000,
            Protection = PageProtection.Read | PageProtection.Write | PageProtection.Execute,
        });
        Memory.Map(new Mapping { Start = Data, End = Data + 0x10000, Protection = PageProtection.Read | PageProtection.Write });
        Memory.Write(Code, code.ToArray(), out MemoryFault fault);
        if (fault != MemoryFault.None)
            throw new InvalidOperationException($"the code does not fit: {fault}");
    }

    /// <summary>Where it lies.</summary>
    public AddressSpace Memory { get; }

    /// <inheritdoc/>
    public void Dispose()
    {
        Memory.Dispose();
        _frames.Dispose();
    }
}
