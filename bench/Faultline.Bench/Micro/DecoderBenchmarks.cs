using BenchmarkDotNet.Attributes;
using Faultline.Cpu;
using Faultline.Cpu.Interpreter;
using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace Faultline.Bench.Micro;

/// <summary>Decoding a block and binding its operations to handlers, without running it.</summary>
public class DecoderBenchmarks : IDisposable
{
    /// <summary>Instructions of the block, the jump that ends it included.</summary>
    private const int Instructions = 32;

    private GuestProgram _program = null!;
    private Processor _processor = null!;
    private BlockDecoder _decoder = null!;

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
    }

    /// <summary>One block; the time is per instruction.</summary>
    [Benchmark(OperationsPerInvoke = Instructions)]
    public unsafe int DecodeBlock() => _decoder.Decode(_processor.State, GuestProgram.Code, out _).Length;

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
