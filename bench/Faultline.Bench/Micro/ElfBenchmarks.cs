using BenchmarkDotNet.Attributes;
using Faultline.Elf;
using Faultline.Elf.Layout;
using Faultline.Elf.Sources;
using Faultline.Elf.Symbols;

namespace Faultline.Bench.Micro;

/// <summary>Reading an ELF file that lies in memory: the C library's dynamic linker of this machine, which every program starts with.</summary>
public class ElfBenchmarks
{
    private const string Path = "/lib64/ld-linux-x86-64.so.2";

    private MemoryElfSource _source = null!;

    /// <summary>Reads the file; where there is none, these benchmarks are reported as failed.</summary>
    [GlobalSetup]
    public void Setup() => _source = new MemoryElfSource(File.ReadAllBytes(Path));

    /// <summary>Checks headers and makes the plan by which it is mapped.</summary>
    [Benchmark]
    public ulong ReadLayout() =>
        ElfImageLayout.Create(Open(), ElfRole.Interpreter, out ElfError error)?.SpanLength ?? throw new InvalidOperationException(error.ToString());

    /// <summary>Reads and sorts its symbols.</summary>
    [Benchmark]
    public int ReadSymbols() => ElfSymbolTable.Read(Open()).Count;

    private ElfFile Open() => ElfFile.Open(_source, ElfRole.Interpreter, out ElfError error) ?? throw new InvalidOperationException(error.ToString());
}
