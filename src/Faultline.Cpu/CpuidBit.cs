namespace Faultline.Cpu;

/// <summary>One bit by which CPUID says that a feature is there. A feature may have several; it is there when all are set.</summary>
/// <param name="Feature">The feature; <see cref="CpuFeature.Base"/> for what every model has.</param>
/// <param name="Leaf">EAX of the question.</param>
/// <param name="Subleaf">ECX of the question.</param>
/// <param name="Register">Where the answer is.</param>
/// <param name="Bit">Which bit of it.</param>
/// <param name="Name">Linux's names for it in /proc/cpuinfo, blank-separated; empty where Linux prints none.</param>
internal readonly record struct CpuidBit(CpuFeature Feature, uint Leaf, uint Subleaf, CpuidRegister Register, int Bit, string Name);
