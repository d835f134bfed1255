using System.Text;
using Faultline.Explain.Reports;

namespace Faultline.Explain.Tests.Reports;

/// <summary>Reports of failures whose causes are known.</summary>
public class CaseReportTests
{
    [Fact]
    public void AQuotedReportReadsAsIfItWereNotQuoted()
    {
        CrashReport report = Fixtures.Report("cases/kcfi-shutdown-quoted.txt");
        Assert.Equal(ReportKind.InvalidOpcode, report.Kind);
        Assert.Equal("xfrm4_dst_lookup.llvm.2597333927409562488", report.Frame.Symbol?.Name);
        Assert.Equal((0xacUL, 0xc0UL), (report.Frame.Symbol!.Offset, report.Frame.Symbol.Size));
        Assert.Equal((64, 42), (report.Frame.Code!.Bytes.Length, report.Frame.Code.MarkedIndex));
        Assert.Equal("6.16.0-rc7-next-20250723 #1 PREEMPT(voluntary)", report.KernelVersion);
        Assert.Equal(15, report.Trace.Count);
        Assert.Equal("shmem_destroy_inode+0x1e/0x40", report.Trace[0].Symbol?.ToString());
        Assert.Equal(7, report.Trace.Count(entry => entry.IsUnreliable));
        Assert.Equal(0x7fc43be4af2eUL, report.UserFrame?.InstructionPointer);
        Assert.Equal(1.091342, report.Timestamp);
    }

    [Theory]
    [InlineData("cases/kexec-warning.txt", "kernel/kexec_file.c:936", 89, 17, 0x2bfffb7f0UL, 2)]
    [InlineData("cases/kexec-warning-2.txt", "kernel/kexec_file.c:945", 0, 22, 0x13fffc760UL, 1)]
    [InlineData("cases/kexec-debug.txt", "kernel/kexec_file.c:945", 0, 0, 0x13fffc760UL, 2)]
    public void KexecIsAReportOfItsOwnBehindTheWarning(string name, string position, int modules, int entries, ulong value, int messages)
    {
        IReadOnlyList<CrashReport> reports = Fixtures.Reports(name);
        Assert.Equal([ReportKind.Warning, ReportKind.Kexec], reports.Select(report => report.Kind));
        Assert.Equal(position, reports[0].SourcePosition);
        Assert.Equal(modules, reports[0].Modules.Count);
        Assert.Equal(entries, reports[0].Trace.Count);
        Assert.Equal(messages, reports[1].Kexec.Count);
        Assert.Equal((10u, value), (reports[1].Kexec[0].RelocationType, reports[1].Kexec[0].Value));
    }

    [Fact]
    public void ItaniumsRegistersAndTraceAreRead()
    {
        CrashReport report = Fixtures.Report("cases/ia64-null.txt");
        Assert.Equal((ReportKind.NullDereference, ReportArchitecture.Ia64), (report.Kind, report.Architecture));
        Assert.Equal(0x338UL, report.FaultAddress);
        Assert.Equal(11012296146944UL, report.ErrorCode);
        Assert.Equal(18, report.OopsNumber);
        Assert.Equal("sock_filter-v-X", report.Task);
        Assert.Equal("GBDW", string.Concat(report.Taint.Select(flag => flag.Letter)));
        Assert.Equal(0xa00000010008d1f1UL, report.Frame.InstructionPointer);
        Assert.Equal("ptrace_stop+0x2b1/0x860", report.Frame.Symbol?.ToString());
        Assert.Equal(0x338UL, report.Frame["r23"]);
        Assert.Equal(0xe00000010f2d5880UL, report.Frame["r12"]);
        Assert.Equal(0x800000000000040bUL, report.Frame["ifs"]);
        Assert.Equal(10, report.Trace.Count);
        Assert.Equal(0xe00000010f2d3738UL, report.Trace[0].BackingStorePointer);
        Assert.Equal(0xa000000100014d10UL, report.Trace[0].Address);
    }

    [Fact]
    public void APanicBehindAnOopsBelongsToIt()
    {
        CrashReport report = Fixtures.Report("cases/ia64-use-after-free.txt");
        Assert.Equal(ReportKind.PageFault, report.Kind);
        Assert.Equal(0xaaaaaaaaaaaaaab2UL, report.FaultAddress);
        Assert.Equal("swapper/0", report.Task);
        Assert.Equal(22, report.Trace.Count);
        Assert.Equal(0xaaaaaaaaaaaaaab2UL, report.Frame["r8"]);
        Assert.Contains(report.FaultDetails, line => line.Text.StartsWith("Kernel panic", StringComparison.Ordinal));
    }

    [Fact]
    public void APagePoisonDumpGivesItsBytes()
    {
        CrashReport report = Fixtures.Report("cases/ia64-page-poison.txt");
        Assert.Equal(ReportKind.PagePoison, report.Kind);
        MemoryDump dump = Assert.Single(report.Dumps);
        Assert.Equal((10 * 16) + 12, dump.Bytes.Length);
        // The pointers are hashed.
        Assert.Null(dump.Address);
        Assert.Equal((2, 12), (dump.Line, dump.LastLine));
        Assert.Contains("Exceeded MaxStartups\r\n", Encoding.ASCII.GetString(dump.Bytes.Span), StringComparison.Ordinal);
        Assert.Equal(12, report.Trace.Count);
        Assert.Equal("sshd", report.Task);
    }

    [Fact]
    public void PrintedTablesAreRead()
    {
        CrashReport report = Fixtures.Report("cases/ia64-arguments.txt");
        Assert.Equal(ReportKind.RegisterDump, report.Kind);
        Assert.Equal(12, report.Values.Count);
        Assert.Equal(new NamedValue("krbs", 0, 0x40a, 4), report.Values[0]);
        Assert.Equal(new NamedValue("args", 5, 0xbad4fed4, 15), report.Values[11]);
    }
}
