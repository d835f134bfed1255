using Faultline.Explain.Reports;

namespace Faultline.Explain.Tests.Reports;

/// <summary>What real kernels printed on a serial line, read as far as it goes.</summary>
public class KernelReportTests
{
    private static string Taint(CrashReport report) => string.Concat(report.Taint.Select(flag => flag.Letter));

    [Fact]
    public void NullWriteDecodesWholly()
    {
        CrashReport report = Fixtures.Report("crash-reports/debian-6.1/null_write.txt");
        Assert.Equal(ReportKind.NullDereference, report.Kind);
        Assert.Equal(ReportArchitecture.X64, report.Architecture);
        Assert.Equal("BUG: kernel NULL pointer dereference, address: 0000000000000058", report.Title);
        Assert.Equal((3, 59), (report.FirstLine, report.LastLine));
        Assert.Equal(1.589067, report.Timestamp);
        Assert.Equal((0, 88, "init"), (report.Cpu, report.Pid, report.Task));
        Assert.Equal("6.1.0-56-cloud-amd64 #1  Debian 6.1.192-2", report.KernelVersion);
        Assert.StartsWith("QEMU Standard PC", report.Hardware);
        Assert.Equal("GOE", Taint(report));
        Assert.Equal("an unsigned module was loaded", report.Taint[2].Meaning);
        Assert.Equal(0x58UL, report.FaultAddress);
        Assert.Equal(2UL, report.ErrorCode);
        Assert.Equal(1, report.OopsNumber);
        Assert.Equal("null_write+0xc/0x20 [crashme]", report.Frame.Symbol?.ToString());
        Assert.Equal((ushort)0x10, report.Frame.CodeSelector);
        Assert.False(report.Frame.IsUser);
        Assert.Equal(17, report.Frame.Registers.Count);
        Assert.Equal(0xffff8f28c20956c0UL, report.Frame["R13"]);
        Assert.Equal(0xffffd1d4805b3c68UL, report.Frame["RSP"]);
        Assert.Equal(0x202UL, report.Frame["EFLAGS"]);
        Assert.Equal(0x750eb0UL, report.Frame["CR4"]);
        Assert.Equal(0x55555554UL, report.Frame["PKRU"]);
        Assert.Equal(0xffff8f28df400000UL, report.Frame["GS"]);
        Assert.Equal((64, 42), (report.Frame.Code!.Bytes.Length, report.Frame.Code.MarkedIndex));
        Assert.Equal(0xc7, report.Frame.Code.Bytes.Span[42]);
        Assert.Equal(11, report.Trace.Count);
        Assert.Equal("wr.cold", report.Trace[0].Symbol?.Name);
        Assert.Equal("TASK", report.Trace[0].Section);
        Assert.Equal(5, report.Trace.Count(entry => entry.IsUnreliable));
        Assert.Equal(0x47b7a0UL, report.UserFrame?.InstructionPointer);
        Assert.Equal(1UL, report.UserFrame?["ORIG_RAX"]);
        Assert.Equal(new ModuleReference("crashme", "OE"), Assert.Single(report.Modules));
        Assert.Null(report.KernelOffset);
    }

    [Theory]
    [InlineData("debian-6.1/gpf.txt", nameof(ReportKind.GeneralProtection), "level3+0x5/0x10 [crashme]", 14, 6, "GOE")]
    [InlineData("debian-6.1/uaf.txt", nameof(ReportKind.GeneralProtection), "uaf+0x4d/0xa0 [crashme]", 17, 11, "GOE")]
    [InlineData("debian-6.1/list_corrupt.txt", nameof(ReportKind.ListCorruption), "__list_del_entry_valid.cold+0x37/0x6f", 10, 3, "GOE")]
    [InlineData("debian-6.1/stack_smash.txt", nameof(ReportKind.StackProtector), null, 27, 23, "GOE")]
    [InlineData("kcfi-6.12/lkdtm_CFI_FORWARD_PROTO.txt", nameof(ReportKind.CfiFailure), "lkdtm_indirect_call+0x16/0x25", 8, 0, "")]
    [InlineData("kcfi-6.12/lkdtm_CORRUPT_STACK.txt", nameof(ReportKind.StackProtector), null, 10, 6, "")]
    [InlineData("kcfi-6.12/lkdtm_EXEC_NULL.txt", nameof(ReportKind.NullDereference), null, 8, 0, "")]
    [InlineData("kcfi-6.12/lkdtm_WARNING_MESSAGE.txt", nameof(ReportKind.Warning), "lkdtm_WARNING_MESSAGE+0x1e/0x30", 7, 0, "")]
    public void EveryCrashDecodes(string name, string kind, string? symbol, int entries, int unreliable, string taint)
    {
        CrashReport report = Fixtures.Report($"crash-reports/{name}");
        Assert.Equal(kind, report.Kind.ToString());
        Assert.Equal(ReportArchitecture.X64, report.Architecture);
        Assert.Equal(symbol, report.Frame.Symbol?.ToString());
        Assert.Equal(entries, report.Trace.Count);
        Assert.Equal(unreliable, report.Trace.Count(entry => entry.IsUnreliable));
        Assert.True(report.HasTaint);
        Assert.Equal(taint, Taint(report));
        Assert.Empty(report.Notes);
    }

