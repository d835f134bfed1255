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
        return Uncompared(code)?.Reason;
    }

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
