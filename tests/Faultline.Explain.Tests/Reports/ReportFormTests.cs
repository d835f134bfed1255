using Faultline.Explain.Reports;
using Faultline.Explain.Reports.Parsing;

namespace Faultline.Explain.Tests.Reports;

/// <summary>Forms of which no captured report is at hand, from the kernel's format strings.</summary>
public class ReportFormTests
{
    [Fact]
    public void ASegfaultNamesAddressPlaceAndMapping()
    {
        CrashReport report = Assert.Single(ReportFinder.Find(
            "[  5.1] x\n[   66.123456] prog name[1234]: segfault at 8 ip 00007f12345678ab sp 00007ffe00001000 error 6 in libc.so.6[288ab,7f1234540000+155000] likely on CPU 3 (core 3, socket 0)\n[   66.123457] Code: 0f 1f 44 00 00 <48> 89 07 c3"));
        Assert.Equal((ReportKind.UserFault, "prog name", 1234), (report.Kind, report.Task, report.Pid));
        Assert.Equal((8UL, 6UL), (report.FaultAddress, report.ErrorCode));
        Assert.Equal(0x7f12345678abUL, report.Frame.InstructionPointer);
        Assert.Equal(0x7ffe00001000UL, report.Frame["RSP"]);
        Assert.Equal(new UserMapping("libc.so.6", 0x288ab, 0x7f1234540000, 0x155000), report.UserMapping);
        Assert.Equal((9, 5), (report.Frame.Code!.Bytes.Length, report.Frame.Code.MarkedIndex));
    }

    [Theory]
    [InlineData("traps: a[7] general protection fault ip:401136 sp:7ffc0 error:0 in a[401000+1000]", 0x401136UL)]
    [InlineData("traps: a[7] trap invalid opcode ip:401136 sp:7ffc0 error:0 in a[401000+1000]", 0x401136UL)]
    [InlineData("a[7]: segfault at 0 ip (null) sp 00007ffc0 error 14", null)]
    public void TrapsOfProgramsAreRead(string line, ulong? address)
    {
        IReadOnlyList<CrashReport> reports = ReportFinder.Find(line);
        Assert.Equal(address, reports.Count == 0 ? null : reports[0].Frame.InstructionPointer);
    }

    [Fact]
    public void Arm64IsRead()
    {
        CrashReport report = Assert.Single(ReportFinder.Find(
            """
            [   10.000001] Unable to handle kernel NULL pointer dereference at virtual address 0000000000000010
            [   10.000002] Mem abort info:
            [   10.000003]   ESR = 0x0000000096000046
            [   10.000004] Internal error: Oops: 0000000096000046 [#1] SMP
            [   10.000005] Modules linked in: foo(O+)
            [   10.000006] CPU: 2 UID: 0 PID: 301 Comm: insmod Tainted: G           O       6.12.0 #1
            [   10.000007] Hardware name: linux,dummy-virt (DT)
            [   10.000008] pstate: 60400005 (nZCv daif +PAN -UAO -TCO -DIT -SSBS BTYPE=--)
            [   10.000009] pc : foo_init+0x18/0x1000 [foo]
            [   10.000010] lr : do_one_initcall+0x70/0x300
            [   10.000011] sp : ffff800082e3bb50
            [   10.000012] x29: ffff800082e3bb50 x28: 0000000000000000 x27: 0000000000000001
            [   10.000013] x2 : 0000000000000000 x1 : ffff0000c0a8e740 x0 : 0000000000000010
            [   10.000014] Call trace:
            [   10.000015]  foo_init+0x18/0x1000 [foo] (P)
            [   10.000016]  do_one_initcall+0x70/0x300
            [   10.000017]  el0_svc+0x38/0x140
            [   10.000018] Code: d2800020 f9400000 d503201f (b9000001)
            [   10.000019] ---[ end trace 0000000000000000 ]---
            """));
        Assert.Equal((ReportKind.NullDereference, ReportArchitecture.Arm64), (report.Kind, report.Architecture));
        Assert.Equal((0x10UL, 0x96000046UL), (report.FaultAddress, report.ErrorCode));
        Assert.Equal("foo_init+0x18/0x1000 [foo]", report.Frame.Symbol?.ToString());
        Assert.Equal((0x10UL, 0xffff800082e3bb50UL), (report.Frame["x0"], report.Frame["sp"]));
        Assert.Equal(3, report.Trace.Count);
        Assert.Equal((4, 12), (report.Frame.Code!.UnitSize, report.Frame.Code.MarkedIndex));
        Assert.False(report.Frame.IsUser);
        Assert.Equal("O+", report.Modules[0].Flags);
    }

