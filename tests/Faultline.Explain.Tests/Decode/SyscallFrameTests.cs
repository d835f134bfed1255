using Faultline.Explain.Decode;
using Faultline.Explain.Decode.Syscalls;
using Faultline.Explain.Findings;
using Faultline.Explain.Reports;

namespace Faultline.Explain.Tests.Decode;

/// <summary>Register frames of system calls.</summary>
public class SyscallFrameTests
{
    private const string Case = "cases/ia64-arguments.txt";

    // A whole frame of BREAK from the C library's wrapper: nine registers, one local.
    private const string Break =
        """
        ifs : 8000000000000089 ip  : [<a000000000040721>]
        bsps: 60000ffffff90050
        r8  : 0000000000000002 r10 : ffffffffffffffff r12 : 60000fffffbf3a50 r15 : 000000000000040a
        r32 : 000000000000040a r33 : 2000000800122590 r34 : 00000000bad1fed1 r35 : 00000000bad2fed2
        r36 : 00000000bad3fed3 r37 : 00000000bad4fed4 r38 : 00000000bad5fed5
        """;

    private static string[] Arguments(Decoded decoded) => [.. decoded.Fields.Where(field => field.Name.StartsWith("entry.args", StringComparison.Ordinal)).Select(field => field.Value)];

    [Fact]
    public void AFrameOfBreakReadAsOneOfEpcIsFlagged()
    {
        Decoded decoded = Decoding.Frame("ia64-epc", Fixtures.Text(Case));
        Assert.Equal("1034", decoded.Field("entry.nr"));
        Assert.Equal("0x40a", Arguments(decoded)[0]);
        Finding finding = Assert.Single(decoded.Findings);
        Assert.Equal("syscall-frame-shifted", finding.Id);
        Assert.Equal(Confidence.Certain, finding.Confidence);
        Assert.Contains("5 of the following values", finding.Evidence[1].Text);
    }

    [Fact]
    public void ReadByItsOwnLayoutItGivesTheArguments()
    {
        Decoded decoded = Decoding.Frame("ia64-break", Break);
        Assert.Contains("chdir", decoded.Title);
        Assert.Equal(["0x2000000800122590", "0xbad1fed1", "0xbad2fed2", "0xbad3fed3", "0xbad4fed4", "0xbad5fed5"], Arguments(decoded));
        Assert.Equal("-2", decoded.Field("exit.rval"));
        Assert.Equal("-ENOENT", decoded.Meaning("exit.rval"));
        Assert.Equal("1", decoded.Field("exit.is_error"));
        Assert.Equal("0x60000fffffbf3a50", decoded.Field("stack_pointer"));
        Assert.Equal("0xa000000000040721", decoded.Field("instruction_pointer"));
        Assert.Equal("0xc0000032", decoded.Field("arch"));
        Assert.Empty(decoded.Findings);
    }

    [Fact]
    public void AFrameOfEpcHasNoLocalsAndIsNotFlagged()
    {
        const string Epc =
            """
            cr.ifs = 0x8000000000000007  r15 = 0x40a  r10 = 0  r8 = 3  r12 = 0x60000fffffbf3a50
            r32 = 0x2000000800122590  r33 = 0xbad1fed1
            """;
        Decoded decoded = Decoding.Frame("ia64-epc", Epc);
        Assert.Equal("0x2000000800122590", Arguments(decoded)[0]);
        Assert.Equal("3", decoded.Field("exit.rval"));
        Assert.Equal("0", decoded.Field("exit.is_error"));
        Assert.Empty(decoded.Findings);
        Assert.Equal(Arguments(decoded), Arguments(Decoding.Frame("ia64-break", Epc)));
    }

    [Fact]
    public void AnUnnegatedErrnoIsFlagged()
    {
        Finding finding = Assert.Single(Decoding.Frame("ia64-break", Break + "\nexit.rval: 2\nexit.is_error: 1").Findings);
        Assert.Equal("syscall-frame-errno-sign", finding.Id);
        Assert.Empty(Decoding.Frame("ia64-break", Break + "\nexit.rval: -2\nexit.is_error: 1").Findings);
        Assert.Empty(Decoding.Frame("ia64-break", Break + "\nexit.rval: 2\nexit.is_error: 0").Findings);
    }

    [Fact]
    public void TheRegisterStackTakenForTheStackIsFlagged()
    {
        Finding finding = Assert.Single(Decoding.Frame("ia64-break", Break + "\nstack_pointer: 0x60000ffffff90050").Findings);
        Assert.Equal("syscall-frame-stack-pointer", finding.Id);
        Assert.Empty(Decoding.Frame("ia64-break", Break + "\nstack_pointer: 0x60000fffffbf3a50").Findings);
    }

