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
        if (!IsGenerated(code))
            return $"{info.Encoding} operands are not generated";
        if (!HostFeatures.DecidesAlike && IsLeftOpen(code))
            return HostFeatures.DecidesOtherwise;
        return Uncompared(code)?.Reason;
    }

    /// <summary>
    /// Whether AMD's processors, whose choices are compared, decide otherwise than others: what REP with a count of 0 in ECX does to RCX, which fault of several a store or a call has, what a gather or a
    /// masked move has done when it faults, undefined flags of rotations, which NaN a sum of products has, how approximations are rounded.
    /// </summary>
    private static bool IsLeftOpen(Code code) => code.Mnemonic() switch
    {
        Mnemonic.Movsb or Mnemonic.Movsw or Mnemonic.Movsq or Mnemonic.Stosb or Mnemonic.Stosw or Mnemonic.Stosd or Mnemonic.Stosq or Mnemonic.Lodsb or Mnemonic.Lodsw or Mnemonic.Lodsd or Mnemonic.Lodsq
            or Mnemonic.Scasb or Mnemonic.Scasw or Mnemonic.Scasd or Mnemonic.Scasq or Mnemonic.Cmpsb or Mnemonic.Cmpsw or Mnemonic.Cmpsq => true,
        Mnemonic.Movsd or Mnemonic.Cmpsd => code.ToOpCode().Encoding == EncodingKind.Legacy && code.ToOpCode().Table == OpCodeTableKind.Normal,
        Mnemonic.Call or Mnemonic.Rcl or Mnemonic.Rcr or Mnemonic.Vcvtps2ph => true,
        // Of MMX registers: whether a store that faults has cleared TOP.
        Mnemonic.Movd or Mnemonic.Movq or Mnemonic.Movntq => code is Code.Movd_rm32_mm or Code.Movq_rm64_mm or Code.Movq_mmm64_mm or Code.Movntq_m64_mm,
        Mnemonic.Fist or Mnemonic.Fistp or Mnemonic.Fisttp or Mnemonic.Fbstp or Mnemonic.Fst or Mnemonic.Fstp => true,
        Mnemonic.Dpps or Mnemonic.Dppd or Mnemonic.Vdpps or Mnemonic.Vdppd => true,
        Mnemonic.Maskmovq or Mnemonic.Maskmovdqu or Mnemonic.Vmaskmovdqu or Mnemonic.Vmaskmovps or Mnemonic.Vmaskmovpd or Mnemonic.Vpmaskmovd or Mnemonic.Vpmaskmovq => true,
        Mnemonic.Vgatherdps or Mnemonic.Vgatherdpd or Mnemonic.Vgatherqps or Mnemonic.Vgatherqpd or Mnemonic.Vpgatherdd or Mnemonic.Vpgatherdq or Mnemonic.Vpgatherqd or Mnemonic.Vpgatherqq => true,
        Mnemonic.Rcpps or Mnemonic.Rcpss or Mnemonic.Rsqrtps or Mnemonic.Rsqrtss or Mnemonic.Vrcpps or Mnemonic.Vrcpss or Mnemonic.Vrsqrtps or Mnemonic.Vrsqrtss => true,
        var mnemonic => IsTranscendental(mnemonic),
    };

    /// <summary>Whether an x87 instruction approximates: how it rounds and sets C1 is the processor's choice.</summary>
    public static bool IsTranscendental(Mnemonic mnemonic) =>
        mnemonic is Mnemonic.Fsin or Mnemonic.Fcos or Mnemonic.Fsincos or Mnemonic.Fptan or Mnemonic.Fpatan or Mnemonic.Fyl2x or Mnemonic.Fyl2xp1 or Mnemonic.F2xm1;

    /// <summary>Why a form is compared on no host, and the test that covers it instead, as class and method; null when it is compared wherever the host has it.</summary>
    public static (string Reason, string Test)? Uncompared(Code code) => ByMnemonic(code.Mnemonic()) ?? ByCode(code);

    /// <summary>Whether <see cref="InstructionGenerator"/> knows the form's encoding.</summary>
    public static bool IsGenerated(Code code) => code.ToOpCode().Encoding is EncodingKind.Legacy or EncodingKind.VEX;

    private static (string Reason, string Test)? ByMnemonic(Mnemonic mnemonic) => mnemonic switch
    {
        Mnemonic.Syscall => ("enters the host's kernel", "BasicTests.LoopSumsNumbers"),
        Mnemonic.Sysenter or Mnemonic.Int => ("enters the host's kernel", "SystemTests.Exits"),
        Mnemonic.Cpuid => ("says what processor it is", "CpuidTests.BitsAreTheFeatures"),
        Mnemonic.Xgetbv => ("says what processor it is", "UncomparedFormsTests.XgetbvShowsTheStateComponents"),
        Mnemonic.Rdtsc or Mnemonic.Rdtscp => ("reads a counter", "UncomparedFormsTests.CountersGoUpAndTheProcessorIsTheSame"),
        Mnemonic.Rdpmc => ("a host may let user code read its counters", "UncomparedFormsTests.PerformanceCountersArePrivileged"),
        Mnemonic.Rdpid => ("says which processor it runs on", "UncomparedFormsTests.CountersGoUpAndTheProcessorIsTheSame"),
        Mnemonic.Rdrand or Mnemonic.Rdseed => ("random", "UncomparedFormsTests.RandomNumbersSetTheCarry"),
        Mnemonic.Rdfsbase or Mnemonic.Wrfsbase => ("FS is the host thread's own", "UncomparedFormsTests.SegmentBases"),
        Mnemonic.Xsave or Mnemonic.Xsave64 or Mnemonic.Xsavec or Mnemonic.Xsavec64 or Mnemonic.Xsaveopt or Mnemonic.Xsaveopt64 =>
            ("the host's XCR0 has other components", "XsaveNativeTests.SavesAsNatively"),
        Mnemonic.Xrstor or Mnemonic.Xrstor64 => ("the host's XCR0 has other components", "XsaveNativeTests.RestoresAsNatively"),
        Mnemonic.Iret or Mnemonic.Iretd or Mnemonic.Iretq => ("changes segments", "FarTransferTests.IretqTakesAllFiveWords"),
        Mnemonic.Retf => ("changes segments", "FarTransferTests.FarReturn"),
        Mnemonic.Sldt or Mnemonic.Str or Mnemonic.Smsw or Mnemonic.Sgdt or Mnemonic.Sidt =>
            ("shows the host's kernel (or faults, with UMIP)", "UncomparedFormsTests.SystemRegistersShowWhatLinuxShows"),
        Mnemonic.Lar or Mnemonic.Lsl or Mnemonic.Verr or Mnemonic.Verw => ("shows the host's descriptor tables", "UncomparedFormsTests.Descriptors"),
        Mnemonic.Lfs or Mnemonic.Lgs or Mnemonic.Lss => ("changes segments", "UncomparedFormsTests.SegmentLoads"),
        Mnemonic.Ud0 or Mnemonic.Ud1 or Mnemonic.Ud2 => ("#UD by definition", "OpcodeTests.UndefinedInLongMode"),
        Mnemonic.Int1 => ("a hypervisor may leave RIP at it instead of after it", "SystemTests.Exits"),
        _ => null,
    };

    private static (string Reason, string Test)? ByCode(Code code)
    {
        OpCodeInfo info = code.ToOpCode();
        if (info.OpCount > 0 && info.Op0Kind is OpCodeOperandKind.seg_reg or OpCodeOperandKind.fs or OpCodeOperandKind.gs)
        {
            if (code.Mnemonic() is Mnemonic.Mov or Mnemonic.Pop)
                return ("changes segments", "UncomparedFormsTests.SegmentLoads");
        }
        if (code is Code.Reservednop_rm16_r16_0F0D or Code.Reservednop_rm32_r32_0F0D or Code.Reservednop_rm64_r64_0F0D)
            return ("AMD raises #UD for the register form, Intel does nothing", "UncomparedFormsTests.WhatVendorsDisagreeAboutIsAsOnIntel");
        if (code == Code.Movsxd_r16_rm16)
            return ("AMD loads four bytes, Intel two", "UncomparedFormsTests.WhatVendorsDisagreeAboutIsAsOnIntel");
        return code switch
        {
            Code.Jmp_m1616 or Code.Jmp_m1632 or Code.Jmp_m1664 => ("changes segments", "FarTransferTests.JumpThroughMemory"),
            Code.Call_m1616 or Code.Call_m1632 or Code.Call_m1664 => ("changes segments", "FarTransferTests.CallThroughMemoryPushesSelectorAndAddress"),
            _ => null,
        };
    }
}
