using Faultline.Cpu;
using Faultline.Cpu.Profiling;

namespace Faultline.Linux.Kernel;

/// <summary>Measures the processors of a kernel's threads. Called on the threads they belong to.</summary>
internal interface IProcessorObserver
{
    /// <summary>What processors count into.</summary>
    ExecutionProfile Profile { get; }

    /// <summary>A processor was made for the program that a process is about to run.</summary>
    void Made(Process process, Processor processor);

    /// <summary>A processor is about to be freed; its memory is still there.</summary>
    void Ending(Process process, Processor processor);
}