    [Fact]
    public void LoongArchIsRead()
    {
        CrashReport report = Assert.Single(ReportFinder.Find(
            """
            [   10.000001] CPU 1 Unable to handle kernel paging request at virtual address 0000000000000000, era == 9000000000223d8c, ra == 9000000000223d80
            [   10.000002] Oops[#1]:
            [   10.000003] CPU: 1 PID: 90 Comm: sh Not tainted 6.6.0 #3
            [   10.000004] pc 9000000000223d8c ra 9000000000223d80 tp 900000010a3d0000 sp 900000010a3d3d10
            [   10.000005] a0 0000000000000000 a1 0000000000000001 a2 0000000000000002 a3 9000000001234560
            [   10.000006]    ra: 9000000000223d80 sysrq_handle_crash+0x10/0x28
            [   10.000007]   ERA: 9000000000223d8c sysrq_handle_crash+0x1c/0x28
            [   10.000008]  CRMD: 000000b0 (PLV0 -IE -DA +PG DACF=CC DACM=CC -WE)
            [   10.000009]  BADV: 0000000000000000
            [   10.000010] Call Trace:
            [   10.000011] [<9000000000223d8c>] sysrq_handle_crash+0x1c/0x28
            [   10.000012] [<9000000000224000>] __handle_sysrq+0xa0/0x1b0
            [   10.000013] Code: 4c000020  02800404 <29000180> 4c000020
            """));
        Assert.Equal((ReportKind.NullDereference, ReportArchitecture.LoongArch), (report.Kind, report.Architecture));
        Assert.Equal(0x9000000000223d8cUL, report.Frame.InstructionPointer);
        Assert.Equal("sysrq_handle_crash+0x1c/0x28", report.Frame.Symbol?.ToString());
        Assert.Equal((0x900000010a3d3d10UL, 1UL), (report.Frame["sp"], report.Frame["a1"]));
        Assert.Equal(2, report.Trace.Count);
        Assert.Equal(8, report.Frame.Code!.MarkedIndex);
    }

    [Fact]
    public void AnOldTraceHasAddressesAndSectionsOnOneLine()
    {
        CrashReport report = Assert.Single(ReportFinder.Find(
            """
            BUG: unable to handle kernel paging request at ffffc90000000000
            IP: [<ffffffff8123>] f+0x1/0x2
            Oops: 0000 [#1] SMP
            CPU: 0 PID: 1 Comm: a b: c Tainted: P        W  O 3.16.0-4-amd64 #1
            RIP: 0010:[<ffffffff81234567>]  [<ffffffff81234567>] f+0x10/0x20
            RSP: 0018:ffff88003fc03e00  EFLAGS: 00010246
            Stack:
             ffff88003fc03e00 0000000000000001 ffffffff81234567 0000000000000000
            Call Trace:
             <IRQ>  [<ffffffff81000001>] ? g+0x1/0x10
             [<ffffffff81000002>] h+0x2/0x10
             <EOI>  [<ffffffff81000003>] i+0x3/0x10 [m]
            Code: Bad RIP value.
            """));
        Assert.Equal(ReportKind.PageFault, report.Kind);
        Assert.Equal("a b: c", report.Task);
        Assert.Equal("PWO", string.Concat(report.Taint.Select(flag => flag.Letter)));
        Assert.Equal(0xffffffff81234567UL, report.Frame.InstructionPointer);
        Assert.Equal(4, report.StackWords.Count);
        Assert.Equal(["IRQ", "IRQ", null], report.Trace.Select(entry => entry.Section));
        Assert.Equal([true, false, false], report.Trace.Select(entry => entry.IsUnreliable));
        Assert.Equal("m", report.Trace[2].Symbol?.Module);
    }

    [Fact]
    public void EveryTaintLetterHasAMeaning()
    {
        TaintFlag[] all = [.. TaintLetters.All];
        // 20 bits; bit 0 has a letter for set and one for clear.
        Assert.Equal(21, all.Length);
        Assert.Equal(Enumerable.Range(0, 20), all.Select(flag => flag.Bit).Distinct().Order());
        Assert.Equal(-1, TaintLetters.Read("Q")[0].Bit);
    }

    [Theory]
    [InlineData("watchdog: BUG: soft lockup - CPU#3 stuck for 22s! [a:b:99]", nameof(ReportKind.SoftLockup), 3, 99)]
    [InlineData("NMI watchdog: Watchdog detected hard LOCKUP on cpu 5", nameof(ReportKind.HardLockup), 5, null)]
    [InlineData("INFO: task kworker/0:1:12 blocked for more than 120 seconds.", nameof(ReportKind.HungTask), null, 12)]
    [InlineData("rcu: INFO: rcu_preempt self-detected stall on CPU", nameof(ReportKind.RcuStall), null, null)]
    [InlineData("BUG: scheduling while atomic: sh/95/0x00000002", nameof(ReportKind.Atomicity), null, 95)]
    [InlineData("BUG: KASAN: slab-use-after-free in f+0x1/0x2", nameof(ReportKind.Sanitizer), null, null)]
    [InlineData("WARNING: kernel/a.c:12 at f+0x1/0x2, CPU#4: a/b/77", nameof(ReportKind.Warning), 4, 77)]
    [InlineData("WARNING: possible circular locking dependency detected", nameof(ReportKind.Lockdep), null, null)]
    [InlineData("mce: [Hardware Error]: CPU 7: Machine Check: 0 Bank 5: be00000000800400", nameof(ReportKind.MachineCheck), 7, null)]
    [InlineData("Oops: general protection fault, probably for non-canonical address 0xdead000000000100: 0000 [#1] SMP", nameof(ReportKind.GeneralProtection), null, null)]
    [InlineData("Oops: Oops: 0010 [#1] SMP NOPTI", nameof(ReportKind.Oops), null, null)]
    public void HeadersAreRecognised(string line, string kind, int? cpu, int? pid)
    {
        HeaderLine? header = HeaderParser.Read(line, 1);
        Assert.Equal((kind, cpu, pid), (header?.Kind.ToString(), header?.Cpu, header?.Pid));
    }
}
