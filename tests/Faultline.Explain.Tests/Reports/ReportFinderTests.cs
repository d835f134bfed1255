using System.Diagnostics;
using System.Text;
using Faultline.Explain.Reports;

namespace Faultline.Explain.Tests.Reports;

/// <summary>The same report in every dress that logs and mails put on it.</summary>
public class ReportFinderTests
{
    private const string Name = "crash-reports/debian-6.1/null_write.txt";

    private static string Kernel => string.Join('\n', Fixtures.Text(Name).Split('\n').Where(line => line.StartsWith('[')));

    private static string Dress(Func<string, int, string> dress) => string.Join('\n', Kernel.Split('\n').Select(dress));

    private static void AssertSame(string text)
    {
        CrashReport plain = Fixtures.Report(Name);
        CrashReport report = Assert.Single(ReportFinder.Find(text));
        Assert.Equal(plain.Kind, report.Kind);
        Assert.Equal(plain.Frame.Symbol, report.Frame.Symbol);
        Assert.Equal(plain.Frame.Registers.Select(r => (r.Name, r.Value)), report.Frame.Registers.Select(r => (r.Name, r.Value)));
        Assert.Equal(plain.Frame.Code!.Bytes.ToArray(), report.Frame.Code!.Bytes.ToArray());
        Assert.Equal(plain.Trace.Select(entry => entry.Symbol), report.Trace.Select(entry => entry.Symbol));
        Assert.Equal(plain.KernelVersion, report.KernelVersion);
        Assert.Equal(plain.Taint, report.Taint);
        Assert.Equal(plain.FaultAddress, report.FaultAddress);
        Assert.Equal(plain.UserFrame!.Registers.Count, report.UserFrame!.Registers.Count);
    }

    [Fact]
    public void WithoutTimestamps() => AssertSame(Dress((line, _) => line[15..]));

    [Fact]
    public void WithCallerIds() => AssertSame(Dress((line, _) => $"{line[..14]}[   T88]{line[14..]}"));

    [Fact]
    public void WithCarriageReturnsAndBootNoise() => AssertSame("SeaBIOS\r\n\u001b[2J\u0001\ufffd\r\nBooting\r\n" + Kernel.Replace("\n", "\r\n", StringComparison.Ordinal));

    [Fact]
    public void FromTheJournal() => AssertSame(Dress((line, _) => $"Nov 21 10:00:00 host kernel: {line[15..]}"));

    [Fact]
    public void QuotedAtDifferentDepths() => AssertSame(Dress((line, i) => (i % 3) switch { 0 => "> ", 1 => ">> ", _ => "> > > " } + line));

    [Fact]
    public void WrappedByAMailProgram() => AssertSame(Dress((line, _) => Wrap(line)));

    [Fact]
    public void WithUnrelatedLinesBetween() => AssertSame(Dress((line, _) => $"{line}\n[    1.600000] usb 1-1: new high-speed USB device\nsystemd[1]: Started x."));

    [Fact]
    public void TwoTasksThatPrintAtOnceAreToldApartByTheirCallers()
    {
        string[] one = Kernel.Split('\n');
        string[] two = [.. Fixtures.Text("crash-reports/debian-6.1/uaf.txt").Split('\n').Where(line => line.StartsWith('['))];
        StringBuilder mixed = new();
        for (int i = 0; i < Math.Max(one.Length, two.Length); i++)
        {
            if (i < one.Length)
                mixed.Append($"{one[i][..14]}[  T100]{one[i][14..]}\n");
            if (i < two.Length)
                mixed.Append($"{two[i][..14]}[  T200]{two[i][14..]}\n");
        }
        IReadOnlyList<CrashReport> reports = ReportFinder.Find(mixed.ToString());
        Assert.Equal([ReportKind.GeneralProtection, ReportKind.NullDereference], reports.Select(report => report.Kind).Order());
        Assert.Equal([11, 17], reports.Select(report => report.Trace.Count).Order());
        Assert.All(reports, report => Assert.Empty(report.Notes));
    }

