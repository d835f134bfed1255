using Faultline.Cpu.Profiling;
using Faultline.Cpu.State;
using Faultline.Memory;
using Iced.Intel;

namespace Faultline.Cpu.Tests;

/// <summary>A processor with one code page range and one data range, for tests that assemble a few instructions and run them.</summary>
internal sealed unsafe class GuestCode : IDisposable
{
    public const ulong CodeStart = 0x400000;
    public const ulong DataStart = 0x600000;
    public const ulong StackTop = 0x700000;

    private readonly FramePool _frames = new();

    public GuestCode(CpuModel? model = null, bool flatTables = true, ExecutionEngine engine = ExecutionEngine.Auto, ProcessorProfile? profile = null)
    {
        Memory = new AddressSpace(_frames, flatTables);
        Map(CodeStart, 0x10000, PageProtection.Read | PageProtection.Write | PageProtection.Execute);
        Map(DataStart, 0x10000, PageProtection.Read | PageProtection.Write);
        Map(StackTop - 0x10000, 0x10000, PageProtection.Read | PageProtection.Write);
        Processor = new Processor(Memory, model ?? CpuModel.V2, engine, profile);
        Processor.State->Rip = CodeStart;
        Processor.State->Gpr[4] = StackTop;
    }

    public AddressSpace Memory { get; }

    public Processor Processor { get; }

    public CpuState* State => Processor.State;

    public void Map(ulong start, ulong length, PageProtection protection) =>
        Memory.Map(new Mapping { Start = start, End = start + length, Protection = protection });

    /// <summary>Writes instructions at <see cref="CodeStart"/>, with a SYSCALL after them, and points RIP at them.</summary>
    public void Assemble(Action<Assembler> write)
    {
        Assembler assembler = new(64);
        write(assembler);
        assembler.syscall();
        // What follows in memory is zeros, which are instructions: no region shall go on with them.
        assembler.ud2();
        using MemoryStream stream = new();
        assembler.Assemble(new StreamCodeWriter(stream), CodeStart);
        WriteCode(stream.ToArray());
    }

    /// <summary>Writes instructions somewhere in the code range.</summary>
    public void WriteAt(ulong address, Action<Assembler> write)
    {
        Assembler assembler = new(64);
        write(assembler);
        using MemoryStream stream = new();
        assembler.Assemble(new StreamCodeWriter(stream), address);
        Assert.Equal((int)stream.Length, Memory.Write(address, stream.ToArray(), out _));
    }

    public void WriteCode(ReadOnlySpan<byte> code)
    {
        Assert.Equal(code.Length, Memory.Write(CodeStart, code, out _));
        State->Rip = CodeStart;
    }

    /// <summary>Assembles, runs to the SYSCALL and checks that nothing else stopped it.</summary>
    public void Run(Action<Assembler> write)
    {
        Assemble(write);
        Assert.Equal(ExitReason.SystemCall, Processor.Run());
    }

    public void Dispose()
    {
        Processor.Dispose();
        Memory.Dispose();
        _frames.Dispose();
    }
}
