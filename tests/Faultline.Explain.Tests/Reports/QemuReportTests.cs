using Faultline.Explain.Reports;

namespace Faultline.Explain.Tests.Reports;

/// <summary>Reports of Debian's kernels, each made to fail in a way that is known (tests/reports/make-reports).</summary>
public class QemuReportTests
{
    // A function that ends in the call that fails is gone from the trace: its caller stands for it.
    [Theory]
    [InlineData("6.1-cloud/atomic_sleep", nameof(ReportKind.Atomicity), "provoke_atomic_sleep")]
    [InlineData("6.1-cloud/bad_page", nameof(ReportKind.PageFault), "provoke_bad_page")]
    [InlineData("6.1-cloud/bug", nameof(ReportKind.Bug), "provoke_bug")]
    [InlineData("6.1-cloud/divide", nameof(ReportKind.DivideError), "provoke_divide")]
    [InlineData("6.1-cloud/double_fault", nameof(ReportKind.DoubleFault), "provoke_double_fault")]
    [InlineData("6.1-cloud/double_free", nameof(ReportKind.Slab), "provoke_write")]
    [InlineData("6.1-cloud/exec_data", nameof(ReportKind.PageFault), "provoke_write")]
    [InlineData("6.1-cloud/gp", nameof(ReportKind.GeneralProtection), "provoke_gp")]
    [InlineData("6.1-cloud/hung_task", nameof(ReportKind.HungTask), "__wait_for_common")]
    [InlineData("6.1-cloud/init_on_free", nameof(ReportKind.NullDereference), "provoke_use_after_free")]
    [InlineData("6.1-cloud/int3", nameof(ReportKind.Trap), "provoke_int3")]
    [InlineData("6.1-cloud/interrupt", nameof(ReportKind.NullDereference), "provoke_null_read")]
    [InlineData("6.1-cloud/list_add", nameof(ReportKind.ListCorruption), "provoke_list_add")]
    [InlineData("6.1-cloud/list_del_twice", nameof(ReportKind.ListCorruption), "provoke_list_del_twice")]
    [InlineData("6.1-cloud/mid_instruction", nameof(ReportKind.InvalidOpcode), "provoke_mid_instruction")]
    [InlineData("6.1-cloud/null_exec", nameof(ReportKind.NullDereference), "provoke_write")]
    [InlineData("6.1-cloud/null_read", nameof(ReportKind.NullDereference), "provoke_null_read")]
    [InlineData("6.1-cloud/null_read_la57", nameof(ReportKind.NullDereference), "provoke_null_read")]
    [InlineData("6.1-cloud/null_write", nameof(ReportKind.NullDereference), "provoke_null_write")]
    [InlineData("6.1-cloud/panic", nameof(ReportKind.Panic), "provoke_panic")]
    [InlineData("6.1-cloud/rcu_stall", nameof(ReportKind.RcuStall), "provoke_rcu_stall")]
    [InlineData("6.1-cloud/red_zone", nameof(ReportKind.Slab), "provoke_write")]
    [InlineData("6.1-cloud/refcount", nameof(ReportKind.Warning), "refcount_warn_saturate")]
    [InlineData("6.1-cloud/soft_lockup", nameof(ReportKind.SoftLockup), "provoke_soft_lockup")]
    [InlineData("6.1-cloud/stack_overflow", nameof(ReportKind.DoubleFault), "deeper")]
    [InlineData("6.1-cloud/stack_smash", nameof(ReportKind.StackProtector), "provoke_stack_smash")]
    [InlineData("6.1-cloud/sysrq_crash", nameof(ReportKind.Panic), "sysrq_handle_crash")]
    [InlineData("6.1-cloud/use_after_free", nameof(ReportKind.GeneralProtection), "provoke_use_after_free")]
    [InlineData("6.1-cloud/user_exec", nameof(ReportKind.PageFault), "provoke_write")]
    [InlineData("6.1-cloud/user_read", nameof(ReportKind.PageFault), "provoke_user_read")]
    [InlineData("6.1-cloud/usercopy", nameof(ReportKind.Warning), "provoke_usercopy")]
    [InlineData("6.1-cloud/warn", nameof(ReportKind.Warning), "provoke_warn")]
    [InlineData("6.1-cloud/work", nameof(ReportKind.NullDereference), "provoke_null_write")]
    [InlineData("6.1-cloud/write_after_free", nameof(ReportKind.Slab), "provoke_write_after_free")]
    [InlineData("6.1-cloud/write_text", nameof(ReportKind.PageFault), "provoke_write_text")]
    [InlineData("6.1/page_poison", nameof(ReportKind.PagePoison), "provoke_page_poison")]
    [InlineData("6.12/bug", nameof(ReportKind.Bug), "provoke_bug")]
    [InlineData("6.12/gp", nameof(ReportKind.GeneralProtection), "provoke_gp")]
    [InlineData("6.12/kfence", nameof(ReportKind.Sanitizer), "provoke_kfence")]
    [InlineData("6.12/list_add", nameof(ReportKind.ListCorruption), "provoke_list_add")]
    [InlineData("6.12/mid_instruction", nameof(ReportKind.InvalidOpcode), "provoke_mid_instruction")]
    [InlineData("6.12/null_write", nameof(ReportKind.NullDereference), "provoke_null_write")]
    [InlineData("6.12/page_poison", nameof(ReportKind.PagePoison), "provoke_page_poison")]
    [InlineData("6.12/refcount", nameof(ReportKind.Warning), "refcount_warn_saturate")]
    [InlineData("6.12/stack_overflow", nameof(ReportKind.DoubleFault), "deeper")]
    [InlineData("6.12/sysrq_crash", nameof(ReportKind.Panic), "sysrq_handle_crash")]
    [InlineData("6.12/use_after_free", nameof(ReportKind.GeneralProtection), "provoke_use_after_free")]
    [InlineData("6.12/warn", nameof(ReportKind.Warning), "provoke_warn")]
    [InlineData("6.12/work", nameof(ReportKind.NullDereference), "provoke_null_write")]
    public void EveryWayToFailDecodes(string name, string kind, string? function)
    {
        CrashReport report = Fixtures.Reports($"qemu/{name}.txt")[0];
        Assert.Equal(kind, report.Kind.ToString());
        // What the allocator's guard prints has no registers: the functions of its trace tell the architecture.
        Assert.Equal(ReportArchitecture.X64, report.Architecture);
        if (report.KernelVersion is { } version)
            Assert.Contains(name.StartsWith("6.12", StringComparison.Ordinal) ? "6.12.95" : "6.1.0-56", version);
        if (function is not null)
        {
            IEnumerable<string?> seen = report.Trace.Select(entry => entry.Symbol?.Name).Prepend(report.Frame.Symbol?.Name);
            Assert.Contains(function, seen);
        }
    }