    [Fact]
    public void ATracersViewIsComparedWithTheFrame()
    {
        const string Shifted = "\nargs[0]: 0x40a\nargs[1]: 0x2000000800122590\nargs[2]: 0xbad1fed1\n";
        const string Right = "\nargs[0]: 0x2000000800122590\nargs[1]: 0xbad1fed1\nargs[2]: 0xbad2fed2\n";
        Finding finding = Assert.Single(Decoding.Frame("ia64-break", Break + Shifted).Findings);
        Assert.Equal(Confidence.Certain, finding.Confidence);
        Assert.Contains(finding.Evidence, evidence => evidence.Text.Contains("cr.ifs counts 1 local", StringComparison.Ordinal));
        Assert.Empty(Decoding.Frame("ia64-break", Break + Right).Findings);
    }

    [Fact]
    public void NatSlotsOfTheBackingStoreAreSkipped()
    {
        // The third word lies at an address that ends in 0x1f8: it holds NaT bits, no register.
        const string Text = "krbs: 0xe0000001038001e8\nr15: 0x402\nkrbs[0]: 0x3\nkrbs[1]: 0x1000\nkrbs[2]: 0xdead\nkrbs[3]: 0x200\n";
        Assert.Equal(["0x3", "0x1000", "0x200"], Arguments(Decoding.Frame("ia64-epc", Text))[..3]);
    }

    [Fact]
    public void AFrameOfSyscallIsRead()
    {
        CrashReport report = Fixtures.Report("crash-reports/debian-6.1/null_write.txt");
        RegisterDump dump = RegisterDump.Of(report.UserFrame!, report.Values);
        SyscallView view = SyscallFrame.Read(dump, SyscallAbi.X64);
        Assert.Equal(("write", 1UL, -38L), (view.Name, view.Number!.Value, view.ReturnValue!.Value));
        Assert.Equal(1UL, view.Arguments[0]);
        Assert.Equal(report.UserFrame!["RSI"], view.Arguments[1]);
        Assert.Equal(report.UserFrame!["R10"], view.Arguments[3]);
        Assert.Equal(report.UserFrame!["RSP"], view.StackPointer);
        Assert.Empty(SyscallFrameCheck.Check(dump, SyscallAbi.X64));
        Finding finding = Assert.Single(SyscallFrameCheck.Check(dump, SyscallAbi.Int80));
        Assert.Equal("syscall-frame-wrong-abi", finding.Id);
        Assert.Contains("this is exit; as x86-64 it is write", finding.Observed);
    }

    [Fact]
    public void AFrameOfInt80IsReadInHalves()
    {
        const string Text =
            """
            RIP: 0033:0x401002
            Code: b8 01 00 00 00 cd 80 <48> 3d 00 f0 ff ff
            RSP: 002b:00007fffdeadbeef EFLAGS: 00000202 ORIG_RAX: 0000000000000004
            RAX: 000000000000000c RBX: ffffffff00000001 RCX: 0000000000402000
            RDX: 000000000000000c RSI: 0000000000000000 RDI: 0000000000000000
            """;
        Decoded decoded = Decoding.Frame("int80", Text);
        Assert.Contains("write", decoded.Title);
        Assert.Equal(["0x1", "0x402000", "0xc"], Arguments(decoded)[..3]);
        Assert.Equal("12", decoded.Field("exit.rval"));
        Assert.Equal("0x7fffdeadbeef", decoded.Field("stack_pointer"));
        Assert.Empty(decoded.Findings);
        Finding finding = Assert.Single(Decoding.Frame("x86-64", Text).Findings);
        Assert.Equal(Confidence.Certain, finding.Confidence);
        Assert.Contains("Read as x86-64, this is stat; as int80 it is write", finding.Observed);
    }

    [Fact]
    public void WhatADebuggerPrintsIsRead()
    {
        const string Text =
            """
            rax            0xffffffffffffffda  -38
            rdi            0xffffff9c          4294967196
            orig_rax       0x101               257
            """;
        Decoded decoded = Decoding.Frame("syscall", Text);
        Assert.Contains("openat", decoded.Title);
        Assert.Equal("0xffffff9c", Arguments(decoded)[0]);
        Assert.Equal("not in the dump", Arguments(decoded)[1]);
    }

    [Fact]
    public void AnAbiAndADumpAreNeeded()
    {
        DecodeKind kind = DecodeKinds.Find("syscall-frame")!;
        Assert.Contains("--abi", kind.Decode(new DecodeRequest { Text = Break }).Error);
        Assert.Contains("no ABI", kind.Decode(new DecodeRequest { Text = Break, Abi = "vax" }).Error);
        Assert.Contains("no registers", kind.Decode(new DecodeRequest { Text = "nothing here", Abi = "int80" }).Error);
    }
}