    [Theory]
    [InlineData("kcfi-6.12/lkdtm_READ_AFTER_FREE.txt")]
    [InlineData("kcfi-6.12/lkdtm_SLAB_LINEAR_OVERFLOW.txt")]
    public void ALogWithoutAFaultHasNone(string name) => Assert.Empty(Fixtures.Reports($"crash-reports/{name}"));

    [Fact]
    public void TheHeaderOfAPageFaultBeatsCr2()
    {
        CrashReport report = Fixtures.Report("crash-reports/kcfi-6.12/lkdtm_EXEC_NULL.txt");
        Assert.Equal(0UL, report.FaultAddress);
        Assert.Equal(0xffffffffffffffd6UL, report.Frame["CR2"]);
        Assert.Equal(0x10UL, report.ErrorCode);
        Assert.Equal(0UL, report.Frame.InstructionPointer);
        Assert.Equal("Unable to access opcode bytes at 0xffffffffffffffd6.", report.Frame.Code?.Unreadable);
    }

    [Theory]
    [InlineData("debian-6.1/stack_smash.txt", 0x32000000UL)]
    [InlineData("kcfi-6.12/lkdtm_CORRUPT_STACK.txt", 0x7600000UL)]
    public void AKernelOffsetIsRead(string name, ulong offset) =>
        Assert.Equal(offset, Fixtures.Report($"crash-reports/{name}").KernelOffset);

    [Fact]
    public void ACfiFailureSaysWhoWhomAndWhatWasExpected()
    {
        CfiMismatch? cfi = Fixtures.Report("crash-reports/kcfi-6.12/lkdtm_CFI_FORWARD_PROTO.txt").Cfi;
        Assert.Equal("lkdtm_indirect_call+0x16/0x25", cfi?.Caller?.ToString());
        Assert.Equal("lkdtm_increment_int+0x0/0x1b", cfi?.Target?.ToString());
        Assert.Equal(0x4275f5a7u, cfi?.ExpectedType);
    }

    [Fact]
    public void AWarningKeepsItsMessageAndPosition()
    {
        CrashReport report = Fixtures.Report("crash-reports/kcfi-6.12/lkdtm_WARNING_MESSAGE.txt");
        Assert.Equal("drivers/misc/lkdtm/bugs.c:117", report.SourcePosition);
        Assert.Equal("Warning message trigger count: 1", report.FaultDetails[0].Text);
        Assert.Equal(3, report.FirstLine);
    }

    [Fact]
    public void AnAssertionBehindAListKeepsTheListAsItsTitle()
    {
        CrashReport report = Fixtures.Report("crash-reports/debian-6.1/list_corrupt.txt");
        Assert.StartsWith("list_del corruption. prev->next should be", report.Title);
        Assert.Equal("lib/list_debug.c:59", report.SourcePosition);
        Assert.Equal(1, report.OopsNumber);
        Assert.Equal(88, report.Pid);
    }

    [Fact]
    public void AUsersRegistersAreNoKernelFault()
    {
        CrashReport report = Fixtures.Report("crash-reports/debian-6.1/user_segv.txt");
        Assert.Equal(ReportKind.UserFault, report.Kind);
        Assert.True(report.Frame.IsUser);
        Assert.Equal(0x4165a7UL, report.Frame.InstructionPointer);
        Assert.Equal(0x3eUL, report.Frame["ORIG_RAX"]);
        Assert.Null(report.FaultAddress);
        Assert.Equal("", Taint(report));
        Assert.Null(report.UserFrame);
    }
}