    [Theory]
    [InlineData("user_segv_read", 4UL, 0x401632UL)]
    [InlineData("user_write", 7UL, 0x40164eUL)]
    [InlineData("user_stack", 6UL, 0x4016f9UL)]
    [InlineData("user_general", 0UL, 0x4017a7UL)]
    [InlineData("user_privileged", 0UL, 0x4016b9UL)]
    [InlineData("user_opcode", 0UL, 0x4016cdUL)]
    [InlineData("user_divide", 0UL, 0x4016e4UL)]
    public void DyingProgramsDecode(string name, ulong error, ulong address)
    {
        CrashReport report = Fixtures.Report($"qemu/6.1-cloud/{name}.txt");
        Assert.Equal(ReportKind.UserFault, report.Kind);
        Assert.Equal("fail", report.Task);
        Assert.Equal(error, report.ErrorCode);
        Assert.Equal(address, report.Frame.InstructionPointer);
    }

    [Theory]
    [InlineData("6.1-cloud/oom")]
    [InlineData("6.1-cloud/all_cpus")]
    public void WhatOnlyTracesIsNoFault(string name) =>
        Assert.All(Fixtures.Reports($"qemu/{name}.txt"), report => Assert.Equal(ReportKind.Trace, report.Kind));

    [Fact]
    public void ABootWithoutAFaultHasNoReport() => Assert.Empty(Fixtures.Reports("qemu/6.1/page_poison_init.txt"));
}
