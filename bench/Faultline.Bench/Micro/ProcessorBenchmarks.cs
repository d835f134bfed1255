using BenchmarkDotNet.Attributes;
using Faultline.Cpu;
using Faultline.Cpu.State;
using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace Faultline.Bench.Micro;

/// <summary>Executing guest code: the shortest path from one operation to the next, into memory, and out to the owner and back.</summary>
public unsafe class ProcessorBenchmarks : IDisposable
{
    private const int Iterations = 10_000;

    private GuestProgram _registers = null!;
    private GuestProgram _memory = null!;
    private GuestProgram _exit = null!;
    private GuestProgram _once = null!;
    private Processor _onRegisters = null!;
    private Processor _onMemory = null!;
    private Processor _onExit = null!;

    /// <summary>The engine: "Interpreter" or "Translator".</summary>
    [Params(nameof(ExecutionEngine.Interpreter), nameof(ExecutionEngine.Translator))]
    public string Engine { get; set; } = "";

    /// <summary>Writes the programs.</summary>
    [GlobalSetup]
    public void Setup()
    {
        _registers = new GuestProgram(a => Loop(a, Iterations, () =>
        {
            a.lea(rax, __[rax + rcx]);
            a.lea(rdx, __[rdx + rax]);
        }));
        _memory = new GuestProgram(a => Loop(a, Iterations, () =>
        {
            a.mov(rax, __[rbx]);
            a.mov(__[rbx + 8], rax);
        }));
        _once = new GuestProgram(a => Loop(a, 1, () =>
        {
            for (int i = 0; i < 16; i++)
                a.add(rax, __[rbx + (i * 8)]);
        }));
        _exit = new GuestProgram(_ => { });
        ExecutionEngine engine = Enum.Parse<ExecutionEngine>(Engine);
        _onRegisters = new Processor(_registers.Memory, CpuModel.V2, engine);
        _onMemory = new Processor(_memory.Memory, CpuModel.V2, engine);
        _onExit = new Processor(_exit.Memory, CpuModel.V2, engine);
    }

    /// <summary>A loop of four instructions on registers; the time is per instruction.</summary>
    [Benchmark(OperationsPerInvoke = 4 * Iterations)]
    public void ExecuteOnRegisters() => Execute(_onRegisters);

    /// <summary>A loop of four instructions, one a load and one a store; the time is per instruction.</summary>
    [Benchmark(OperationsPerInvoke = 4 * Iterations)]
    public void ExecuteOnMemory() => Execute(_onMemory);

    /// <summary>Into the guest, one SYSCALL, and out again.</summary>
    [Benchmark]
    public void EnterAndExit() => Execute(_onExit);

    /// <summary>A new processor that runs a loop for the first time, once round: it decodes it, and translates it where the engine is the translator.</summary>
    [Benchmark]
    public void ExecuteFirst()
    {
        using Processor processor = new(_once.Memory, CpuModel.V2, Enum.Parse<ExecutionEngine>(Engine));
        Execute(processor);
    }

    /// <summary>Frees what <see cref="Setup"/> made.</summary>
    [GlobalCleanup]
    public void Dispose()
    {
        GC.SuppressFinalize(this);
        foreach (Processor processor in (ReadOnlySpan<Processor>)[_onRegisters, _onMemory, _onExit])
            processor.Dispose();
        foreach (GuestProgram program in (ReadOnlySpan<GuestProgram>)[_registers, _memory, _exit, _once])
            program.Dispose();
    }

    private static void Loop(Assembler a, int iterations, Action body)
    {
        Label top = a.CreateLabel();
        a.mov(ecx, iterations);
        a.mov(rbx, GuestProgram.Data);
        a.Label(ref top);
        body();
        a.dec(ecx);
        a.jne(top);
    }

    private static void Execute(Processor processor)
    {
        processor.State->Rip = GuestProgram.Code;
        ExitReason reason = processor.Run();
        if (reason != ExitReason.SystemCall)
            throw new InvalidOperationException($"the guest left with {reason}");
    }
}
