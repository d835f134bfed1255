using BenchmarkDotNet.Attributes;
using Faultline.Cpu;
using Faultline.Cpu.Interpreter;
using Faultline.Cpu.Translator;
using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace Faultline.Bench.Micro;

/// <summary>What is done once with guest code before it runs: decoding a block for the interpreter, translating a region to host code.</summary>
public class CodeBenchmarks : IDisposable
{
    /// <summary>Instructions of the block, the jump that ends it included.</summary>
    private const int Instructions = 32;

    /// <summary>Executions of a block that the builder of regions is told of: what counts as hot.</summary>
    private const long Heat = 1000;

    private GuestProgram _program = null!;
    private Processor _processor = null!;
    private BlockDecoder _decoder = null!;
    private RegionBuilder _regions = null!;

    /// <summary>Writes the block: what compilers emit most, in registers and memory, integer and SSE.</summary>
    [GlobalSetup]
    public void Setup()
    {
        _program = new GuestProgram(a =>
        {
            Label start = a.CreateLabel();
            a.Label(ref start);
            for (int i = 0; i < (Instructions - 1) / 8; i++)
                Eight(a);
            for (int i = 0; i < (Instructions - 1) % 8; i++)
                a.nop();
            a.jmp(start);
        });
        _processor = new Processor(_program.Memory, CpuModel.V2);
        _decoder = new BlockDecoder(_program.Memory, CpuModel.V2, withHead: false);
        _regions = new RegionBuilder(_program.Memory, CpuModel.V2, _ => Heat, _ => []);
    }

    /// <summary>Decodes one block and binds its operations to handlers; the time is per instruction.</summary>
    [Benchmark(OperationsPerInvoke = Instructions)]
    public unsafe int DecodeBlock() => _decoder.Decode(_processor.State, GuestProgram.Code, out _).Length;

    /// <summary>Builds the region of the same block, a loop, and compiles it; the time is per instruction.</summary>
    [Benchmark(OperationsPerInvoke = Instructions)]
    public nint TranslateRegion()
    {
        Region region = _regions.Build(GuestProgram.Code) ?? throw new InvalidOperationException("the block cannot be translated");
        RegionTranslator.Compile(region);
        region.Operations.Dispose();
        return region.Code;
    }

    /// <summary>Frees what <see cref="Setup"/> made.</summary>
    [GlobalCleanup]
    public void Dispose()
    {
        GC.SuppressFinalize(this);
        _processor.Dispose();
        _program.Dispose();
    }

    private static void Eight(Assembler a)
    {
        a.mov(rax, __[rbx + (rcx * 8) + 16]);
        a.add(rax, rdx);
        a.lea(rsi, __[rax + 4]);
        a.mov(__[rdi + 8], esi);
        a.cmp(eax, 100);
        a.movzx(ecx, __byte_ptr[rsi]);
        a.movaps(xmm0, xmm1);
        a.addsd(xmm0, __[rdi]);
    }
}
