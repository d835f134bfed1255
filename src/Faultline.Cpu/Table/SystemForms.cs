using Faultline.Cpu.Semantics.Integer;
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

        // Stack frames, wide exchanges, table look-up
        Code.Enterq_imm16_imm8 => Form.Whole(&StackFrame.Enter64),
        Code.Enterw_imm16_imm8 => Form.Whole(&StackFrame.Enter16),
        Code.Leaveq => Form.Whole(&StackFrame.Leave64),
        Code.Leavew => Form.Whole(&StackFrame.Leave16),
        Code.Cmpxchg8b_m64 => Form.Whole(&WideExchange.CompareExchange8Bytes),
        Code.Cmpxchg16b_m128 => Form.Whole(&WideExchange.CompareExchange16Bytes, CpuFeature.Cx16),
        Code.Xlat_m8 => Form.Whole(&WideExchange.Xlat),

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

        // State images
        Code.Xsave_mem => Form.Whole(&Xsave.Save32, CpuFeature.Xsave),
        Code.Xsave64_mem => Form.Whole(&Xsave.Save64, CpuFeature.Xsave),
        Code.Xsaveopt_mem => Form.Whole(&Xsave.SaveOptimized32, CpuFeature.Xsaveopt),
        Code.Xsaveopt64_mem => Form.Whole(&Xsave.SaveOptimized64, CpuFeature.Xsaveopt),
        Code.Xsavec_mem => Form.Whole(&Xsave.SaveCompacted32, CpuFeature.Xsavec),
        Code.Xsavec64_mem => Form.Whole(&Xsave.SaveCompacted64, CpuFeature.Xsavec),
        Code.Xrstor_mem => Form.Whole(&Xsave.Restore32, CpuFeature.Xsave),
        Code.Xrstor64_mem => Form.Whole(&Xsave.Restore64, CpuFeature.Xsave),
        Code.Ldmxcsr_m32 => Form.Whole(&Xsave.Ldmxcsr, CpuFeature.Sse),
        Code.Stmxcsr_m32 => Form.Whole(&Xsave.Stmxcsr, CpuFeature.Sse),

        // Ordering and caches; prefetches touch nothing and never fault
        Code.Lfence or Code.Lfence_E9 or Code.Lfence_EA or Code.Lfence_EB => Form.Whole(&Ordering.Fence, CpuFeature.Sse2),
        Code.Lfence_EC or Code.Lfence_ED or Code.Lfence_EE or Code.Lfence_EF => Form.Whole(&Ordering.Fence, CpuFeature.Sse2),
        Code.Mfence or Code.Mfence_F1 or Code.Mfence_F2 or Code.Mfence_F3 => Form.Whole(&Ordering.Fence, CpuFeature.Sse2),
        Code.Mfence_F4 or Code.Mfence_F5 or Code.Mfence_F6 or Code.Mfence_F7 => Form.Whole(&Ordering.Fence, CpuFeature.Sse2),
        Code.Sfence or Code.Sfence_F9 or Code.Sfence_FA or Code.Sfence_FB => Form.Whole(&Ordering.Fence, CpuFeature.Sse),
        Code.Sfence_FC or Code.Sfence_FD or Code.Sfence_FE or Code.Sfence_FF => Form.Whole(&Ordering.Fence, CpuFeature.Sse),
        Code.Serialize => Form.Whole(&Ordering.Fence, CpuFeature.Serialize, InstructionClass.Serialising),
        Code.Clflush_m8 => Form.Whole(&Ordering.FlushLine, CpuFeature.Clflush),
        Code.Clflushopt_m8 => Form.Whole(&Ordering.FlushLine, CpuFeature.Clflushopt),
        Code.Clwb_m8 => Form.Whole(&Ordering.FlushLine, CpuFeature.Clwb),
        Code.Prefetchnta_m8 or Code.Prefetcht0_m8 or Code.Prefetcht1_m8 or Code.Prefetcht2_m8 => Form.Plain(FormShape.Nop, feature: CpuFeature.Sse),
        Code.Prefetchit0_m8 or Code.Prefetchit1_m8 or Code.Cldemote_m8 => Form.Plain(FormShape.Nop),
        // 0F 0D executes on every 64-bit processor, whatever the PREFETCHW bit says (AMD APM vol. 3, PREFETCH: long mode suffices)
        Code.Prefetch_m8 or Code.Prefetchw_m8 or Code.Prefetchwt1_m8 => Form.Plain(FormShape.Nop),
        Code.Prefetchreserved3_m8 or Code.Prefetchreserved4_m8 or Code.Prefetchreserved5_m8 => Form.Plain(FormShape.Nop),
        Code.Prefetchreserved6_m8 or Code.Prefetchreserved7_m8 => Form.Plain(FormShape.Nop),
        Code.Movdiri_m32_r32 => Form.Plain(FormShape.Move, 4, CpuFeature.Movdiri),
        Code.Movdiri_m64_r64 => Form.Plain(FormShape.Move, 8, CpuFeature.Movdiri),

        // Segments
        Code.Mov_rm16_Sreg => Form.Whole(&Segments.Store16),
        Code.Mov_r32m16_Sreg or Code.Mov_r64m16_Sreg => Form.Whole(&Segments.Store),
        Code.Mov_Sreg_rm16 or Code.Mov_Sreg_r32m16 or Code.Mov_Sreg_r64m16 => Form.Whole(&Segments.Load),
        Code.Pushq_FS or Code.Pushq_GS => Form.Whole(&Segments.Push64),
        Code.Pushw_FS or Code.Pushw_GS => Form.Whole(&Segments.Push16),
        Code.Popq_FS or Code.Popq_GS => Form.Whole(&Segments.Pop64),
        Code.Popw_FS or Code.Popw_GS => Form.Whole(&Segments.Pop16),
        Code.Lss_r16_m1616 => Form.Whole(&Segments.Lss16),
        Code.Lss_r32_m1632 => Form.Whole(&Segments.Lss32),
        Code.Lss_r64_m1664 => Form.Whole(&Segments.Lss64),
        Code.Lfs_r16_m1616 => Form.Whole(&Segments.Lfs16),
        Code.Lfs_r32_m1632 => Form.Whole(&Segments.Lfs32),
        Code.Lfs_r64_m1664 => Form.Whole(&Segments.Lfs64),
        Code.Lgs_r16_m1616 => Form.Whole(&Segments.Lgs16),
        Code.Lgs_r32_m1632 => Form.Whole(&Segments.Lgs32),
        Code.Lgs_r64_m1664 => Form.Whole(&Segments.Lgs64),
        Code.Lar_r16_rm16 => Form.Whole(&Segments.Lar16),
        Code.Lar_r32_r32m16 or Code.Lar_r64_r64m16 => Form.Whole(&Segments.Lar),
        Code.Lsl_r16_rm16 => Form.Whole(&Segments.Lsl16),
        Code.Lsl_r32_r32m16 or Code.Lsl_r64_r64m16 => Form.Whole(&Segments.Lsl),
        Code.Verr_rm16 or Code.Verr_r32m16 or Code.Verr_r64m16 => Form.Whole(&Segments.Verr),
        Code.Verw_rm16 or Code.Verw_r32m16 or Code.Verw_r64m16 => Form.Whole(&Segments.Verw),
        Code.Sgdt_m1664 => Form.Whole(&Segments.Sgdt),
        Code.Sidt_m1664 => Form.Whole(&Segments.Sidt),
        Code.Sldt_rm16 => Form.Whole(&Segments.Sldt16),
        Code.Sldt_r32m16 or Code.Sldt_r64m16 => Form.Whole(&Segments.Sldt),
        Code.Str_rm16 => Form.Whole(&Segments.Str16),
        Code.Str_r32m16 or Code.Str_r64m16 => Form.Whole(&Segments.Str),
        Code.Smsw_rm16 => Form.Whole(&Segments.Smsw16),
        Code.Smsw_r32m16 => Form.Whole(&Segments.Smsw),
        Code.Smsw_r64m16 => Form.Whole(&Segments.Smsw64),
        Code.Rdfsbase_r32 => Form.Whole(&Segments.ReadFsBase32, CpuFeature.Fsgsbase),
        Code.Rdfsbase_r64 => Form.Whole(&Segments.ReadFsBase64, CpuFeature.Fsgsbase),
        Code.Rdgsbase_r32 => Form.Whole(&Segments.ReadGsBase32, CpuFeature.Fsgsbase),
        Code.Rdgsbase_r64 => Form.Whole(&Segments.ReadGsBase64, CpuFeature.Fsgsbase),
        Code.Wrfsbase_r32 => Form.Whole(&Segments.WriteFsBase32, CpuFeature.Fsgsbase),
        Code.Wrfsbase_r64 => Form.Whole(&Segments.WriteFsBase64, CpuFeature.Fsgsbase),
        Code.Wrgsbase_r32 => Form.Whole(&Segments.WriteGsBase32, CpuFeature.Fsgsbase),
        Code.Wrgsbase_r64 => Form.Whole(&Segments.WriteGsBase64, CpuFeature.Fsgsbase),

        // For privilege level 0: #GP(0)
        Code.Hlt or Code.Cli or Code.Sti or Code.Clts or Code.Invd or Code.Wbinvd => Form.Whole(&Faults.Privileged),
        Code.Rdmsr or Code.Wrmsr or Code.Rdpmc or Code.Swapgs => Form.Whole(&Faults.Privileged),
        Code.Invlpg_m => Form.Whole(&Faults.Privileged),
        Code.In_AL_imm8 or Code.In_AX_imm8 or Code.In_EAX_imm8 or Code.In_AL_DX or Code.In_AX_DX or Code.In_EAX_DX => Form.Whole(&Faults.Privileged),
        Code.Out_imm8_AL or Code.Out_imm8_AX or Code.Out_imm8_EAX or Code.Out_DX_AL or Code.Out_DX_AX or Code.Out_DX_EAX => Form.Whole(&Faults.Privileged),
        Code.Insb_m8_DX or Code.Insw_m16_DX or Code.Insd_m32_DX or Code.Outsb_DX_m8 or Code.Outsw_DX_m16 or Code.Outsd_DX_m32 => Form.Whole(&Faults.Privileged),
        Code.Lmsw_rm16 or Code.Lmsw_r32m16 or Code.Lmsw_r64m16 or Code.Lgdt_m1664 or Code.Lidt_m1664 or Code.Lldt_rm16 => Form.Whole(&Faults.Privileged),
        Code.Lldt_r32m16 or Code.Lldt_r64m16 => Form.Whole(&Faults.Privileged),
        Code.Ltr_rm16 or Code.Ltr_r32m16 or Code.Ltr_r64m16 or Code.Mov_r64_cr or Code.Mov_cr_r64 or Code.Mov_r64_dr => Form.Whole(&Faults.Privileged),
        Code.Mov_dr_r64 => Form.Whole(&Faults.Privileged),
        Code.Xsetbv => Form.Whole(&Faults.Privileged, CpuFeature.Xsave),
        Code.Sysretd or Code.Sysretq or Code.Sysexitd or Code.Sysexitq => Form.Whole(&Faults.Privileged, type: InstructionClass.System),
        _ => default,
    };
}
