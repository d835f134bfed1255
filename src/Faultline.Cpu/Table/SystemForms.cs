using Faultline.Cpu.Semantics.Machine;
using Iced.Intel;
using Form = Faultline.Cpu.Table.InstructionForm;

namespace Faultline.Cpu.Table;

/// <summary>Flags, identification, state, ordering, caches, segments, and everything that belongs to an operating system.</summary>
internal static unsafe class SystemForms
{
    /// <summary>The row of a form, or default.</summary>
    public static Form Lookup(Code code) => code switch
    {
        // RFLAGS
        Code.Clc => Form.Whole(&FlagOperations.Clc),
        Code.Stc => Form.Whole(&FlagOperations.Stc),
        Code.Cmc => Form.Whole(&FlagOperations.Cmc),
        Code.Cld => Form.Whole(&FlagOperations.Cld),
        Code.Std => Form.Whole(&FlagOperations.Std),
        Code.Lahf => Form.Whole(&FlagOperations.Lahf, CpuFeature.LahfSahf),
        Code.Sahf => Form.Whole(&FlagOperations.Sahf, CpuFeature.LahfSahf),
        Code.Pushfq => Form.Whole(&FlagOperations.Pushf64),
        Code.Pushfw => Form.Whole(&FlagOperations.Pushf16),
        Code.Popfq => Form.Whole(&FlagOperations.Popf64),
        Code.Popfw => Form.Whole(&FlagOperations.Popf16),

        // Identification, time, chance
        Code.Cpuid => Form.Whole(&Identification.Cpuid, type: InstructionClass.Serialising),
        Code.Xgetbv => Form.Whole(&Identification.Xgetbv, CpuFeature.Xsave),
        Code.Rdtsc => Form.Whole(&Identification.Rdtsc),
        Code.Rdtscp => Form.Whole(&Identification.Rdtscp, CpuFeature.Rdtscp),
        Code.Rdpid_r32 or Code.Rdpid_r64 => Form.Whole(&Identification.Rdpid, CpuFeature.Rdpid),
        Code.Rdrand_r16 => Form.Whole(&Identification.Random16, CpuFeature.Rdrand),
        Code.Rdrand_r32 => Form.Whole(&Identification.Random32, CpuFeature.Rdrand),
        Code.Rdrand_r64 => Form.Whole(&Identification.Random64, CpuFeature.Rdrand),
        Code.Rdseed_r16 => Form.Whole(&Identification.Random16, CpuFeature.Rdseed),
        Code.Rdseed_r32 => Form.Whole(&Identification.Random32, CpuFeature.Rdseed),
        Code.Rdseed_r64 => Form.Whole(&Identification.Random64, CpuFeature.Rdseed),
        _ => default,
    };
}
