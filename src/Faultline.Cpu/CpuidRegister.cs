namespace Faultline.Cpu;

/// <summary>The registers that CPUID answers in.</summary>
internal enum CpuidRegister : byte
{
    Eax,
    Ebx,
    Ecx,
    Edx,
}