    [Fact]
    public void ProcessorsThatPrintAtOnceWithoutCallersAreToldApartByOrderAndSaySo()
    {
        IReadOnlyList<CrashReport> reports = Fixtures.Reports("qemu/6.1-cloud/chorus.txt");
        Assert.All(reports, report => Assert.Equal(ReportKind.Warning, report.Kind));
        CrashReport[] first = [.. reports.Where(report => report.FirstLine < 10)];
        Assert.Equal([0, 1], first.Select(report => report.Cpu).Order());
        CrashReport zero = first.Single(report => report.Cpu == 0);
        CrashReport one = first.Single(report => report.Cpu == 1);
        Assert.Equal((97, 98), (zero.Pid, one.Pid));
        Assert.Equal((0xffffd3e7003d3f10UL, 0xffffd3e700403f10UL), (zero.Frame["RSP"], one.Frame["RSP"]));
        Assert.Equal((0xffff8c708f800000UL, 0xffff8c708f900000UL), (zero.Frame["GS"], one.Frame["GS"]));
        Assert.NotEmpty(zero.Notes);
        Assert.NotEmpty(one.Notes);
    }

    [Fact]
    public void AnOffsetServesTheReportsOfItsBootAlone()
    {
        string panic = Fixtures.Text("crash-reports/kcfi-6.12/lkdtm_CORRUPT_STACK.txt");
        string warning = "[    0.5] x\n[    0.500000] WARNING: CPU: 1 PID: 45 at kernel/a.c:1 f+0x1/0x2\n[    0.500001] Call Trace:\n[    0.500002]  g+0x1/0x2\n";
        IReadOnlyList<CrashReport> reports = ReportFinder.Find(warning + panic + warning);
        Assert.Equal([0x7600000UL, 0x7600000UL, null], reports.Select(report => report.KernelOffset));
    }

    [Fact]
    public void AReportIsFoundBehindMegabytesOfLog()
    {
        const string noise = "[   10.000000] usb 1-1: new high-speed USB device number 2 using xhci_hcd, Product: fault-free device\n";
        StringBuilder text = new();
        while (text.Length < 32 << 20)
            text.Append(noise);
        text.Append(Kernel);
        Stopwatch watch = Stopwatch.StartNew();
        using StringReader reader = new(text.ToString());
        ReportScan scan = ReportFinder.Scan(reader);
        Assert.Equal(ReportKind.NullDereference, Assert.Single(scan.Reports).Kind);
        Assert.True(scan.Text.Sum(line => (long)line.Text.Length) <= ReportFinder.MaxText + 200);
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(60), watch.Elapsed.ToString());
    }

    [Fact]
    public void ALineWithoutEndTakesNoMemoryWithoutEnd()
    {
        using StringReader reader = new(new string('a', 40 << 20) + "\n" + Kernel);
        ReportScan scan = ReportFinder.Scan(reader);
        Assert.Single(scan.Reports);
        Assert.True(scan.Text[0].Text.Length <= 16 * 1024);
    }

    [Theory]
    [InlineData("")]
    [InlineData("WARNING: the file is old")]
    [InlineData("BUG: see the tracker")]
    [InlineData("Oops, I forgot the attachment")]
    [InlineData("lkdtm: Attempting bad read from freed memory\nSegmentation fault")]
    [InlineData("segment[0]: buf=0x00000000e8e38c55 bufsz=0x4000 mem=0x13fffb000 memsz=0x5000")]
    [InlineData("INFO: rcu is a synchronisation mechanism")]
    public void WhatIsNoReportIsNone(string text) => Assert.Empty(ReportFinder.Find(text));

    /// <summary>Breaks lines as mail programs do: at the last blank before column 74.</summary>
    private static string Wrap(string line)
    {
        StringBuilder wrapped = new();
        while (line.Length > 74)
        {
            int blank = line.LastIndexOf(' ', 74);
            if (blank < 20)
                break;
            wrapped.Append(line, 0, blank).Append('\n');
            line = line[(blank + 1)..];
        }
        return wrapped.Append(line).ToString();
    }
}
