using Faultline.Cpu.Table;
using Iced.Intel;

namespace Faultline.Cpu.Tests.Differential;

/// <summary>Forms that are not compared with the host, each with its reason.</summary>
internal static class ExcludedForms
{
    /// <summary>Why a form of the table is not run natively, or null when it is.</summary>
    public static string? Reason(Code code)
    {
        InstructionForm form = InstructionTable.Lookup(code);
        OpCodeInfo info = code.ToOpCode();
        if (!info.Mode64)
            return "not in 64-bit mode";
        if (!GuestRunner.Model.Has(form.Feature))
            return $"the model lacks {form.Feature}";
        if (GuestRunner.Model.Effective(code) != code)
            return "means something else in the model";
        if (!HostFeatures.Has(form.Feature))
            return $"the host lacks {form.Feature}";
        if (info.Encoding is not (EncodingKind.Legacy or EncodingKind.VEX))
            return $"{info.Encoding} operands are not generated";
        return ByMnemonic(code.Mnemonic()) ?? ByCode(code);
    }

    private static string? ByMnemonic(Mnemonic mnemonic) => mnemonic switch
    {
        Mnemonic.Syscall or Mnemonic.Sysenter or Mnemonic.Int => "enters the host's kernel",
        Mnemonic.Cpuid or Mnemonic.Xgetbv => "says what processor it is",
        Mnemonic.Rdtsc or Mnemonic.Rdtscp or Mnemonic.Rdpmc => "reads a counter",
        Mnemonic.Rdrand or Mnemonic.Rdseed => "random",
        Mnemonic.Rdpid => "says which processor it runs on",
        Mnemonic.Rdfsbase or Mnemonic.Wrfsbase or Mnemonic.Wrgsbase => "FS is the host thread's own",
        Mnemonic.Xsave or Mnemonic.Xsave64 or Mnemonic.Xsavec or Mnemonic.Xsavec64 or Mnemonic.Xsaveopt or Mnemonic.Xsaveopt64
            or Mnemonic.Xrstor or Mnemonic.Xrstor64 => "the host's XCR0 has other components",
        Mnemonic.Iret or Mnemonic.Iretd or Mnemonic.Iretq or Mnemonic.Retf => "changes segments",
        Mnemonic.Sldt or Mnemonic.Str or Mnemonic.Smsw or Mnemonic.Sgdt or Mnemonic.Sidt => "shows the host's kernel (or faults, with UMIP)",
        Mnemonic.Lar or Mnemonic.Lsl or Mnemonic.Verr or Mnemonic.Verw => "shows the host's descriptor tables",
        Mnemonic.Lfs or Mnemonic.Lgs or Mnemonic.Lss => "changes segments",
        // Exception type 4 asks for alignment (SDM vol. 2, SHA1MSG1). SSE4a tells AMD.
        >= Mnemonic.Sha1msg1 and <= Mnemonic.Sha256rnds2 when HostFeatures.Has(CpuFeature.Sse4a) => "takes misaligned memory on AMD's processors",
        Mnemonic.Int1 => "a hypervisor may leave RIP at it instead of after it",
        Mnemonic.Clzero or Mnemonic.Monitor or Mnemonic.Mwait => "differs between vendors",
        _ => null,
    };

    private static string? ByCode(Code code)
    {
        if (code is Code.Mov_r64_cr or Code.Mov_r64_dr or Code.Mov_cr_r64 or Code.Mov_dr_r64)
            return "control and debug registers are not generated";
        OpCodeInfo info = code.ToOpCode();
        if (info.OpCount > 0 && info.Op0Kind is OpCodeOperandKind.seg_reg or OpCodeOperandKind.fs or OpCodeOperandKind.gs)
        {
            if (code.Mnemonic() is Mnemonic.Mov or Mnemonic.Pop)
                return "changes segments";
        }
        for (int i = 0; i < info.OpCount; i++)
        {
            if (info.GetOpKind(i) is OpCodeOperandKind.farbr4_2 or OpCodeOperandKind.farbr2_2)
                return "changes segments";
        }
        if (code is Code.Reservednop_rm16_r16_0F0D or Code.Reservednop_rm32_r32_0F0D or Code.Reservednop_rm64_r64_0F0D)
            return "AMD raises #UD for the register form, Intel does nothing";
        if (code == Code.Movsxd_r16_rm16)
            return "AMD loads four bytes, Intel two";
        return code is Code.Jmp_m1616 or Code.Jmp_m1632 or Code.Jmp_m1664 or Code.Call_m1616 or Code.Call_m1632 or Code.Call_m1664 ? "changes segments" : null;
    }
}
